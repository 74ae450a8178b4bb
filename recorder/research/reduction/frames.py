"""Joins the screen as it was just before each action: never the nearest, never interpolated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from recorder.core.geometry import Rect
from recorder.episodes.columns import column
from recorder.episodes.schemas import FRAMES
from recorder.research.reduction.acts import Act, Point
from recorder.research.reduction.columns import (
    Flags,
    Ints,
    array_of,
    checked,
    coded,
    one_episode,
    taken,
    whole,
)
from recorder.research.reduction.reduced import Reduced
from recorder.research.reduction.vendors import anthropic_json, openai_json

MARGIN_NS: Final = 20_000_000
"""A frame must have been grabbed so long before the action: the 95th percentile that an
event's time may be off by on a saturated machine (the budget of `./run bench`)."""
GRID_NS: Final = 50_000_000
"""Times of keys are floored to this grid, so that they may be told earlier than they were."""
_MS: Final = 1e6
_COLUMNS: Final = (
    "frame_id", "t_grab_end_ns", "monitor_id", "width", "height", "origin_x", "origin_y",
    "dup_of_frame_id",
)  # fmt: skip
_PICTURES: Final = pa.schema([FRAMES.field("frame_id"), FRAMES.field("image")])
_MOST_LINKS: Final = 8
_NONE: Final = -1


@dataclass(frozen=True, slots=True)
class _Frames:
    """Frames in the order of their ids, as arrays of one length.

    Attributes:
        root: Place of the frame that each repeats, its own where it repeats none.
    """

    ids: Ints
    end_ns: Ints
    monitor: Ints
    width: Ints
    height: Ints
    left: Ints
    top: Ints
    root: Ints


def with_frames(reduced: Reduced, frames: pa.Table) -> Reduced:
    """Give the steps with the frame just before each, its picture and what depends on it.

    The frame is the one that the event names; where it names none, the newest one of that
    monitor whose grab ended `MARGIN_NS` before the action began, unless another step began
    since: that frame does not show what came of it. One that is named and was not kept has no
    stand-in. Of a duplicate it is the frame that has the picture; `frame_lag_ms` still counts
    from the duplicate, when the screen was last seen so.

    Args:
        reduced: Steps of one episode.
        frames: The episode's frames as `docs/tables.md`. Without the column `image` the
            pictures are left to `with_pictures`, which takes them part by part.

    Raises:
        WrongTable: They are no frames, or those of another episode.
    """
    known, steps = _known(frames), reduced.steps
    if "episode_id" in frames.column_names:
        one_episode(frames, "frames", one_episode(steps, "steps"))
    at, lost, stale = _chosen(known, reduced)
    for name, values in _told(known, steps, at).items():
        steps = _replaced(steps, name, values)
    counts = replace(
        reduced.counts,
        without_frame=int((at == _NONE).sum()),
        frame_lost=int(lost.sum()),
        before_another=int(stale.sum()),
    )
    if "image" in frames.column_names:
        steps = with_pictures(steps, frames)
        missing = steps.column("image").null_count - counts.without_frame
        counts = replace(counts, without_picture=missing)
    return replace(reduced, steps=steps, counts=counts)


def _chosen(known: _Frames, reduced: Reduced) -> tuple[Ints, Flags, Flags]:
    """Give each step's frame, whether it names a lost one, and whether the newest is too old."""
    steps = reduced.steps
    start_ns = whole(steps, "t_start_ns")
    types, words = coded(steps, "action_type")
    is_key = np.array([word in _KEYS for word in words], np.bool_)[types]
    names = whole(steps, "frame_id", _NO_ID)
    at = _named(known, names, start_ns + np.where(is_key, GRID_NS, 0))
    lost = (names != _NO_ID) & (_place(known.ids, names) == _NONE)
    older = np.where((at == _NONE) & ~lost, _before(known, reduced, start_ns - MARGIN_NS), _NONE)
    ended_ns, began_ns = np.append(known.end_ns, 0)[older][1:], start_ns[:-1]
    stale = np.append(False, ended_ns < began_ns) & (older != _NONE)
    return np.where(at == _NONE, np.where(stale, _NONE, older), at), lost, stale


def with_pictures(steps: pa.Table, frames: pa.Table) -> pa.Table:
    """Give steps, all or some, with the pictures of their frames; null where there is none.

    Raises:
        WrongTable: The frames lack `frame_id` or `image`.
    """
    pictures = checked(frames.select(_there(frames)), _PICTURES, "frames", ())
    ids = whole(pictures, "frame_id")
    order = np.argsort(ids, kind="stable")
    at = _place(ids[order], whole(steps, "frame_id", _NO_ID))
    at = np.where(at == _NONE, at, np.append(order, _NONE)[at])
    return _replaced(steps, "image", taken(pictures.column("image"), at))


