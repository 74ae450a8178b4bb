"""Which grabs to make when, and which of them are kept for what. Pure; times are passed in.

All times are absolute monotonic nanoseconds.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final

from recorder.core.frames import Trigger

BUSY_NS: Final = 125_000_000
"""Shortest time between grabs while the person acts: 8 a second."""
CALM_NS: Final = 500_000_000
"""Shortest time between grabs otherwise: 2 a second."""
ACTIVE_NS: Final = 2_000_000_000
"""How long after input the person counts as acting."""
SETTLED_NS: Final = 500_000_000
"""A screen that stays the same for this long has settled."""
SETTLE_BY_NS: Final = 3_000_000_000
"""The settled frame is taken at the latest so long after the action."""
INTERVAL_NS: Final = 30_000_000_000
"""One frame is kept at least this often while the person acts."""
REUSE_NS: Final = 150_000_000
"""A kept frame serves every action that begins so soon after it: nobody acts on what
appeared less than 0.15 s ago (simple reaction time: R. Luce, "Response Times", 1986)."""
CANDIDATES: Final = 3
"""Grabs remembered per monitor; news of an action may come two grabs late."""
_CHANGES: Final = 256


@dataclass(frozen=True, slots=True)
class Grab:
    """One grab of one monitor as the policy knows it; its pixels are kept elsewhere."""

    key: int
    monitor_id: int
    t_start_ns: int
    t_end_ns: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A grab that is kept. `is_new` is False when it was kept before for another reason."""

    frame_id: int
    grab: Grab
    trigger: Trigger
    is_new: bool


@dataclass(slots=True)
class _Candidate:
    grab: Grab
    same_since_ns: int
    frame_id: int | None = None


