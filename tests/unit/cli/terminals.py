"""Stands in for a terminal: keeps what is written to it."""

import io


class FakeTerminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True
