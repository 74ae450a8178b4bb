"""Compares what was stored with what was sent; pure, on pyarrow tables."""

import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.painted_clock import read_clock
from benchmarks.robot import Sent

if TYPE_CHECKING:
    import pyarrow as pa

INPUT_KINDS: Final = ("move", "button_down", "button_up", "scroll", "key_down", "key_up")
_COUNTING_KINDS: Final = ("gap", "secure_end", "excluded_end")
_LOOK_AHEAD: Final = 3000
_MS: Final = 1e6
Rows = list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Match:
    """A stored row and the event it stands for."""

    row: dict[str, object]
    sent: Sent


@dataclass(frozen=True, slots=True)
class FrameAges:
    """How old the bound frames are, read from the painted clock.

    Attributes:
        ages_ms: Click minus painted time; below zero the frame shows the future.
        without_frame: Clicks whose row names no frame.
        lost: Clicks whose row names a frame that was not stored.
        unreadable: Clicks whose frame shows no readable clock.
    """

    ages_ms: tuple[float, ...]
    without_frame: int
    lost: int
    unreadable: int

    @property
    def showing_result(self) -> int:
        """Frames painted after their click."""
        return sum(age < 0 for age in self.ages_ms)


def input_rows(events: "pa.Table", kinds: Sequence[str] = INPUT_KINDS) -> Rows:
    """Give the rows of some kinds as dicts, in order."""
    columns = [
        name
        for name in ("t_ns", "kind", "x", "y", "key", "redaction", "frame_id", "count", "reason")
        if name in events.column_names
    ]
    return [row for row in events.select(columns).to_pylist() if row["kind"] in kinds]


def counted(events: "pa.Table", until_ns: int) -> int:
    """Give how many events gaps and closed gates tell of without storing them."""
    rows = input_rows(events, _COUNTING_KINDS)
    return sum(int(str(row["count"])) for row in rows if row["count"] and _time(row) <= until_ns)


def match(rows: Rows, sent: Sequence[Sent]) -> list[Match]:
    """Pair stored rows with sent events, kind by kind, in order.

    Pointer rows go by place; keys by order, a stored character must be the sent one.
    """
    found = []
    for kind in INPUT_KINDS:
        truth = [event for event in sent if event.kind == kind]
        at = 0
        for row in (row for row in rows if row["kind"] == kind):
            ahead = range(at, min(at + _LOOK_AHEAD, len(truth)))
            hit = next((i for i in ahead if _is_same(row, truth[i])), None)
            if hit is not None:
                found.append(Match(row, truth[hit]))
                at = hit + 1
    return found


def masked(matches: Sequence[Match], sent: Sequence[Sent]) -> int:
    """Give how many unpaired key events lie beside a masked row: one row is a whole value."""
    rows = {id(pair.sent): pair.row for pair in matches}
    keys = [event for event in sent if event.kind.startswith("key")]
    count = 0
    for is_paired, events in itertools.groupby(range(len(keys)), lambda at: id(keys[at]) in rows):
        run = list(events)
        beside = [keys[at] for at in (run[0] - 1, run[-1] + 1) if 0 <= at < len(keys)]
        if not is_paired and any(rows[id(e)].get("redaction") == "masked" for e in beside):
            count += len(run)
    return count


def stamp_errors_ms(matches: Sequence[Match], t0_ns: int) -> list[float]:
    """Give |stored time - sent time| of each pair; `t0_ns`: the episode's start."""
    return [abs(_time(pair.row) + t0_ns - pair.sent.t_ns) / _MS for pair in matches]


def episode_start_ns(context: "pa.Table", monotonic_minus_wall_ns: int) -> int:
    """Give the episode's start on CLOCK_MONOTONIC, from its first clock row."""
    rows = context.select(["t_ns", "kind", "wall_ns"]).to_pylist()
    clock = next(row for row in rows if row["kind"] == "clock")
    return int(clock["wall_ns"]) - int(clock["t_ns"]) + monotonic_minus_wall_ns


def frame_ages(matches: Sequence[Match], frames: "pa.Table", corner: tuple[int, int]) -> FrameAges:
    """Read the painted clock in the frame of each click.

    Args:
        matches: Pairs; only button_down rows count.
        frames: The table of frames.
        corner: Left and top of the clock on the screen, pixels.
    """
    pictures = dict(_pictures(frames))
    ages, missing, lost, unreadable = [], 0, 0, 0
    for pair in matches:
        if pair.row["kind"] != "button_down":
            continue
        if pair.row["frame_id"] is None:
            missing += 1
            continue
        picture = pictures.get(pair.row["frame_id"])
        if picture is None:
            lost += 1
            continue
        painted_ns = _painted_ns(picture, corner, pair.sent.t_ns)
        if painted_ns is None:
            unreadable += 1
        else:
            ages.append((pair.sent.t_ns - painted_ns) / _MS)
    return FrameAges(tuple(ages), missing, lost, unreadable)


def percentile(values: Sequence[float], share: float) -> float | None:
    """Give the value below which the share of the values lies; None without values."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else None


def _is_same(row: dict[str, object], event: Sent) -> bool:
    if event.kind.startswith("key"):
        key = row["key"]
        return key is None or len(str(key)) > 1 or key == event.char
    return row["x"] == event.x and row["y"] == event.y


def _time(row: dict[str, object]) -> int:
    return int(str(row["t_ns"]))


def _pictures(frames: "pa.Table") -> Iterator[tuple[object, bytes]]:
    """Give each frame's picture; a duplicate shows the picture of its original."""
    rows = frames.select(["frame_id", "image", "dup_of_frame_id"]).to_pylist()
    images = {row["frame_id"]: row["image"]["bytes"] for row in rows if row["image"]}
    for row in rows:
        image = images.get(row["frame_id"]) or images.get(row["dup_of_frame_id"])
        if image:
            yield row["frame_id"], image


def _painted_ns(picture: bytes, corner: tuple[int, int], near_ns: int) -> int | None:
    import numpy as np  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    with Image.open(io.BytesIO(picture)) as image:
        return read_clock(np.asarray(image.convert("L")), *corner, near_ns)