class FramePolicy:
    """Decides on grabs and keeps; told of input, of screen changes and of grabs made.

    Args:
        first_frame_id: Id of the first frame that is kept; later ones count up.
    """

    def __init__(self, first_frame_id: int) -> None:
        self._next_id = first_frame_id
        self._candidates: dict[int, list[_Candidate]] = {}
        self._waiting: dict[int, int] = {}
        self._last_kept_ns: dict[int, int] = {}
        self._last_activity_ns: int | None = None
        self._last_grab_ns: int | None = None
        self._changes: deque[int] = deque(maxlen=_CHANGES)
        self._is_dirty = True

    def note_activity(self, t_ns: int) -> None:
        """Take into account that the person acts."""
        self._last_activity_ns = max(t_ns, self._last_activity_ns or t_ns)

    def note_change(self, t_ns: int) -> None:
        """Take a change of the screen into account."""
        self._changes.append(t_ns)
        self._is_dirty = True

    def first_change_after(self, t_ns: int) -> int | None:
        """Give the first change of the screen after a time, None when none is known."""
        return next((change for change in self._changes if change > t_ns), None)

    def due_ns(self, now_ns: int) -> int | None:
        """Give when the next grab is due; None while the screen has not changed."""
        if not self._is_dirty:
            return None
        if self._last_grab_ns is None:
            return now_ns
        return self._last_grab_ns + (BUSY_NS if self._is_active(now_ns, ACTIVE_NS) else CALM_NS)

    def began_grab(self, t_ns: int) -> None:
        """Take into account that monitors are grabbed now, whether or not it succeeds."""
        self._last_grab_ns, self._is_dirty = t_ns, False

    def failed(self) -> None:
        """Take into account that the grab gave nothing: it is due again."""
        self._is_dirty = True

    def add(self, grab: Grab, *, is_same: bool) -> None:
        """Take a grab. `is_same`: it shows what the monitor's last one showed."""
        candidates = self._candidates.setdefault(grab.monitor_id, [])
        since_ns = candidates[-1].same_since_ns if is_same and candidates else grab.t_end_ns
        candidates.append(_Candidate(grab, since_ns))
        del candidates[:-CANDIDATES]

    def clear(self) -> None:
        """Forget all grabs: what they show is no longer the screen, or no longer allowed."""
        self._candidates.clear()
        self._waiting.clear()

    def keys(self) -> frozenset[int]:
        """Give the grabs that may still be kept; pixels of all others can go."""
        return frozenset(c.grab.key for found in self._candidates.values() for c in found)

    def bind(self, t_ns: int, monitor_id: int) -> Kept | None:
        """Give the frame in force before an action: the newest whose grab ended before it.

        One that is kept already and at most `REUSE_NS` old does as well. None when there is
        none. Never a later one, which may show the action's result. The screen need not
        settle after an action that another one follows: the frame before that shows it.
        """
        self.note_activity(t_ns)
        self._waiting[monitor_id] = max(t_ns, self._waiting.get(monitor_id, t_ns))
        before = [c for c in self._candidates.get(monitor_id, []) if c.grab.t_end_ns < t_ns]
        if not before:
            return None
        kept = [c for c in before if c.frame_id is not None and t_ns - c.grab.t_end_ns <= REUSE_NS]
        return self._keep((kept or before)[-1], Trigger.BEFORE_ACTION)

    def ripe(self, now_ns: int, *, is_last: bool = False) -> list[Kept]:
        """Give the frames that are kept now because the screen settled, or time passed.

        `is_last`: nothing is grabbed any more; the newest grab after an action must do.
        """
        kept: list[Kept] = []
        for monitor_id, t_ns in list(self._waiting.items()):
            newest = self._newest(monitor_id)
            if newest is not None and self._is_settled(newest, t_ns, now_ns, is_last=is_last):
                kept.append(self._keep(newest, Trigger.SETTLED))
                del self._waiting[monitor_id]
            elif now_ns >= t_ns + SETTLE_BY_NS:
                del self._waiting[monitor_id]
        for monitor_id in self._candidates:
            newest = self._newest(monitor_id)
            due_ns = self._interval_ns(newest)
            if newest is not None and due_ns is not None and now_ns >= due_ns:
                kept.append(self._keep(newest, Trigger.INTERVAL))
        return kept

    def next_ns(self, now_ns: int) -> int | None:
        """Give when to look again: for a grab, a settled frame or an interval; None: never."""
        times = [self.due_ns(now_ns)]
        for monitor_id, t_ns in self._waiting.items():
            newest = self._newest(monitor_id)
            times.append(t_ns + SETTLE_BY_NS)
            if newest is not None and not self._is_dirty:
                times.append(_settled_ns(newest, t_ns))
        times.extend(self._interval_ns(self._newest(monitor_id)) for monitor_id in self._candidates)
        return min((t for t in times if t is not None), default=None)

    def _newest(self, monitor_id: int) -> _Candidate | None:
        found = self._candidates.get(monitor_id)
        return found[-1] if found else None

    def _is_settled(self, newest: _Candidate, t_ns: int, now_ns: int, *, is_last: bool) -> bool:
        """Tell whether the newest grab shows the settled screen after an action."""
        if not self._is_dirty and now_ns >= _settled_ns(newest, t_ns):
            return True
        is_late = is_last or now_ns >= t_ns + SETTLE_BY_NS
        return is_late and newest.grab.t_end_ns > t_ns

    def _interval_ns(self, newest: _Candidate | None) -> int | None:
        """Give when the newest frame is kept for its own sake; None when it need not be."""
        if newest is None or newest.frame_id is not None or self._last_activity_ns is None:
            return None
        last_ns = self._last_kept_ns.get(newest.grab.monitor_id, newest.grab.t_end_ns)
        due_ns = max(last_ns + INTERVAL_NS, newest.grab.t_end_ns)
        return due_ns if due_ns - self._last_activity_ns <= INTERVAL_NS else None

    def _is_active(self, now_ns: int, within_ns: int) -> bool:
        last_ns = self._last_activity_ns
        return last_ns is not None and now_ns - last_ns < within_ns

    def _keep(self, candidate: _Candidate, trigger: Trigger) -> Kept:
        is_new = candidate.frame_id is None
        if candidate.frame_id is None:
            candidate.frame_id = self._next_id
            self._next_id += 1
        grab = candidate.grab
        self._last_kept_ns[grab.monitor_id] = grab.t_end_ns
        return Kept(candidate.frame_id, grab, trigger, is_new)


def _settled_ns(newest: _Candidate, t_ns: int) -> int:
    """Give when the newest grab counts as settled after an action, if nothing changes."""
    return max(newest.same_since_ns, t_ns) + SETTLED_NS
