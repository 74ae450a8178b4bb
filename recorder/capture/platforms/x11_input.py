"""Mouse and keyboard of an X11 display: RECORD for content, XI2 to make it prompt.

RECORD alone delivers in blocks (p50 132 ms, measured). XI2 raw events come at once but
carry no position, modifiers, group or repeats. So an XI2 wake-up causes one round
trip, which makes the server hand out what RECORD holds (p50 0.4 ms, measured).
"""

import select
import time
from typing import Final

from recorder.capture.platforms import x11_wire as wire
from recorder.capture.platforms.x11_clock import ServerClock
from recorder.capture.platforms.x11_connection import parse_display, require_display
from recorder.capture.platforms.x11_hook import InputHook, install
from recorder.capture.platforms.x11_keyboard import X11Keyboard
from recorder.capture.platforms.x11_missing import MissingEvents
from recorder.capture.platforms.x11_translate import Translator
from recorder.core.events import RawEvent, RawKind
from recorder.core.ports import SourceLost, SourceUnavailable
from recorder.core.proofs import LiveGrant

_MOTION_PAUSE_NS: Final = 12_000_000
"""News of motion is looked at this often; stamps come from the server, not from here."""
_HURRY_NS: Final = 2_000_000
"""After a round trip the content is on its way even while the pointer moves."""
_REPEAT_PAUSE_NS: Final = 30_000_000
"""Repeats of a held key are not announced by XI2; X repeats every 40 ms by default."""
_IDLE_PAUSE_NS: Final = 500_000_000
"""Pointer warps are not announced either."""
_ALIVE_NS: Final = 1_000_000_000
_STALLED_NS: Final = 250_000_000
"""Nobody read for so long: what is announced may still wait in the other socket."""
_SILENT_NS: Final = 5_000_000_000
"""A server that answers no round trip for so long counts as lost."""


class X11InputSource:
    """`InputSource` of an X11 display, by its unix socket."""

    def __init__(self, display: str) -> None:
        self._name = parse_display(display)
        self._running: _Running | None = None

    def open(self, grant: LiveGrant) -> None:
        """Install the hook.

        Raises:
            SourceUnavailable: No display, a missing extension, or a demonstration's
                grant for another display.
        """
        require_display(grant, self._name)
        self.close()
        keyboard = X11Keyboard(self._name)
        hook = install(self._name)
        try:
            keyboard.load()
        except SourceLost as cause:
            hook.close()
            raise SourceUnavailable(cause.message, "check that the desktop runs") from cause
        self._running = _Running(hook, keyboard)

    def read(self, timeout_s: float) -> list[RawEvent]:
        """Give what arrived, in order of time; empty at the time-out.

        Raises:
            SourceLost: The display server went away, or the source is closed.
        """
        if self._running is None:
            raise SourceLost("The input hook is closed")
        return self._running.read(timeout_s)

    def close(self) -> None:
        """Remove the hook; never raises, may be called twice."""
        running, self._running = self._running, None
        if running is not None:
            running.close()


