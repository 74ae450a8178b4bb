"""Redacts frames: scope mask, secure fields, values and unreadable text are painted out.

What is not sure to be harmless is painted: a line that was not read in time, that the
recogniser only guessed at, or on which a rule raised.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.frames import PaintedBox, RawFrame
from recorder.core.geometry import Rect
from recorder.core.levels import ScreenLevel
from recorder.core.scenes import Scene
from recorder.redaction.changes import changed_parts, refresh_lines
from recorder.redaction.findings import UNJUDGED, Finding, LineFinder
from recorder.redaction.gaps import without_gaps
from recorder.redaction.learned_names import KIND as NAME
from recorder.redaction.learned_names import name_keys, proven_names
from recorder.redaction.legible import foreign_windows, is_legible
from recorder.redaction.lines import Pixels, find_lines, split_at
from recorder.redaction.ocr import LineReader, ReadingFailed
from recorder.redaction.painting import (
    Areas,
    PaintedFrame,
    divide,
    encode,
    paint,
    painted_over,
    secure_boxes,
    widened,
    without_blank,
)
from recorder.redaction.reading import Reading
from recorder.redaction.rows import Line, cells_of
from recorder.redaction.text import TextRedactor

_CHANNELS: Final = 4
_MOST_NAMES: Final = 1024
"""Words of names learned from the screen in one episode."""


class FrameUnusable(RecorderError):
    """A frame's bytes do not fit its size; the caller drops it."""

    def __init__(self) -> None:
        super().__init__(
            "A grabbed frame has the wrong size", "nothing was stored; go on", ExitCode.BUG
        )


@dataclass(frozen=True, slots=True)
class _Seen:
    """The last frame of a monitor, as painted by scope, and what was made of it.

    `lines` are whole, not cut at windows. `news`: how much was known when it was judged.
    """

    picture: Pixels
    areas: Areas
    lines: tuple[Rect, ...]
    text_boxes: tuple[PaintedBox, ...]
    complete: bool
    news: int
    painted: PaintedFrame


