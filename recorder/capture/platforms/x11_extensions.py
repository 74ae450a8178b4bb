"""Which extensions an X server offers, asked without opening any of them."""

from recorder.capture.platforms.x11_connection import connect, parse_display


def extensions(display: str) -> frozenset[str]:
    """Give the names of the server's extensions, as the server spells them.

    Raises:
        SourceUnavailable: There is no display.
    """
    connection = connect(parse_display(display))
    try:
        return frozenset(connection.list_extensions())
    finally:
        connection.close()