class _Running:
    """The installed hook with what it has learned of clock, map and held keys."""

    def __init__(self, hook: InputHook, keyboard: X11Keyboard) -> None:
        now_ns = time.monotonic_ns()
        self._hook = hook
        self._keyboard = keyboard
        self._keyboard_is_old = False
        self._translator = Translator(keyboard)
        self._missing = MissingEvents()
        self._down: set[tuple[bool, int]] = set()
        self._clock = ServerClock()
        self._clock.sample(hook.start_ms, now_ns)
        self._trip_wanted = False
        self._trip_sent_ns = 0
        self._last_trip_ns = now_ns
        self._motion_seen_ns = 0
        self._waited_ns = now_ns
        self._hurry_ns = 0
        self._alive_ns = now_ns
        self._ready: list[RawEvent] = [RawEvent(now_ns, RawKind.READY)]
        hook.prompt.send(wire.touch_property(hook.window))

    def read(self, timeout_s: float) -> list[RawEvent]:
        deadline_ns = time.monotonic_ns() + int(timeout_s * 1e9)
        while True:
            events, self._ready = self._ready, []
            now_ns = time.monotonic_ns()
            events += self._due(now_ns)
            if events or now_ns >= deadline_ns:
                return events
            self._wait(now_ns, deadline_ns)

    def close(self) -> None:
        self._hook.close()
        self._keyboard.close()

    def _wait(self, now_ns: int, deadline_ns: int) -> None:
        """Wait for the server or the next duty and take in what came."""
        if now_ns - self._waited_ns > _STALLED_NS:
            self._missing.restart(now_ns)
        hook = self._hook
        watched = [hook.prompt]
        wake_ns = min(deadline_ns, self._alive_ns + _ALIVE_NS, self._last_trip_ns + self._pause_ns)
        motion_ns = self._motion_seen_ns + _MOTION_PAUSE_NS
        if now_ns >= motion_ns:
            watched += [hook.content, hook.motion]
        else:
            wake_ns = min(wake_ns, motion_ns)
            watched += [hook.content] if self._trip_sent_ns or now_ns < self._hurry_ns else []
        ready, _, _ = select.select(watched, [], [], max(wake_ns - now_ns, 0) / 1e9)
        if hook.motion in ready:
            self._take_motion()
        if hook.prompt in ready:
            self._take_prompts()
        if hook.content in ready:
            self._take_content()
        self._make_prompt()
        self._waited_ns = time.monotonic_ns()

    @property
    def _pause_ns(self) -> int:
        return _REPEAT_PAUSE_NS if self._translator.holds_keys else _IDLE_PAUSE_NS

    def _take_motion(self) -> None:
        self._hook.motion.receive()
        self._motion_seen_ns = time.monotonic_ns()
        self._trip_wanted = True

    def _take_prompts(self) -> None:
        packets = self._hook.prompt.receive()
        now_ns = time.monotonic_ns()
        for packet in packets:
            kind = wire.kind_of(packet)
            if kind == wire.GENERIC_EVENT:
                self._announce(packet, now_ns)
            elif kind == wire.REPLY:
                self._trip_sent_ns = 0
                self._hurry_ns = now_ns + _HURRY_NS
            elif kind == wire.PROPERTY_NOTIFY:
                self._clock.sample(wire.property_time_ms(packet), now_ns)

    def _announce(self, packet: bytes, now_ns: int) -> None:
        """Count a change; a second release or press of the same key is no event."""
        self._trip_wanted = True
        kind, detail = wire.raw_detail(packet)
        is_key = kind < wire.RAW_BUTTON_PRESS
        is_press = kind in (wire.RAW_KEY_PRESS, wire.RAW_BUTTON_PRESS)
        if is_press == ((is_key, detail) in self._down):
            return
        (self._down.add if is_press else self._down.discard)((is_key, detail))
        self._missing.announced(now_ns)

    def _take_content(self) -> None:
        packets = self._hook.content.receive()
        now_ns = time.monotonic_ns()
        for packet in packets:
            kind = wire.kind_of(packet)
            if kind == wire.REPLY:
                self._take_recorded(packet, now_ns)
            elif kind == wire.MAPPING_NOTIFY and packet[4] != wire.MAPPING_POINTER:
                self._keyboard_is_old = True
        if self._keyboard_is_old:
            self._reload_keyboard(now_ns)

    def _take_recorded(self, packet: bytes, now_ns: int) -> None:
        events = wire.recorded(packet)
        if events:
            self._clock.sample(events[-1].time_ms, now_ns)
        for core in events:
            t_ns = self._clock.stamp(core.time_ms)
            if core.kind in (wire.KEY_PRESS, wire.KEY_RELEASE) and self._keyboard_is_old:
                self._reload_keyboard(t_ns)
            event = self._translator.translate(core, t_ns)
            if core.kind != wire.MOTION and not (event and event.is_repeat):
                self._missing.delivered(now_ns)
            if event is not None:
                self._ready.append(event)

    def _reload_keyboard(self, t_ns: int) -> None:
        self._keyboard_is_old = False
        self._keyboard.load()
        self._ready.append(RawEvent(t_ns, RawKind.MAPPING))

    def _make_prompt(self) -> None:
        """Send one round trip, never two at a time."""
        now_ns = time.monotonic_ns()
        if self._trip_sent_ns:
            if now_ns - self._trip_sent_ns > _SILENT_NS:
                raise SourceLost("The X server does not answer any more")
            return
        if self._trip_wanted or now_ns - self._last_trip_ns >= self._pause_ns:
            self._hook.prompt.send(wire.ROUND_TRIP)
            self._trip_wanted = False
            self._trip_sent_ns = self._last_trip_ns = now_ns

    def _due(self, now_ns: int) -> list[RawEvent]:
        """Give the sign of life once a second, and what went missing."""
        if now_ns - self._alive_ns < _ALIVE_NS:
            return []
        self._alive_ns = now_ns
        self._hook.prompt.send(wire.touch_property(self._hook.window))
        missing = self._missing.overdue(now_ns)
        gap = [RawEvent(now_ns, RawKind.GAP, count=missing)] if missing else []
        return [*gap, RawEvent(now_ns, RawKind.ALIVE)]