class FrameRedactor:
    """Redacts frames of one episode; used by one thread.

    Args:
        text: The rules.
        number: Gives the number of a (kind, normalised value); TimeoutError when the
            agent does not answer: the box then says "text".
        level: `layout` or `redacted`.
        is_known: Whether a (kind, value) was typed; such a word is painted too.
        reader: The recogniser.
    """

    def __init__(
        self,
        text: TextRedactor,
        number: Callable[[str, str], int],
        level: ScreenLevel,
        is_known: Callable[[str, str], bool] = lambda _kind, _value: False,
        reader: LineReader | None = None,
    ) -> None:
        if level is ScreenLevel.OFF:
            raise ValueError("no frame is redacted while the screen is off")
        self._finder = LineFinder(text, is_known)
        self._number = number
        self._level = level
        self._reader = reader or LineReader()
        self._seen: dict[int, _Seen] = {}
        self._spare: dict[int, Pixels] = {}
        self._news = 0
        self._names: set[str] = set()

    def redact(self, frame: RawFrame, scene: Scene, deadline_ns: int) -> PaintedFrame:
        """Give the painted, encoded frame.

        Args:
            frame: The grab.
            scene: The desktop at the grab.
            deadline_ns: Absolute monotonic; lines not read by then are painted.

        Raises:
            RecorderError: The frame is to be dropped.
        """
        picture = self._copied(frame)
        areas = self._areas(without_blank(scene, picture, frame.area), frame.area)
        boxes = _mask(picture, secure_boxes(scene, frame.area), areas)
        seen = self._seen.get(frame.monitor_id)
        if seen is not None and seen.picture.shape != picture.shape:
            seen = None
        changed = changed_parts(seen.picture, picture) if seen else []
        if seen and not changed and self._still_holds(seen, areas):
            return seen.painted
        lines = refresh_lines(picture, seen.lines, changed) if seen else find_lines(picture)
        cut = split_at(lines, areas.windows)
        text_boxes, complete = self._judge(picture, areas, cut, deadline_ns)
        if seen:
            text_boxes += _lasting(seen, picture, areas, text_boxes)
        boxes += text_boxes
        with painted_over(picture, [box.rect for box in text_boxes]):
            painted = encode(picture, self._level.value, boxes)
        self._spare[frame.monitor_id] = seen.picture if seen else np.empty_like(picture)
        self._seen[frame.monitor_id] = _Seen(
            picture, areas, tuple(lines), tuple(text_boxes), complete, self._news, painted
        )
        return painted

    def reconsider(self) -> None:
        """Judge each monitor's next frame anew even if no pixel changed: a value is known."""
        self._news += 1

    def _still_holds(self, seen: _Seen, areas: Areas) -> bool:
        """Tell whether a picture without a changed pixel is painted as it was."""
        return seen.complete and seen.news == self._news and seen.areas == areas

    def _copied(self, frame: RawFrame) -> Pixels:
        """Give a picture of our own, in memory that an earlier frame no longer needs."""
        area = frame.area
        if len(frame.pixels) != area.w * area.h * _CHANNELS or area.is_empty:
            raise FrameUnusable
        pixels = np.frombuffer(frame.pixels, np.uint8).reshape(area.h, area.w, _CHANNELS)
        spare = self._spare.get(frame.monitor_id)
        if spare is None or spare.shape != pixels.shape:
            spare = self._spare[frame.monitor_id] = np.empty_like(pixels)
        np.copyto(spare, pixels)
        return spare

    def _areas(self, scene: Scene, frame: Rect) -> Areas:
        areas = divide(scene, frame)
        if self._level is ScreenLevel.LAYOUT:
            return Areas(areas.hidden, areas.layout + areas.redact, (), areas.windows)
        return areas

    def _judge(
        self, picture: Pixels, areas: Areas, boxes: Sequence[Rect], deadline_ns: int
    ) -> tuple[list[PaintedBox], bool]:
        """Give what to paint of the text, and whether every line was read."""
        size = picture.shape[:2]
        layout = [box for box in boxes if _touches(box, areas.layout)]
        told = [box for box in boxes if not _touches(box, areas.layout)]
        painted = [PaintedBox(widened(box, box.x, box.right, size), "layout") for box in layout]
        try:
            readings = self._reader.read(picture, told, deadline_ns)
            pairs = zip(told, readings, strict=True)
            lines = [Line(box, reading, areas.window_of(box)) for box, reading in pairs]
            self._learn_names(lines)
            painted += self._values(lines, size)
            cells = cells_of(lines)
            if len(cells) > len(lines):
                painted += self._values(cells, size)
            painted += self._values(without_gaps(lines), size)
        except ReadingFailed:
            lines = [Line(box, None) for box in told]
        painted += _whole_lines(lines, size)
        return _without_covered(painted), all(line.reading is not None for line in lines)

    def _learn_names(self, lines: Iterable[Line]) -> None:
        """Remember names that a line proves, so that they are found bare in both processes."""
        for name in {name for line in lines for name in proven_names(line.text)}:
            for key in name_keys(name):
                if len(self._names) < _MOST_NAMES and key not in self._names:
                    self._names.add(key)
                    self._number_of(NAME, key)

    def _values(self, lines: Sequence[Line], size: Sequence[int]) -> list[PaintedBox]:
        return [self._value_box(lines[hit.line], hit, size) for hit in self._finder.find(lines)]

    def _value_box(self, line: Line, hit: Finding, size: Sequence[int]) -> PaintedBox:
        words = line.reading.words[hit.first : hit.last + 1] if line.reading else ()
        char_px = max((w.w // max(len(w.text), 1) for w in words), default=0) + 1
        left = line.box.x + min((w.x for w in words), default=0) - char_px
        right = line.box.x + max((w.x + w.w for w in words), default=line.box.w) + char_px
        return PaintedBox(widened(line.box, left, right, size), self._reason(hit))

    def _reason(self, hit: Finding) -> str:
        number = None if hit.kind == UNJUDGED else self._number_of(hit.kind, hit.value)
        return "text" if number is None else f"{hit.kind}_{number}"

    def _number_of(self, kind: str, value: str) -> int | None:
        try:
            return self._number(kind, value)
        except TimeoutError:
            return None


def _mask(picture: Pixels, secure: Sequence[Rect], areas: Areas) -> list[PaintedBox]:
    """Paint out what is out of scope; give the boxes painted."""
    paint(picture, areas.hidden)
    paint(picture, secure)
    boxes = [PaintedBox(rect, "scope") for rect in areas.hidden]
    return boxes + [PaintedBox(rect, "secure_field") for rect in secure]


def _touches(box: Rect, areas: Iterable[Rect]) -> bool:
    return any(not box.intersect(area).is_empty for area in areas)


def _whole_lines(lines: Sequence[Line], size: Sequence[int]) -> list[PaintedBox]:
    """Give the lines that were not read in time or only guessed at."""
    found = []
    foreign = foreign_windows(lines)
    for line in lines:
        whole = widened(line.box, line.box.x, line.box.right, size)
        if line.reading is None:
            found.append(PaintedBox(whole, "text"))
        elif not is_legible(line.reading, line.box, is_strict=line.window in foreign):
            found.append(PaintedBox(whole, "unreadable"))
        else:
            found += _missed_parts(line, line.reading, size)
    return found


def _missed_parts(line: Line, reading: Reading, size: Sequence[int]) -> list[PaintedBox]:
    """Give what the recogniser passed over in silence, with the words that touch it."""
    found = []
    for x, width in reading.missed:
        near = [
            w for w in reading.words if w.x < x + width + line.box.h and w.x + w.w > x - line.box.h
        ]
        left = min([x, *(word.x for word in near)])
        right = max([x + width, *(word.x + word.w for word in near)])
        whole = widened(line.box, line.box.x + left, line.box.x + right, size)
        found.append(PaintedBox(whole, "unreadable"))
    return found


def _without_covered(boxes: Sequence[PaintedBox]) -> list[PaintedBox]:
    """Drop boxes that lie within another one; the first of equal ones stays."""
    kept: list[PaintedBox] = []
    for box in sorted(boxes, key=lambda box: -box.rect.w * box.rect.h):
        if not any(_covers(other.rect, box.rect) for other in kept):
            kept.append(box)
    return sorted(kept, key=lambda box: (box.rect.y, box.rect.x))


def _covers(whole: Rect, part: Rect) -> bool:
    return (
        whole.y <= part.y
        and whole.x <= part.x
        and whole.right >= part.right
        and whole.bottom >= part.bottom
    )


def _lasting(
    seen: _Seen, picture: Pixels, areas: Areas, boxes: Sequence[PaintedBox]
) -> list[PaintedBox]:
    """Give the last frame's boxes over pixels that did not change and that have none now.

    Boxes of lines that could not be read in time are left out: they were read since.
    """
    kept = []
    for old in seen.text_boxes:
        rect = old.rect
        if old.reason in {"text", "layout"} or not _touches(rect, areas.redact):
            continue
        if any(rect.intersect(box.rect) == rect for box in boxes):
            continue
        before = seen.picture[rect.y : rect.bottom, rect.x : rect.right]
        if np.array_equal(before, picture[rect.y : rect.bottom, rect.x : rect.right]):
            kept.append(old)
    return kept
