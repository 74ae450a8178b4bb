"""The door of capture: raw events in, events in scope out, a delay line between.

Content waits until news of a closing gate had time to arrive. Keys go out only if the
gate was open then, and stayed open shortly after. Pure: time is passed in.
"""

from collections import Counter, deque
from typing import Final

from recorder.capture.actions import ActionStarts
from recorder.capture.judge import KINDS, LOSSES, Judge, is_visible, key_place
from recorder.capture.timeline import RETRO_NS, Timeline
from recorder.core.events import KEY_KINDS, RawEvent, RawKind
from recorder.core.levels import KeyboardLevel, Levels, PointerLevel, TargetsLevel
from recorder.core.losses import Loss
from recorder.core.scenes import Gate
from recorder.core.scoped import ScopedEvent
from recorder.core.screen_messages import ActionBegan
from recorder.core.targets import Target

HOLD_NS: Final = RETRO_NS + 50_000_000
"""The retroactive time, and a margin for scenes that are on their way to us."""
FRAME_WAIT_NS: Final = 1_000_000_000
MAX_PENDING: Final = 20_000
"""Ten times what a 1 kHz pointer brings in the longest wait. Full: the newest is refused."""

_MOST_AIMED: Final = 64
"""Elements that are asked for at one time; the oldest question is given up."""


class _Pending:
    """An event in the delay line, and the frame of the action that it begins."""

    __slots__ = ("action_id", "event", "frame_id", "target")

    def __init__(self, event: RawEvent) -> None:
        self.event = event
        self.action_id: int | None = None
        """Of an action whose frame is awaited."""
        self.frame_id: int | None = None
        self.target: Target | None = None


class Intake:
    """Applies the grant's levels, scope and gate; one per episode.

    Scenes are added to the timeline before `release` is called for their time.

    Args:
        levels: The grant's.
        timeline: Scenes, added by the owner.
    """

    def __init__(self, levels: Levels, timeline: Timeline) -> None:
        self._levels = levels
        self._timeline = timeline
        self._judge = Judge(levels, timeline)
        self._actions = ActionStarts()
        self._pending: deque[_Pending] = deque()
        self._awaited: dict[int, _Pending] = {}
        self._aimed: dict[int, _Pending] = {}
        self._next_action = 0

    def feed(self, event: RawEvent) -> ActionBegan | None:
        """Take an event as it arrives; gives the action that it begins, if it does."""
        if event.kind not in KINDS and event.kind not in LOSSES:
            return None
        if len(self._pending) >= MAX_PENDING:
            self._judge.refuse(event)
            return None
        pending = _Pending(event)
        self._pending.append(pending)
        place = self._action_place(event)
        if place is None:
            return None
        pending.action_id = self._next_action
        self._next_action += 1
        self._awaited[pending.action_id] = pending
        if self._levels.targets is TargetsLevel.ON:
            self._aimed[pending.action_id] = pending
            if len(self._aimed) > _MOST_AIMED:
                del self._aimed[next(iter(self._aimed))]
        return ActionBegan(
            pending.action_id, event.t_ns, *place, by_key=event.kind is RawKind.KEY_DOWN
        )

    def bind(self, action_id: int, frame_id: int | None) -> None:
        """Take the frame in force before an action; None or negative: there is none."""
        pending = self._awaited.pop(action_id, None)
        if pending is not None:
            pending.action_id = None
            pending.frame_id = None if frame_id is None or frame_id < 0 else frame_id

    def hit(self, action_id: int, target: Target | None) -> None:
        """Take the element under an action; what comes after its row went out is too late."""
        pending = self._aimed.pop(action_id, None)
        if pending is not None:
            pending.target = target

    def release(self, now_ns: int) -> list[ScopedEvent]:
        """Give what is old enough, in order of time; waits 1 s at most for a frame."""
        until_ns = now_ns - HOLD_NS
        while self._pending and self._pending[0].event.t_ns <= until_ns:
            head = self._pending[0]
            if head.action_id is not None and now_ns - head.event.t_ns < FRAME_WAIT_NS:
                until_ns = head.event.t_ns - 1
                break
            self._pending.popleft()
            self._decide(head)
        self._judge.advance(until_ns)
        self._timeline.forget_before(until_ns)
        return self._judge.take()

    def drain(self, t_gate_ns: int) -> list[ScopedEvent]:
        """Give the rest up to the instant the gate shut; what is later is dropped.

        Keys younger than the retroactive time are dropped too: news that would have
        closed the gate can no longer come. Everything held is released.
        """
        self._drain(t_gate_ns)
        return self._judge.take()

    def interrupt(self, t_gate_ns: int) -> list[ScopedEvent]:
        """Give the rest as `drain` does; what was seen before never holds again."""
        self._drain(t_gate_ns)
        self._timeline.interrupt()
        return self._judge.take()

    @property
    def is_waiting(self) -> bool:
        """Whether an event is in the delay line."""
        return bool(self._pending)

    def take_losses(self) -> Counter[Loss]:
        """Give what was lost on its way to us since the last call, by reason."""
        return self._judge.take_losses()

    def _drain(self, t_gate_ns: int) -> None:
        while self._pending:
            head = self._pending.popleft()
            is_key = KINDS.get(head.event.kind) in KEY_KINDS
            if head.event.t_ns <= t_gate_ns - (RETRO_NS if is_key else 0):
                self._decide(head)
        self._awaited.clear()
        self._aimed.clear()
        self._judge.shut(t_gate_ns)

    def _decide(self, pending: _Pending) -> None:
        if pending.action_id is not None:
            self._awaited.pop(pending.action_id, None)
        self._judge.judge(pending.event, pending.frame_id, pending.target)

    def _action_place(self, event: RawEvent) -> tuple[int, int] | None:
        """Give where an action begins, None when none begins or it is out of scope."""
        view = self._timeline.newest
        if view.scene is None or view.gate is not Gate.OPEN:
            return None
        is_key = event.kind is RawKind.KEY_DOWN
        level = self._levels.keyboard if is_key else self._levels.pointer
        if level in (KeyboardLevel.OFF, PointerLevel.OFF):
            return None
        if not is_key and not is_visible(event, view):
            return None
        if not self._actions.begins(event, (view.scene.focus, view.scene.field_id)):
            return None
        return key_place(event, view) if is_key else (event.x, event.y)
