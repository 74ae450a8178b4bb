"""What the agent tells about itself: counts, names of apps, times; never content."""

import os
from typing import Final

from recorder.agent.order import Order
from recorder.agent.recording import Recording
from recorder.agent.repairs import Repairs
from recorder.agent.session import Session
from recorder.agent.watching import Watching
from recorder.core.degraded import DEGRADED, DISK_HANGS
from recorder.core.levels import Levels

_LOW_DISK_MB: Final = 500
_WARN_FLOORS: Final = 4
"""Below so many times the floor, where it pauses, it warns."""
_FIX: Final = "stop and start again; if it stays so, what is shown is not recorded"
Facts = dict[str, object]


def status(
    session: Session, recording: Recording, repairs: Repairs, watching: Watching, now_ns: int
) -> Facts:
    """Give what `recorder status` shows while an agent runs."""
    totals = recording.totals
    app, is_open, dim = recording.seen()
    dim += watching.degraded(now_ns)
    watch = recording.order.watch
    free_mb = recording.free_mb()
    path = recording.pipeline.path if recording.pipeline else None
    return {
        "state": session.state.value,
        "reasons": sorted(session.reasons),
        "since_s": _seconds(now_ns - session.since_ns),
        "elapsed_s": _seconds(session.ran_ns(now_ns)),
        "cap_left_s": _seconds(session.limits.cap_ns - session.ran_ns(now_ns)),
        "resumes_in_s": _resumes_in_s(session, now_ns),
        "hours": f"{watch.days} {watch.hours}".strip(),
        "is_outside_hours": watching.is_outside_hours,
        "folder": recording.order.folder,
        "episode": path.name if path else None,
        "streams": _streams(recording.levels),
        "apps": sorted(recording.apps),
        "app": app,
        "gate": "open" if is_open else "shut",
        "events": totals.events,
        "frames": totals.frames,
        "redactions": totals.redactions,
        "losses": totals.losses,
        "disk_free_mb": free_mb,
        "size_mb": round(totals.size_bytes / 1e6, 1),
        "degraded": {
            **_degraded(dim, repairs.recent(now_ns)),
            **(
                _hanging(recording.order)
                if recording.disk_hangs
                else _disk_troubles(recording.order, free_mb)
            ),
        },
        "pid": os.getpid(),
    }


def progress(recording: Recording) -> Facts:
    """Give what a stop shows while it is under way."""
    return {
        "state": "stopping",
        "frames_left": recording.frames_left,
        "disk_wait_s": _seconds(recording.writes_ns),
        "folder": recording.order.folder,
    }


def summary(session: Session, recording: Recording, now_ns: int) -> Facts:
    """Give what a stop shows: duration, counts, losses, where it lies."""
    totals = recording.totals
    return {
        "state": "stopped",
        "why": session.ended_by,
        "duration_s": _seconds(session.ran_ns(now_ns)),
        "events": totals.events,
        "frames": totals.frames,
        "redactions": totals.redactions,
        "losses": totals.losses,
        "episodes": totals.episodes,
        "folder": recording.order.folder,
        "size_mb": round(totals.size_bytes / 1e6, 1),
    }


def _resumes_in_s(session: Session, now_ns: int) -> float | None:
    """Give the rest of a pause with an end; None when it has none."""
    return None if session.resume_at_ns is None else _seconds(session.resume_at_ns - now_ns)


def _degraded(dim: tuple[str, ...], died: tuple[str, ...]) -> dict[str, str]:
    found = {word: DEGRADED[word][1] if word in DEGRADED else _FIX for word in dim}
    for stream in died:
        found[f"{stream} process restarted"] = "none needed; if it goes on, stop and start again"
    return found


def _hanging(order: Order) -> dict[str, str]:
    fix = f"look at the disk of {order.folder}; it goes on by itself when it answers"
    return {DISK_HANGS: fix}


def _disk_troubles(order: Order, free_mb: int | None) -> dict[str, str]:
    if free_mb is None:
        return {
            "the folder is gone": f"put {order.folder} back where it was, or plug its disk in "
            "again; recording then goes on by itself"
        }
    if free_mb < max(_LOW_DISK_MB, _WARN_FLOORS * order.floor_mb):
        return {"little disk space": "make room, or recorder delete"}
    return {}


def _streams(levels: Levels | None) -> dict[str, str]:
    if levels is None:
        return {}
    names = ("keyboard", "screen", "titles", "pointer", "targets")
    return {name: str(getattr(levels, name)) for name in names}


def _seconds(duration_ns: int) -> float:
    return round(max(duration_ns, 0) / 1e9, 1)
