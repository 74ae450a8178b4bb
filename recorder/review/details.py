"""One moment for the player: picture, pointer, caption, what was taken out, and all in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from recorder.core.context import ContextKind
from recorder.core.events import Kind
from recorder.episodes.repainting import Affected
from recorder.episodes.tally import entity_kind
from recorder.review.captions import caption, is_drag, kind_word, plain, rows_of, shown
from recorder.review.clocks import SECOND_NS, clock_text, offset_text
from recorder.review.grouping import Family
from recorder.review.moments import Moment, Moments, Sort
from recorder.review.reasons import thing, why
from recorder.review.reel import Reel, row_of
from recorder.review.shown import visible

Facts = dict[str, Any]

_TRAIL_NS: Final = 2 * SECOND_NS
_TRAIL_POINTS: Final = 160
_MOST_NAMED: Final = 6
_UNSURE: Final = {
    "resized": "the window had another size",
    "behind": "another window was in front",
    "unknown_window": "the window cannot be told",
}


@dataclass(frozen=True, slots=True)
class _Window:
    """The window in force; "" for what is not known."""

    app_id: str
    app_name: str
    title: str
    host: str


def moment_facts(moments: Moments, index: int) -> Facts:
    """Give everything that the player shows of a moment; captured text is made visible."""
    reel, moment = moments.reel, moments.at(index)
    parts = caption(reel, moment)
    window = _window(reel, moment)
    frame = None if moment.frame_row is None else row_of(reel.frames, moment.frame_row)
    boxes = [] if frame is None else frame["redacted_boxes"]
    marks = dict.fromkeys([part.mark for part in parts if part.mark] + [b["reason"] for b in boxes])
    return {
        "index": index,
        "total": len(moments),
        "t_ns": moment.t_ns,
        "clock": clock_text(reel.episode.wall_ns(moment.t_ns)),
        "offset": offset_text(moment.t_ns),
        "kind": kind_word(reel, moment),
        "caption": shown(parts),
        "app": visible(window.app_name),
        "app_id": window.app_id,
        "title": visible(window.title),
        "host": visible(window.host),
        "site": window.host,
        "frame": None if frame is None else _frame(reel, frame),
        "pointer": None if frame is None else _pointer(reel, moment, frame),
        "whys": [{"mark": visible(mark), "why": visible(_why(mark))} for mark in marks],
        "seqs": _seqs(reel, moment),
        "says": _says(plain(parts), window, boxes, frame),
    }


def list_row(moments: Moments, index: int) -> Facts:
    """Give a moment's line in the list."""
    reel, moment = moments.reel, moments.at(index)
    return {
        "index": index,
        "t_ns": moment.t_ns,
        "clock": clock_text(reel.episode.wall_ns(moment.t_ns)),
        "kind": kind_word(reel, moment),
        "caption": shown(caption(reel, moment)),
    }


def alike(reel: Reel, frames: Sequence[Affected]) -> list[Facts]:
    """Give the frames that a box is painted in; those with the same picture and box as one."""
    digests = reel.frames.column("sha256")
    found: dict[object, Facts] = {}
    for one in frames:
        sha256 = digests[reel.frame_rows[one.frame_id]].as_py()
        line = found.setdefault(
            (sha256, one.box, one.why),
            {
                "frames": [],
                "sha256": sha256,
                "box": {"x": one.box.x, "y": one.box.y, "w": one.box.w, "h": one.box.h},
                "unsure": _UNSURE.get(one.why, one.why),
                "clock": clock_text(reel.episode.wall_ns(one.t_ns)),
            },
        )
        line["frames"].append(one.frame_id)
    return list(found.values())


def _why(mark: str) -> str:
    if mark == "class":
        return "Only the kind of key is stored here, because that is the level in force or it was in doubt."
    return why(mark)


def _frame(reel: Reel, frame: Facts) -> Facts:
    found = {name: frame[name] for name in ("frame_id", "width", "height", "level")}
    return {
        **found,
        "clock": clock_text(reel.episode.wall_ns(frame["t_grab_end_ns"])),
        "boxes": [
            {**{side: box[side] for side in "xywh"}, "mark": visible(box["reason"]), "kind": entity_kind(box["reason"])}
            for box in frame["redacted_boxes"]
        ],
    }  # fmt: skip


