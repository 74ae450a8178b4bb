"""Mouse and keyboard by pynput: the source on macOS and Windows, a choice on X11.

Known limits (measured on X11): stamps are callback times, late by up to a quarter of a
second; characters are wrong with CapsLock, AltGr and other groups.
"""

import contextlib
import os
import queue
import sys
import time
from typing import Any, Final

from recorder.capture.platforms.pynput_keys import KeyFollower
from recorder.capture.platforms.x11_connection import parse_display, require_display
from recorder.core.events import Button, RawEvent, RawKind
from recorder.core.ports import SourceLost, SourceUnavailable
from recorder.core.proofs import LiveGrant

MAX_QUEUED: Final = 8192
"""Events between pynput's threads and ours. Full: the newest is refused and counted."""
_READY_WITHIN_S: Final = 5.0
_POLL_S: Final = 0.01
_END_WITHIN_S: Final = 0.5
_ALIVE_NS: Final = 1_000_000_000
_BUTTONS: Final = {button.name.lower(): button for button in Button}


class PynputInputSource:
    """`InputSource` through pynput's two listener threads.

    Args:
        display: X11 display; ignored on macOS and Windows.
    """

    def __init__(self, display: str) -> None:
        self._display = display
        self._queue: queue.Queue[RawEvent] = queue.Queue(MAX_QUEUED)
        self._keys = KeyFollower()
        self._place = (0, 0)
        self._refused = 0
        self._listeners: list[Any] = []
        self._alive_ns = 0

    def open(self, grant: LiveGrant) -> None:
        """Start the listeners.

        Raises:
            SourceUnavailable: pynput is missing, or cannot install its hooks.
        """
        self.close()
        if sys.platform.startswith("linux"):
            name = parse_display(self._display)
            require_display(grant, name)
            os.environ["DISPLAY"] = name.xlib  # read by pynput; cannot lead to TCP
        mouse, keyboard = _import_pynput()
        self._listeners = [
            mouse.Listener(on_move=self._moved, on_click=self._clicked, on_scroll=self._scrolled),
            keyboard.Listener(on_press=self._pressed, on_release=self._released),
        ]
        for listener in self._listeners:
            listener.start()
        self._wait_ready()
        self._put(RawEvent(time.monotonic_ns(), RawKind.READY))

    def read(self, timeout_s: float) -> list[RawEvent]:
        """Give what arrived, in order of callbacks; empty at the time-out.

        Raises:
            SourceLost: A listener ended by itself, or the source is closed.
        """
        events = self._take(timeout_s)
        if not self._is_alive():
            raise SourceLost("The input listener ended by itself")
        now_ns = time.monotonic_ns()
        if self._refused:
            refused, self._refused = self._refused, 0
            events.append(RawEvent(now_ns, RawKind.OVERFLOW, count=refused))
        if now_ns - self._alive_ns >= _ALIVE_NS:
            self._alive_ns = now_ns
            events.append(RawEvent(now_ns, RawKind.ALIVE))
        return events

    def close(self) -> None:
        """Stop the listeners without waiting for them: pynput's stop waits for an event."""
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            if listener.is_alive() and _is_ready(listener):
                with contextlib.suppress(Exception):  # whatever the platform's library raises
                    listener.stop()
        if not all(listener.is_alive() for listener in listeners):
            for listener in listeners:
                _let_go(listener)

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN_S
        while not all(_is_ready(listener) for listener in self._listeners):
            if time.monotonic() > deadline or not self._is_alive():
                self.close()
                raise SourceUnavailable(
                    "The input hook cannot be installed",
                    "allow input monitoring for this program in the system's settings",
                )
            time.sleep(_POLL_S)

    def _is_alive(self) -> bool:
        return bool(self._listeners) and all(one.is_alive() for one in self._listeners)

    def _take(self, timeout_s: float) -> list[RawEvent]:
        events = []
        with contextlib.suppress(queue.Empty):
            events.append(self._queue.get(timeout=timeout_s))
            while True:
                events.append(self._queue.get_nowait())
        return events

    def _put(self, event: RawEvent) -> None:
        try:
            self._queue.put_nowait(event)
        except queue.Full:
            self._refused += 1

    def _moved(self, x: float, y: float, *_: object) -> None:
        self._point(RawKind.MOVE, (x, y))

    def _clicked(self, x: float, y: float, button: Any, pressed: bool, *_: object) -> None:  # noqa: ANN401, FBT001 - pynput's
        kind = RawKind.BUTTON_DOWN if pressed else RawKind.BUTTON_UP
        self._point(kind, (x, y), button=_BUTTONS.get(button.name, Button.UNKNOWN))

    def _scrolled(self, x: float, y: float, dx: float, dy: float, *_: object) -> None:
        self._point(RawKind.SCROLL, (x, y), dx=float(dx), dy=float(dy))

    def _pressed(self, key: object, *_: object) -> None:
        self._put(self._keys.press(key, time.monotonic_ns(), self._place))

    def _released(self, key: object, *_: object) -> None:
        self._put(self._keys.release(key, time.monotonic_ns(), self._place))

    def _point(
        self,
        kind: RawKind,
        place: tuple[float, float],
        button: Button = Button.NONE,
        dx: float = 0.0,
        dy: float = 0.0,
    ) -> None:
        now_ns = time.monotonic_ns()
        self._place = x, y = int(place[0]), int(place[1])
        self._put(RawEvent(now_ns, kind, x, y, button, dx, dy, mods=self._keys.mods))


def _import_pynput() -> tuple[Any, Any]:
    try:
        from pynput import keyboard, mouse  # noqa: PLC0415 - opens a display when imported
    except ImportError as cause:
        raise SourceUnavailable(
            "pynput is missing or cannot use this desktop",
            "pip install 'opt-in-recorder[pynput]', or use the default source",
        ) from cause
    return mouse, keyboard


def _is_ready(listener: Any) -> bool:  # noqa: ANN401 - pynput has no types
    return bool(listener._ready)  # noqa: SLF001 - its `wait` has no time-out


def _let_go(listener: Any) -> None:  # noqa: ANN401 - pynput has no types
    """Close what a listener leaves open when its X server is gone: its end stops half-way."""
    listener.join(_END_WITHIN_S)
    for name in ("_display_stop", "_display_record"):
        if (left := getattr(listener, name, None)) is not None:
            left.display.socket.close()
