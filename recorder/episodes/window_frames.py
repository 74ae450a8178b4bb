"""In which frames a window is seen, and where in them a box of it lies.

Context tells the focused window alone. Behind another window it is where it was last seen,
and whether it shows there nobody knows: such frames are given as uncertain. Pure but for
reading the columns that decide.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.geometry import Rect
from recorder.episodes.reader import Episode
from recorder.episodes.selection import (
    END_NS,
    WINDOW_KINDS,
    Selection,
    TimeRange,
    is_of,
    within,
)

_FRAME_COLUMNS = (
    "frame_id", "t_grab_end_ns", "width", "height", "origin_x", "origin_y", "redacted_boxes",
)  # fmt: skip
_WINDOW_COLUMNS = ("t_ns", "kind", "app_id", "url_host", "x", "y", "w", "h")


class FrameUnknown(RecorderError):
    """The episode has no frame of that number."""

    def __init__(self, frame_id: int) -> None:
        super().__init__(
            f"There is no frame {frame_id} in that episode",
            'recorder sql "select frame_id, t_grab_end_ns from frames" shows the numbers',
            ExitCode.USAGE,
        )


@dataclass(frozen=True, slots=True)
class Affected:
    """A frame in which the window is seen, or may be.

    Attributes:
        frame_id: Which frame.
        t_ns: When its grab ended.
        box: What to paint, relative to the frame's top left, within it.
        why: Why it is not certain: resized, behind, unknown_window; "" where the window had
            the focus and the size it has where the box was drawn.
    """

    frame_id: int
    t_ns: int
    box: Rect
    why: str

    @property
    def certain(self) -> bool:
        """Whether the box lies where it should."""
        return not self.why


@dataclass(frozen=True, slots=True)
class _Frame:
    frame_id: int
    t_ns: int
    area: Rect
    painted: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class _Window:
    """The focused window as a row of context tells it; `rect` None when it tells none."""

    t_ns: int
    app_id: str | None
    url_host: str | None
    rect: Rect | None


def frames_of_window(episode: Episode, frame_id: int, box: Rect) -> list[Affected]:
    """Give the frames that show the window which a box of one frame lies in, by time.

    Frames in which that place is painted already, or another window covers it, are left out.

    Args:
        episode: Context and frames are read.
        frame_id: Where the box was drawn; always among what is given.
        box: Relative to that frame's top left.

    Raises:
        FrameUnknown: There is no such frame.
    """
    frames, windows = _frames(episode), _windows(episode)
    this = next((frame for frame in frames if frame.frame_id == frame_id), None)
    if this is None:
        raise FrameUnknown(frame_id)
    place = box.moved(this.area.x, this.area.y)
    target, is_sure = _target(windows, this, place)
    if target is None:
        found = _in_same_app(frames, windows, this, box)
    else:
        found = _of_target(frames, windows, target, place)
    others = [
        one if is_sure else Affected(one.frame_id, one.t_ns, one.box, "unknown_window")
        for one in found
        if one.frame_id != frame_id
    ]
    here = Affected(frame_id, this.t_ns, _clipped(box, this.area), "")
    return sorted([here, *others], key=lambda one: (one.t_ns, one.frame_id))


def frames_beside(
    episode: Episode, selection: Selection, ranges: tuple[TimeRange, ...]
) -> list[int]:
    """Give frames outside the ranges that may show a chosen window beside another one.

    Args:
        episode: Context and frames are read.
        selection: By app or site; for others nothing is given.
        ranges: The times that go.
    """
    if selection.app_id is None and selection.url_host is None:
        return []
    frames, windows = _frames(episode), _windows(episode)
    gone = within(np.array([frame.t_ns for frame in frames], np.int64), ranges)
    found = []
    in_force = _in_force(frames, windows, lambda w: is_of(selection, w.app_id, w.url_host))
    for (frame, now, last), goes in zip(in_force, gone, strict=True):
        if goes or last is None or last is now or last.rect is None:
            continue
        seen = _clipped(last.rect.moved(-frame.area.x, -frame.area.y), frame.area)
        is_covered = now is not None and _covers(now.rect, last.rect)
        is_painted = any(_covers(painted, seen) for painted in frame.painted)
        if not (is_covered or is_painted or seen.is_empty):
            found.append(frame.frame_id)
    return found


def _target(windows: Sequence[_Window], this: _Frame, place: Rect) -> tuple[_Window | None, bool]:
    """Give the window that a place on the desktop lies in, and whether that is sure."""
    middle = place.x + place.w // 2, place.y + place.h // 2
    before = [one for one in windows if one.t_ns <= this.t_ns]
    if before and before[-1].rect is not None and before[-1].rect.contains(*middle):
        return before[-1], True
    for one in reversed(before):
        if one.rect is not None and one.rect.contains(*middle):
            return one, False
    return None, False


def _of_target(
    frames: Sequence[_Frame], windows: Sequence[_Window], target: _Window, place: Rect
) -> Iterator[Affected]:
    """Give the frames at whose time the window was somewhere."""
    for frame, now, last in _in_force(frames, windows, lambda one: one.app_id == target.app_id):
        if last is None or last.rect is None or target.rect is None:
            continue
        moved = place.moved(last.rect.x - target.rect.x, last.rect.y - target.rect.y)
        box = _clipped(moved.moved(-frame.area.x, -frame.area.y), frame.area)
        is_behind = last is not now
        if is_behind and now is not None and _covers(now.rect, moved):
            continue
        if box.is_empty or any(_covers(painted, box) for painted in frame.painted):
            continue
        is_resized = (last.rect.w, last.rect.h) != (target.rect.w, target.rect.h)
        why = "behind" if is_behind else "resized" if is_resized else ""
        yield Affected(frame.frame_id, frame.t_ns, box, why)


def _in_same_app(
    frames: Sequence[_Frame], windows: Sequence[_Window], this: _Frame, box: Rect
) -> Iterator[Affected]:
    """Give frames of the same monitor and app with the box unmoved: nothing tells more."""
    in_force = [(frame, now) for frame, now, _ in _in_force(frames, windows, lambda _: False)]
    app_id = next((now.app_id for frame, now in in_force if frame is this and now), None)
    for frame, now in in_force:
        is_same = frame.area == this.area and (now.app_id if now else None) == app_id
        if is_same and not any(_covers(painted, box) for painted in frame.painted):
            yield Affected(frame.frame_id, frame.t_ns, _clipped(box, frame.area), "unknown_window")


def _in_force(
    frames: Sequence[_Frame], windows: Sequence[_Window], is_meant: Callable[[_Window], bool]
) -> Iterator[tuple[_Frame, _Window | None, _Window | None]]:
    """Give each frame with the window in force and the last one that is meant."""
    left = iter(pairwise([*windows, _Window(END_NS, None, None, None)]))
    now = last = None
    following = windows[0].t_ns if windows else END_NS
    for frame in frames:
        while following <= frame.t_ns:
            now, after = next(left)
            following = after.t_ns
            last = now if now.rect is not None and is_meant(now) else last
        yield frame, now, last


def _covers(outer: Rect | None, inner: Rect) -> bool:
    return outer is not None and outer.intersect(inner) == inner


def _clipped(box: Rect, area: Rect) -> Rect:
    return box.intersect(Rect(0, 0, area.w, area.h))


def _frames(episode: Episode) -> list[_Frame]:
    found = []
    for row in episode.read("frames", _FRAME_COLUMNS).to_pylist():
        boxes = tuple(Rect(b["x"], b["y"], b["w"], b["h"]) for b in row["redacted_boxes"])
        area = Rect(row["origin_x"], row["origin_y"], row["width"], row["height"])
        found.append(_Frame(row["frame_id"], row["t_grab_end_ns"], area, boxes))
    return found


def _windows(episode: Episode) -> list[_Window]:
    found = []
    for row in episode.read("context", _WINDOW_COLUMNS).to_pylist():
        if row["kind"] in WINDOW_KINDS:
            sides = [row[name] for name in "xywh"]
            rect = None if None in sides else Rect(*sides)
            found.append(_Window(row["t_ns"], row["app_id"], row["url_host"], rect))
    return found
