"""Search in one opened episode: typed text, titles, apps, sites, targets, tasks, marks."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import pyarrow.compute as pc

from recorder.review.captions import action_captions, kind_word, plain
from recorder.review.grouping import whole
from recorder.review.moments import Moments, Sort

MOST_FOUND: Final = 200
"""Of one episode; whoever finds more narrows the question."""


@dataclass(frozen=True, slots=True)
class Found:
    """A moment that fits.

    Attributes:
        index: Number of the moment.
        t_ns: When.
        where: What fits: type, click, press and other sorts of action, title, app, site, task,
            taken out (of a title), screen.
        text: The text that fits, or what was taken out.
    """

    index: int
    t_ns: int
    where: str
    text: str


class Index:
    """The texts of an episode, folded once; a question is a scan."""

    def __init__(self, moments: Moments) -> None:
        self._rows: list[Found] = []
        self._folded: list[str] = []
        self._add_actions(moments)
        self._add_context(moments)
        self._add_boxes(moments)

    def find(self, wanted: str) -> list[Found]:
        """Give what holds the words, by time; at most `MOST_FOUND`."""
        folded = " ".join(wanted.casefold().split())
        if not folded:
            return []
        found = [row for row, text in zip(self._rows, self._folded, strict=True) if folded in text]
        return sorted(found, key=lambda row: row.t_ns)[:MOST_FOUND]

    def _add(self, found: Found) -> None:
        self._rows.append(found)
        self._folded.append(" ".join(found.text.casefold().split()))

    def _add_actions(self, moments: Moments) -> None:
        actions = (m for m in map(moments.at, range(len(moments))) if m.sort is Sort.ACTION)
        for moment, parts in zip(actions, action_captions(moments.reel), strict=True):
            where = kind_word(moments.reel, moment)
            self._add(Found(moment.index, moment.t_ns, where, plain(parts)))

    def _add_context(self, moments: Moments) -> None:
        fields = (
            ("title", "window_title"), ("app", "app_id"), ("app", "app_name"),
            ("site", "url_host"), ("task", "instruction"), ("taken out", "title_redaction"),
        )  # fmt: skip
        before: dict[str, str] = {}
        for row in moments.reel.context.to_pylist():
            index = moments.near(row["t_ns"])
            for where, name in fields:
                text = row[name]
                if text and before.get(name) != text:
                    before[name] = text
                    self._add(Found(index, row["t_ns"], where, text))

    def _add_boxes(self, moments: Moments) -> None:
        """Add each mark of the screen where it begins to show."""
        reel = moments.reel
        before: set[str] = set()
        marks: dict[int, set[str]] = defaultdict(set)
        boxes = reel.frames.column("redacted_boxes").combine_chunks()
        owners = whole(pc.list_parent_indices(boxes)).tolist()
        reasons = pc.struct_field(pc.list_flatten(boxes), "reason").to_pylist()
        for owner, reason in zip(owners, reasons, strict=True):
            marks[owner].add(reason)
        for row in range(reel.frames.num_rows):
            t_ns = int(reel.frame_times[row])
            for mark in sorted(marks[row] - before):
                self._add(Found(moments.near(t_ns), t_ns, "screen", mark))
            before = marks[row]
