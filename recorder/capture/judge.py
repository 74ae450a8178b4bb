"""Decides on each event in order of time: out, or left out; and tells gate changes. Pure."""

from collections import Counter
from dataclasses import replace
from typing import Final

from recorder.capture.aimed import aimed
from recorder.capture.held import Held
from recorder.capture.left_out import LeftOut
from recorder.capture.timeline import Timeline, View
from recorder.core.events import KEY_KINDS, Button, EventRow, Kind, RawEvent, RawKind
from recorder.core.geometry import monitor_at
from recorder.core.levels import KeyboardLevel, Levels, PointerLevel
from recorder.core.losses import Loss
from recorder.core.scenes import Field, Gate, Paint
from recorder.core.scoped import ScopedEvent
from recorder.core.targets import Target

KINDS: Final = {
    RawKind.MOVE: Kind.MOVE,
    RawKind.BUTTON_DOWN: Kind.BUTTON_DOWN,
    RawKind.BUTTON_UP: Kind.BUTTON_UP,
    RawKind.SCROLL: Kind.SCROLL,
    RawKind.KEY_DOWN: Kind.KEY_DOWN,
    RawKind.KEY_UP: Kind.KEY_UP,
}
LOSSES: Final = {RawKind.GAP: Loss.PLATFORM, RawKind.OVERFLOW: Loss.QUEUE_FULL}
_BEGIN: Final = {Gate.SECURE: Kind.SECURE_BEGIN, Gate.EXCLUDED: Kind.EXCLUDED_BEGIN}
_END: Final = {Gate.SECURE: Kind.SECURE_END, Gate.EXCLUDED: Kind.EXCLUDED_END}


