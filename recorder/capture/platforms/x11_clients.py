"""Who holds an input hook on an X display, by process; asked of the server (XRes 1.2)."""

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from recorder.capture.platforms.x11_connection import connect, parse_display
from recorder.core.ports import SourceUnavailable

if TYPE_CHECKING:
    from Xlib.display import Display

_LOCAL_CLIENT_PID: Final = 2
_FIELDS: Final = {
    "RecordContext": "record_contexts",
    "INPUTCLIENT": "input_selections",
    "PASSIVEGRAB": "grabs",
}
"""Names of resource types in the Xorg server (`RegisterResourceName`)."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a process holds on the server.

    Attributes:
        record_contexts: RECORD contexts: it may see every key and click.
        input_selections: XI2 selections, toolkits' own windows included.
        grabs: Passive grabs of keys and buttons.
    """

    record_contexts: int = 0
    input_selections: int = 0
    grabs: int = 0

    @property
    def is_listening(self) -> bool:
        """Whether the process can hear input."""
        return bool(self.record_contexts or self.input_selections)


def hooks_by_pid(display: str) -> dict[int, Hooks]:
    """Give what each local client process holds; processes with nothing are there too.

    Raises:
        SourceUnavailable: No display, or a server without XRes 1.2.
    """
    connection = connect(parse_display(display))
    try:
        return _hooks(connection)
    finally:
        with contextlib.suppress(OSError):
            connection.display.socket.close()


def _hooks(display: "Display") -> dict[int, Hooks]:
    from Xlib import error  # noqa: PLC0415 - importing this module needs no X library

    if not display.query_extension("X-Resource"):
        raise SourceUnavailable("The X server lacks XRes", "enable the X-Resource extension")
    display.res_query_version()
    found: dict[int, Hooks] = {}
    for client in display.res_query_clients().clients:
        with contextlib.suppress(error.XError):  # a client that left in between
            pid = pid_of(display, client.resource_base)
            if pid is not None:
                held = found.get(pid, Hooks())
                found[pid] = _add(display, client.resource_base, held)
    return found


def pid_of(display: "Display", client: int) -> int | None:
    """Give the process of an X client by any of its resources, None for the server's own.

    Raises:
        XError: The client has gone.
    """
    spec = {"client": client, "mask": _LOCAL_CLIENT_PID}
    answer = display.res_query_client_ids([spec])
    if client == 0:
        return None  # the server itself; 0 asks for everybody
    return next((int(value) for item in answer.ids for value in item.value), None)


def _add(display: "Display", client: int, held: Hooks) -> Hooks:
    for kind in display.res_query_client_resources(client).types:
        field = _FIELDS.get(str(display.get_atom_name(kind.resource_type)))
        if field is not None:
            held = replace(held, **{field: getattr(held, field) + int(kind.count)})
    return held