def _window(reel: Reel, moment: Moment) -> _Window:
    """Give the window in force: the one that the event names, else the last that took the focus."""
    row = None
    if moment.sort is Sort.ACTION:
        seq = reel.acts.column("window_seq")[int(reel.groups.first[moment.ref])].as_py()
        row = None if seq is None else reel.context_rows.get(seq)
    if row is None:
        row = int(np.searchsorted(reel.context_times, moment.t_ns, side="right")) - 1
    for at in range(row, max(-1, row - 64), -1):
        facts = row_of(reel.context, at)
        if facts["kind"] in {ContextKind.FOCUS, ContextKind.TITLE} and facts["app_id"]:
            name = facts["app_name"] or facts["app_id"]
            return _Window(
                facts["app_id"], name, facts["window_title"] or "", facts["url_host"] or ""
            )
    return _Window("", "", "", "")


def _pointer(reel: Reel, moment: Moment, frame: Facts) -> Facts:
    """Give pointer, clicks, drag and scroll in pixels of the picture."""
    dx, dy = frame["origin_x"], frame["origin_y"]
    rows = rows_of(reel, moment.ref) if moment.sort is Sort.ACTION else []
    family = Family(int(reel.groups.family[moment.ref])) if rows else Family.NONE
    end_ns = _end_ns(reel, moment) if family is Family.CLICK else moment.t_ns
    trail = _trail(reel, moment.t_ns - _TRAIL_NS, end_ns, (dx, dy))
    presses = [row for row in rows if row["kind"] == Kind.BUTTON_DOWN and row["x"] is not None]
    scroll = next((row for row in rows if family is Family.SCROLL and row["x"] is not None), None)
    ups = [row for row in rows if row["kind"] == Kind.BUTTON_UP and row["x"] is not None]
    return {
        "trail": trail,
        "clicks": [[row["x"] - dx, row["y"] - dy, row["button"] or "left"] for row in presses],
        "drag": [ups[-1]["x"] - dx, ups[-1]["y"] - dy] if presses and is_drag(rows) else None,
        "scroll": [scroll["x"] - dx, scroll["y"] - dy, scroll["dx"] or 0, scroll["dy"] or 0] if scroll else None,
        "target": _target(reel, moment, (dx, dy)),
    }  # fmt: skip


def _end_ns(reel: Reel, moment: Moment) -> int:
    end = int(reel.groups.end[moment.ref])
    rows = reel.acts.slice(
        int(reel.groups.first[moment.ref]), end - int(reel.groups.first[moment.ref])
    )
    ups: list[int] = [
        row["t_ns"]
        for row in rows.select(["kind", "t_ns"]).to_pylist()
        if row["kind"] == Kind.BUTTON_UP
    ]
    return max([moment.t_ns, *ups])


def _trail(reel: Reel, start_ns: int, end_ns: int, origin: tuple[int, int]) -> list[list[int]]:
    moves = reel.moves
    first, last = np.searchsorted(moves.t_ns, [start_ns, end_ns + 1])
    step = max(1, int(last - first) // _TRAIL_POINTS)
    x, y = moves.x[first:last:step] - origin[0], moves.y[first:last:step] - origin[1]
    return [[int(a), int(b)] for a, b in zip(x, y, strict=True)]


def _target(reel: Reel, moment: Moment, origin: tuple[int, int]) -> list[int] | None:
    if moment.sort is not Sort.ACTION:
        return None
    row = row_of(reel.acts, int(reel.groups.first[moment.ref]))
    x, y, w, h = (row[f"target_{side}"] for side in "xywh")
    return None if None in {x, y, w, h} else [x - origin[0], y - origin[1], w, h]


def _seqs(reel: Reel, moment: Moment) -> list[int] | None:
    """Give the numbers of the first and the last row of a typed segment."""
    if moment.sort is not Sort.ACTION:
        return None
    if reel.groups.family[moment.ref] not in {Family.TYPING, Family.PRESS}:
        return None
    first, end = int(reel.groups.first[moment.ref]), int(reel.groups.end[moment.ref])
    seq = reel.acts.column("seq")
    return [seq[first].as_py(), seq[end - 1].as_py()]


def _says(did: str, window: _Window, boxes: list[Facts], frame: Facts | None) -> str:
    """Give a picture in words, for screen readers: app, action, what was taken out."""
    if frame is None:
        return visible(f"{did}. No picture was kept.")
    things: dict[str, int] = {}
    for box in boxes:
        name = thing(box["reason"])
        things[name] = things.get(name, 0) + 1
    listed = [f"{name} ({count})" if count > 1 else name for name, count in things.items()]
    taken = "; ".join(listed[:_MOST_NAMED]) or "nothing"
    at = f"Picture of {window.app_name or 'the screen'}"
    title = f", {window.title}" if window.title else ""
    return visible(f"{at}{title}. {did}. Painted out: {taken}.", 600)
