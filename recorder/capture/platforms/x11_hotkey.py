"""A key combination that pauses, wherever the focus is: a passive grab on the root window.

The server sends this one combination and nothing else; no other key can be seen through it.
"""

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable
from functools import reduce
from itertools import chain, combinations
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.x11_connection import connect, parse_display, went_away
from recorder.capture.platforms.x11_keysyms import keysym_of
from recorder.core.hotkeys import Hotkey

if TYPE_CHECKING:
    from Xlib.display import Display

_RETRY_S: Final = 5.0
"""While another program has the combination, it is asked for so often."""
_REMAP_S: Final = 0.1
"""Programs that set a layout change the map key by key; it is read once for many changes."""
_JOIN_S: Final = 0.5
"""A server that hangs keeps the thread; it ends with the process then."""
_SYMBOLS: Final[dict[str, tuple[int, ...]]] = {
    "alt": (0xFFE9, 0xFFEA), "super": (0xFFEB, 0xFFEC), "num_lock": (0xFF7F,),
    "scroll_lock": (0xFF14,),
}  # fmt: skip
"""Keys whose modifier differs from map to map."""


class X11Hotkey:
    """`agent.hotkey.Hotkey` on X11. `trouble` says why it does not work, "" when it does.

    Args:
        display: As `DISPLAY` has it; without a host.
        wanted: The combination.
        pressed: Told when it was pressed, monotonic nanoseconds, from a thread of its own.

    Raises:
        SourceUnavailable: There is no display.
    """

    def __init__(self, display: str, wanted: Hotkey, pressed: Callable[[int], None]) -> None:
        self._wanted = wanted
        self._pressed = pressed
        self._connection: Display = connect(parse_display(display))
        self._connection.set_error_handler(_ignore_error)
        self._held: list[tuple[int, int]] = []
        self._closing = self._is_remapped = False
        self._remapped_s = 0.0
        self.trouble = self._first_grab(display)
        self._wake, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="hotkey", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Let the combination go; never raises, may be called twice."""
        self._closing = True
        with contextlib.suppress(OSError):  # it has ended already
            self._wake.send(b"x")
        self._thread.join(_JOIN_S)

    def _first_grab(self, display: str) -> str:
        from Xlib.error import ConnectionClosedError, XError  # noqa: PLC0415 - no X library needed

        try:
            return self._grab()
        except (ConnectionClosedError, XError, OSError) as cause:
            raise went_away(parse_display(display)) from cause

    def _run(self) -> None:
        from Xlib.error import ConnectionClosedError, XError  # noqa: PLC0415 - no X library needed

        try:
            while not self._closing:
                wait_s = self._turn(time.monotonic())
                watched = [self._connection.display.socket, self._woken]
                ready, _, _ = select.select(watched, [], [], wait_s)
                if not ready and wait_s == _RETRY_S:
                    self.trouble = self._grab()
            self._connection.close()
        except (ConnectionClosedError, XError, OSError):
            self.trouble = "hotkey_lost"
        finally:
            self._wake.close()
            self._woken.close()

    def _turn(self, now_s: float) -> float | None:
        """Take what came; gives how long there is to wait, None for the next event."""
        for _ in range(self._connection.pending_events()):
            match type(self._connection.next_event()).__name__:
                case "KeyPress":
                    self._pressed(time.monotonic_ns())
                case "MappingNotify":
                    self._is_remapped = True
        if self._is_remapped and now_s - self._remapped_s >= _REMAP_S:
            self._is_remapped, self._remapped_s = False, now_s
            self._read_map()
            self.trouble = self._grab()
        if self._connection.pending_events():
            return 0.0
        if self._is_remapped:
            return max(self._remapped_s + _REMAP_S - now_s, 0.0)
        return _RETRY_S if self.trouble else None

    def _read_map(self) -> None:
        """Take the news that keys mean something else now: all of them, once for many changes."""
        from Xlib.protocol.event import MappingNotify  # noqa: PLC0415 - no X library needed
        from Xlib.X import MappingKeyboard  # noqa: PLC0415 - as above

        info = self._connection.display.info
        count = info.max_keycode - info.min_keycode + 1
        self._connection.refresh_keyboard_mapping(
            MappingNotify(
                request=MappingKeyboard, first_keycode=info.min_keycode, count=count,
                sequence_number=0,
            )
        )  # fmt: skip

    def _grab(self) -> str:
        """Ask for the combination under every state of the lock keys; gives what is wrong."""
        from Xlib.error import BadAccess, CatchError  # noqa: PLC0415 - as above
        from Xlib.X import GrabModeAsync  # noqa: PLC0415 - as above

        wanted = self._combinations()
        if wanted and wanted == self._held:
            return ""  # letting it go and taking it again might miss a press
        self._let_go()
        if not wanted:
            return "hotkey_no_key"
        root, refused = self._connection.screen().root, CatchError(BadAccess)
        for code, mask in wanted:
            root.grab_key(code, mask, False, GrabModeAsync, GrabModeAsync, onerror=refused)  # noqa: FBT003 - owner_events
        self._held = wanted
        self._connection.sync()
        if refused.get_error() is None:
            return ""
        self._let_go()
        return "hotkey_taken"

    def _let_go(self) -> None:
        held, self._held = self._held, []
        for code, mask in held:
            self._connection.screen().root.ungrab_key(code, mask)
        self._connection.sync()

    def _combinations(self) -> list[tuple[int, int]]:
        """Give (key code, state) pairs; none when the keyboard has no such key."""
        keysym = keysym_of(self._wanted.key)
        found = self._connection.keysym_to_keycodes(keysym) if keysym else ()
        codes = sorted({code for code, column in found if column % 2 == 0})
        masks = self._masks()
        if not codes or not all(masks.get(name) for name in self._wanted.modifiers):
            return []
        plain = reduce(or_, (masks[name] for name in self._wanted.modifiers))
        locks = [masks[name] for name in ("caps_lock", "num_lock", "scroll_lock") if masks[name]]
        subsets = chain.from_iterable(combinations(locks, n) for n in range(len(locks) + 1))
        states = sorted({reduce(or_, subset, plain) for subset in subsets})
        return [(code, state) for code in codes for state in states]

    def _masks(self) -> dict[str, int]:
        """Give the bit of each modifier, 0 for one that no key sets."""
        from Xlib import X  # noqa: PLC0415 - as above

        rows: Any = self._connection.get_modifier_mapping()
        found = {"shift": X.ShiftMask, "ctrl": X.ControlMask, "caps_lock": X.LockMask}
        for name, keysyms in _SYMBOLS.items():
            codes = {c for k in keysyms for c, _ in self._connection.keysym_to_keycodes(k)}
            found[name] = next(
                (1 << n for n in range(X.Mod1MapIndex, X.Mod5MapIndex + 1) if codes & set(rows[n])),
                0,
            )
        return found


def _ignore_error(_error: object, _request: object) -> int:
    return 1