class Judge:
    """Applies levels, scope and gate to one event after the other.

    Args:
        levels: The grant's.
        timeline: Scenes, added by the owner before their time is judged.
    """

    def __init__(self, levels: Levels, timeline: Timeline) -> None:
        self._levels = levels
        self._timeline = timeline
        self._held = Held()
        self._hidden = LeftOut()
        self._behind_gate = LeftOut()
        self._refused = LeftOut()
        self._lost: Counter[Loss] = Counter()
        self._gate = Gate.OPEN
        self._reached_ns = -(2**63)
        self._out: list[ScopedEvent] = []
        self._out_ns = self._reached_ns

    def take(self) -> list[ScopedEvent]:
        """Give what went out since the last call, in order of time."""
        out, self._out = self._out, []
        return out

    def take_losses(self) -> Counter[Loss]:
        """Give what was lost since the last call; never how much behind a closed gate."""
        lost, self._lost = self._lost, Counter()
        return lost

    def judge(self, event: RawEvent, frame_id: int | None, target: Target | None = None) -> None:
        """Let an event through, or leave it out; with the frame and element of its action."""
        self.advance(event.t_ns)
        self._tell(self._refused.take_at(event.t_ns), event.t_ns, Loss.QUEUE_FULL.value)
        view = self._view(event.t_ns)
        if event.kind in LOSSES:
            self._lose(event, view)
        elif KINDS[event.kind] in KEY_KINDS:
            self._judge_key(event, view, frame_id, target)
        elif self._levels.pointer is not PointerLevel.OFF:
            self._judge_pointer(event, view, frame_id, target)

    def advance(self, until_ns: int) -> None:
        """Tell the gate's changes up to an instant."""
        if until_ns <= self._reached_ns:
            return
        for t_ns, gate in self._timeline.gates(self._reached_ns, until_ns):
            self._change_gate(t_ns, gate)
        self._reached_ns = until_ns
        view = self._timeline.at(until_ns)
        if view.scene is not None:
            self._change_gate(until_ns, view.gate)

    def shut(self, t_ns: int) -> None:
        """End everything at an instant: capture ends there for now."""
        self.advance(t_ns)
        self._emit_all(self._held.release_all(t_ns))
        self._change_gate(t_ns, Gate.OPEN)
        self._tell(self._hidden.take(), t_ns, Gate.EXCLUDED.value)
        self._tell(self._refused.take(), t_ns, Loss.QUEUE_FULL.value)

    def refuse(self, event: RawEvent) -> None:
        """Count an event for which there was no room; keys are never counted."""
        if KINDS.get(event.kind) not in KEY_KINDS:
            self._refused.add()
            self._lost[Loss.QUEUE_FULL] += 1

    def _view(self, t_ns: int) -> View:
        """Give what was known; a late event counts as closed once a closing was told."""
        view = self._timeline.at(t_ns)
        if self._gate is Gate.OPEN or view.gate is not Gate.OPEN:
            return view
        return replace(view, gate=self._gate, key_gate=self._gate)

    def _judge_key(
        self, event: RawEvent, view: View, frame_id: int | None, target: Target | None
    ) -> None:
        if self._levels.keyboard is KeyboardLevel.OFF or view.key_gate is not Gate.OPEN:
            return
        if event.kind is RawKind.KEY_UP:
            released = self._held.release_key(event, event.t_ns)
            self._emit_all([] if released is None else [released])
            return
        if event.is_repeat and not self._held.holds_key(event):
            return
        if not event.is_repeat and (stuck := self._held.release_key(event, event.t_ns)):
            self._emit(stuck)
        pressed = self._scoped_key(event, view, frame_id)
        self._held.press_key(event, pressed)
        self._emit(replace(pressed, row=aimed(pressed.row, target, view)))

    def _scoped_key(self, event: RawEvent, view: View, frame_id: int | None) -> ScopedEvent:
        place = key_place(event, view)
        row = EventRow(
            event.t_ns, KINDS[event.kind], monitor_id=_monitor_id(view, *place),
            mods=int(event.mods), is_repeat=event.is_repeat, frame_id=frame_id,
            window_seq=view.window_seq,
        )  # fmt: skip
        is_plain = view.field is Field.PLAIN
        return ScopedEvent(
            row, event.char, event.key, event.keycode,
            level=self._levels.keyboard if is_plain else KeyboardLevel.CLASS,
            field=view.field, field_id=view.scene.field_id if view.scene else 0,
        )  # fmt: skip

    def _judge_pointer(
        self, event: RawEvent, view: View, frame_id: int | None, target: Target | None
    ) -> None:
        name = event.button.name.lower() if event.button is not Button.NONE else None
        if not is_visible(event, view):
            self._leave_out(event, name, view)
            return
        if event.kind is RawKind.MOVE and self._levels.pointer is PointerLevel.CLICKS:
            return
        row = EventRow(
            event.t_ns, KINDS[event.kind], event.x, event.y,
            monitor_id=_monitor_id(view, event.x, event.y), button=name, frame_id=frame_id,
            dx=event.dx if event.kind is RawKind.SCROLL else None,
            dy=event.dy if event.kind is RawKind.SCROLL else None,
            mods=None if self._levels.keyboard is KeyboardLevel.OFF else int(event.mods),
            window_seq=view.window_seq,
        )  # fmt: skip
        self._held.moved(row)
        if event.kind is RawKind.BUTTON_DOWN:
            self._held.press_button(row)
        elif event.kind is RawKind.BUTTON_UP and not self._held.release_button(
            name or "", event.t_ns
        ):
            self._hidden.add()
            return
        self._emit(ScopedEvent(aimed(row, target, view)))

    def _leave_out(self, event: RawEvent, button: str | None, view: View) -> None:
        """Count a pointer event out of scope; a held button is let go where it was seen."""
        if view.gate is not Gate.OPEN:
            self._behind_gate.add()
            return
        released = None
        if event.kind is RawKind.BUTTON_UP and button is not None:
            released = self._held.release_button(button, event.t_ns)
        if released is not None:
            self._emit(ScopedEvent(released))
            return
        self._hidden.add()
        self._tell(self._hidden.take_at(event.t_ns), event.t_ns, Gate.EXCLUDED.value)

    def _tell(self, count: int | None, t_ns: int, reason: str) -> None:
        if count:
            self._emit(ScopedEvent(EventRow(t_ns, Kind.GAP, reason=reason, count=count)))

    def _lose(self, event: RawEvent, view: View) -> None:
        """Tell a loss; how much was lost behind a closed gate would count keys."""
        self._emit_all(self._held.release_all(event.t_ns))
        reason = LOSSES[event.kind]
        count = event.count if view.key_gate is Gate.OPEN else None
        self._lost[reason] += count or 0
        self._emit(ScopedEvent(EventRow(event.t_ns, Kind.GAP, reason=reason.value, count=count)))

    def _change_gate(self, t_ns: int, gate: Gate) -> None:
        if gate is self._gate:
            return
        before, self._gate = self._gate, gate
        if before in _END:
            count = self._behind_gate.take()
            row = EventRow(t_ns, _END[before], reason=before.value, count=count)
            self._emit(ScopedEvent(row))
        if gate in _BEGIN:
            self._emit_all(self._held.release_all(t_ns))
            self._emit(ScopedEvent(EventRow(t_ns, _BEGIN[gate], reason=gate.value)))

    def _emit_all(self, events: list[ScopedEvent]) -> None:
        for event in events:
            self._emit(event)

    def _emit(self, event: ScopedEvent) -> None:
        if self._out_ns > event.row.t_ns:
            event = replace(event, row=replace(event.row, t_ns=self._out_ns))
        self._out_ns = event.row.t_ns
        self._out.append(event)


def is_visible(event: RawEvent, view: View) -> bool:
    """Tell whether the pointer is over a window in scope and the gate is open."""
    if view.scene is None or view.gate is not Gate.OPEN:
        return False
    window = view.scene.window_at(event.x, event.y)
    return window is not None and window.paint is not Paint.HIDE


def key_place(event: RawEvent, view: View) -> tuple[int, int]:
    """Give where a key acts: the middle of the focused window, else the pointer."""
    window = view.scene.focused if view.scene else None
    if window is None:
        return event.x, event.y
    return window.rect.x + window.rect.w // 2, window.rect.y + window.rect.h // 2


def _monitor_id(view: View, x: int, y: int) -> int | None:
    monitor = monitor_at(view.scene.monitors, x, y) if view.scene else None
    return None if monitor is None else monitor.monitor_id
