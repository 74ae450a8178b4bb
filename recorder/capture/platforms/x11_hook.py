"""The hook: three connections that carry content, prompts and news of motion.

python-xlib connects, authenticates and creates the record context; from then on the
sockets are read here, without its locks and parsing.
"""

import contextlib
import select
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from recorder.capture.platforms import x11_wire as wire
from recorder.capture.platforms.x11_connection import DisplayName, connect
from recorder.core.ports import SourceLost, SourceUnavailable

if TYPE_CHECKING:
    import socket

    from Xlib.display import Display

_RECEIVE_BYTES: Final = 1 << 16
_OPEN_WITHIN_S: Final = 5.0


class Channel:
    """The socket of an X connection, cut into packets; never blocks."""

    def __init__(self, display: "Display") -> None:
        self._socket: socket.socket = display.display.socket
        self._socket.settimeout(0)
        self._cutter = wire.Cutter(bytes(display.display.data_recv[:]))

    def fileno(self) -> int:
        """Give the descriptor to wait on."""
        return self._socket.fileno()

    def send(self, request: bytes) -> None:
        """Send a request.

        Raises:
            SourceLost: The server went away, or takes nothing any more.
        """
        try:
            sent = self._socket.send(request)
        except OSError as cause:
            raise SourceLost("The X server went away") from cause
        if sent != len(request):
            raise SourceLost("The X server takes no requests any more")

    def receive(self) -> list[bytes]:
        """Give the packets that arrived, none when there are none.

        Raises:
            SourceLost: The server went away.
        """
        try:
            data = self._socket.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return []
        except OSError as cause:
            raise SourceLost("The X server went away") from cause
        if not data:
            raise SourceLost("The X server went away")
        return list(self._cutter.feed(data))

    def close(self) -> None:
        """Close the socket; the server frees what belongs to it."""
        with contextlib.suppress(OSError):
            self._socket.close()


@dataclass(frozen=True, slots=True)
class InputHook:
    """An installed hook.

    Attributes:
        content: Stream of RECORD replies.
        prompt: XI2 raw keys and buttons; takes round trips; tells the server's time.
        motion: XI2 raw motion, kept apart so that a fast pointer delays no click.
        window: Our own unmapped window, whose property tells the server's time.
        start_ms: Server time when recording began.
    """

    content: Channel
    prompt: Channel
    motion: Channel
    window: int
    start_ms: int

    def close(self) -> None:
        """Remove the hook."""
        for channel in (self.content, self.prompt, self.motion):
            channel.close()


def install(name: DisplayName) -> InputHook:
    """Install the hook.

    Raises:
        SourceUnavailable: No display, or an extension is missing or refuses.
    """
    displays: list[Display] = []
    try:
        displays.extend(connect(name) for _ in range(3))
        return _install(*displays)
    except BaseException:
        for display in displays:
            display.display.socket.close()
        raise


def _install(content: "Display", prompt: "Display", motion: "Display") -> InputHook:
    record_opcode = _opcode(content, "RECORD")
    input_opcode = _opcode(content, "XInputExtension")
    context = _create_context(prompt)
    root = prompt.screen().root
    window = root.create_window(0, 0, 1, 1, 0, 0, window_class=2, event_mask=1 << 22).id
    prompt.sync()
    hook = InputHook(Channel(content), Channel(prompt), Channel(motion), window, 0)
    hook.content.send(wire.enable_record(record_opcode, context))
    for channel, types in (
        (hook.prompt, wire.RAW_KEY_AND_BUTTON),
        (hook.motion, (wire.RAW_MOTION,)),
    ):
        channel.send(wire.query_xi2(input_opcode))
        channel.send(wire.select_raw(input_opcode, root.id, types))
    start_ms = wire.record_time_ms(_first_packet(hook.content))
    for channel in (hook.prompt, hook.motion):
        _first_packet(channel)
        channel.send(wire.ROUND_TRIP)
        _first_packet(channel)
    return InputHook(hook.content, hook.prompt, hook.motion, window, start_ms)


def _opcode(display: "Display", extension: str) -> int:
    found = display.query_extension(extension)
    if not found:
        raise SourceUnavailable(
            f"The X server lacks the {extension} extension", "enable it in the server's settings"
        )
    return int(found.major_opcode)


def _create_context(display: "Display") -> int:
    from Xlib.ext import record  # noqa: PLC0415 - importing this module needs no X library

    refusals: list[object] = []
    display.set_error_handler(lambda error, _request: refusals.append(error))
    nothing, no_extension = (0, 0), (0, 0, 0, 0)
    ranges = {
        "core_requests": nothing, "core_replies": nothing, "ext_requests": no_extension,
        "ext_replies": no_extension, "delivered_events": nothing,
        "device_events": (wire.KEY_PRESS, wire.MOTION), "errors": nothing,
        "client_started": False, "client_died": False,
    }  # fmt: skip
    context = display.record_create_context(0, [record.AllClients], [ranges])
    display.sync()
    if refusals:
        raise SourceUnavailable(
            "The X server refuses to record input", "allow the RECORD extension for this client"
        )
    return int(context)


def _first_packet(channel: Channel) -> bytes:
    """Wait for a reply; events that come before it tell nothing yet."""
    deadline = time.monotonic() + _OPEN_WITHIN_S
    while (left := deadline - time.monotonic()) > 0:
        select.select([channel], [], [], left)
        for packet in channel.receive():
            if wire.kind_of(packet) == wire.ERROR:
                raise SourceUnavailable(
                    "The X server refuses the input hook",
                    "allow the RECORD and XInput extensions for this client",
                )
            if wire.kind_of(packet) == wire.REPLY:
                return packet
    raise SourceUnavailable("The X server does not answer", "check that the desktop runs")