_KEYS: Final = ("type", "key")


def _there(frames: pa.Table) -> list[str]:
    return [name for name in _PICTURES.names if name in frames.column_names]


def _replaced(steps: pa.Table, name: str, values: pa.Array | pa.ChunkedArray) -> pa.Table:
    return steps.set_column(steps.schema.get_field_index(name), steps.schema.field(name), values)


def _known(frames: pa.Table) -> _Frames:
    wanted = pa.schema([FRAMES.field(name) for name in _COLUMNS])
    table = checked(frames, wanted, "frames", {"dup_of_frame_id"})
    ids = whole(table, "frame_id")
    order = np.argsort(ids, kind="stable")
    end_ns, monitor, width, height, left, top, parent = (
        whole(table, name, _NO_ID)[order] for name in _COLUMNS[1:]
    )
    root = np.arange(len(ids))
    for _ in range(_MOST_LINKS):
        place = _place(ids[order], parent[root])
        root = np.where(place == _NONE, root, place)
    return _Frames(ids[order], end_ns, monitor, width, height, left, top, root)


_NO_ID: Final = np.iinfo(np.int32).min


def _place(ids: Ints, wanted: Ints) -> Ints:
    """Give where ids stand in a sorted list; -1 where they do not."""
    at = np.searchsorted(ids, wanted)
    return np.where(np.append(ids, _NO_ID)[at] == wanted, np.where(at < len(ids), at, _NONE), _NONE)


def _named(known: _Frames, frame_id: Ints, latest_ns: Ints) -> Ints:
    """Give the frames that events name, unless they were grabbed after the action."""
    at = _place(known.ids, frame_id)
    ended_ns = np.append(known.end_ns, 0)[at]
    return np.where((at != _NONE) & (ended_ns < latest_ns), at, _NONE)


def _before(known: _Frames, reduced: Reduced, latest_ns: Ints) -> Ints:
    """Give the newest frame of the step's monitor that ended before a time."""
    found = np.full(len(latest_ns), _NONE)
    monitors = np.unique(known.monitor)
    for monitor in monitors:
        frames = np.flatnonzero(known.monitor == monitor)
        frames = frames[np.argsort(known.end_ns[frames], kind="stable")]
        before = np.searchsorted(known.end_ns[frames], latest_ns) - 1
        at = np.append(frames, _NONE)[before]
        here = reduced.monitors == monitor
        if len(monitors) == 1:
            here |= reduced.monitors == _NONE
        here &= np.append(known.end_ns, 0)[at] >= reduced.since_ns
        found = np.where(here, at, found)
    return found


def _told(known: _Frames, steps: pa.Table, at: Ints) -> dict[str, pa.Array]:
    """Tell of each step its frame, how old it was and the vendors' actions on it."""
    there = at != _NONE
    size = {"image_width": known.width, "image_height": known.height}
    told = {name: array_of(np.append(v, 0)[at], pa.int32(), there) for name, v in size.items()}
    root = np.append(known.root, _NONE)[at]
    told["frame_id"] = array_of(np.append(known.ids, 0)[root], pa.int64(), there)
    lag_ns = np.maximum(whole(steps, "t_start_ns") - np.append(known.end_ns, 0)[at], 0)
    told["frame_lag_ms"] = array_of(lag_ns / _MS, pa.float32(), there)
    acts = _acts(steps, [_area(known, one) for one in at.tolist()])
    for name, write in (("openai", openai_json), ("anthropic", anthropic_json)):
        told[f"action_{name}_json"] = column([write(act) for act in acts], pa.string())
    return told


def _area(known: _Frames, at: int) -> Rect | None:
    if at == _NONE:
        return None
    sides = (known.left, known.top, known.width, known.height)
    return Rect(*(int(side[at]) for side in sides))


def _acts(steps: pa.Table, areas: Sequence[Rect | None]) -> list[Act]:
    plain = [steps.column(name).to_pylist() for name in Act._fields[: Act._fields.index("start")]]
    xy = [steps.column(name).to_pylist() for name in ("x_px", "y_px", "end_x_px", "end_y_px")]
    starts = map(_point, areas, xy[0], xy[1])
    ends = map(_point, areas, xy[2], xy[3])
    paths = map(_path, areas, steps.column("path").to_pylist())
    return list(map(Act, *plain, starts, ends, paths))


def _point(area: Rect | None, x: int | None, y: int | None) -> Point | None:
    """Give a pixel of the picture; None where the picture does not show it."""
    if area is None or x is None or y is None or not area.contains(x, y):
        return None
    return x - area.x, y - area.y


def _path(area: Rect | None, path: list[dict[str, int]] | None) -> list[Point] | None:
    """Give a drag's way over the picture, without points that it does not show."""
    points = (_point(area, step["x"], step["y"]) for step in path or ())
    return [point for point in points if point is not None] or None
