"""Searching what an episode says: typed text, titles, apps, sites, targets, tasks, marks.

Files are read one after the other, so matches come while the rest is still to be read and
whoever asks may stop early.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.context import ContextKind
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.reader import Episode
from recorder.episodes.selection import WINDOW_KINDS
from recorder.episodes.table_files import DamagedFile
from recorder.episodes.tally import entity_kind
from recorder.episodes.typed_lines import TYPED_COLUMNS, LineMaker, TypedLine

Found = Literal["title", "app", "site", "task", "text", "target", "entity"]
FOUND: Final[tuple[Found, ...]] = get_args(Found)
_OF_EVENTS: Final[tuple[Found, ...]] = ("text", "entity", "target")
_AROUND: Final = 40
_CONTEXT: Final = (
    "t_ns", "kind", "app_id", "app_name", "window_title", "url_host", "instruction", "outcome",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched.

    Attributes:
        text: Without regard to case; of entities their kind, such as EMAIL, or EMAIL_1.
        app: Only while this app, by id or name, had the focus; "" for any.
        kinds: What is looked at; empty for all.
    """

    text: str
    app: str = ""
    kinds: frozenset[Found] = frozenset()

    def wants(self, kind: Found) -> bool:
        """Tell whether this kind is looked at."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True, slots=True)
class Match:
    """Where something was found; `text` is what stands around it, as stored.

    Attributes:
        t_ns: Time of the episode.
        seq: Of an event or the first key of a text; None otherwise.
        frame_id: Of a mark on a frame.
    """

    kind: Found
    t_ns: int
    text: str = field(repr=False)
    app_id: str | None = None
    seq: int | None = None
    frame_id: int | None = None


def search(
    episode: Episode, query: Query, step: Callable[[], None] | None = None
) -> Iterator[Match]:
    """Give the matches: of context, of events, of frames, each by time.

    Args:
        episode: Files that cannot be read are left out.
        query: What is searched.
        step: Called after each kind of rows.
    """
    wanted = query.text.casefold()
    context = episode.read("context", _CONTEXT).to_pylist()
    apps = _Apps(context)
    looks = (
        _in_context(context, query, wanted),
        _in_events(episode, query, wanted),
        _in_frames(episode, query, wanted),
    )
    for matches in looks:
        for match in matches:
            app_id, name = apps.at(match.t_ns)
            if not query.app or query.app.casefold() in {app_id.casefold(), name.casefold()}:
                yield replace(match, app_id=app_id or None)
        if step is not None:
            step()


class _Apps:
    """Which app had the focus when."""

    def __init__(self, context: Iterable[dict[str, Any]]) -> None:
        windows = [row for row in context if row["kind"] in WINDOW_KINDS]
        self._times = [row["t_ns"] for row in windows]
        self._apps = [(row["app_id"] or "", row["app_name"] or "") for row in windows]

    def at(self, t_ns: int) -> tuple[str, str]:
        """Give id and name; "" where nothing is known."""
        place = bisect_right(self._times, t_ns) - 1
        return self._apps[place] if place >= 0 else ("", "")


def _in_context(context: Iterable[dict[str, Any]], query: Query, wanted: str) -> Iterator[Match]:
    for row in context:
        said: dict[Found, tuple[str | None, ...]] = {}
        if row["kind"] in WINDOW_KINDS:
            said = {
                "title": (row["window_title"],),
                "app": (row["app_id"], row["app_name"]),
                "site": (row["url_host"],),
            }
        elif row["kind"] == ContextKind.TASK:
            said = {"task": (row["instruction"], row["outcome"])}
        for kind, texts in said.items():
            hit = next((t for t in texts if t and wanted in t.casefold()), None)
            if hit is not None and query.wants(kind):
                yield Match(kind, row["t_ns"], snippet(hit, wanted))


def _in_events(episode: Episode, query: Query, wanted: str) -> Iterator[Match]:
    """Find typed text, marks of masked values and names of elements, in one reading."""
    if not any(map(query.wants, _OF_EVENTS)):
        return
    columns = [*TYPED_COLUMNS, "target_name"]
    lines = LineMaker()
    for part in parts_of(episode, "events"):
        with suppress(DamagedFile):
            rows = read_part(episode, part, columns)
            yield from _in_lines(lines.feed(rows), query, wanted)
            yield from _in_marks(rows, query, wanted)
    yield from _in_lines(lines.end(), query, wanted)


def _in_lines(lines: Iterable[TypedLine], query: Query, wanted: str) -> Iterator[Match]:
    for line in lines:
        if query.wants("text") and wanted in line.text.casefold():
            yield Match("text", line.start_ns, snippet(line.text, wanted), seq=line.first_seq)


def _in_marks(rows: pa.Table, query: Query, wanted: str) -> Iterator[Match]:
    """Find marks and names; few rows have either, in most files none."""
    if all(rows.column(name).null_count == rows.num_rows for name in ("entity", "target_name")):
        return
    few = rows.filter(pc.or_(_has(rows, "entity"), _has(rows, "target_name")))
    for row in few.select(["seq", "t_ns", "entity", "target_name"]).to_pylist():
        if query.wants("entity") and _is_mark(row["entity"], wanted):
            yield Match("entity", row["t_ns"], row["entity"], seq=row["seq"])
        name = row["target_name"]
        if query.wants("target") and name and wanted in name.casefold():
            yield Match("target", row["t_ns"], snippet(name, wanted), seq=row["seq"])


def _in_frames(episode: Episode, query: Query, wanted: str) -> Iterator[Match]:
    """Find marks on frames; not read where the summary knows of none."""
    if not query.wants("entity") or not _may_be_on_frames(episode, wanted):
        return
    columns = ["frame_id", "t_grab_end_ns", "redacted_boxes"]
    for part in parts_of(episode, "frames"):
        with suppress(DamagedFile):
            for row in read_part(episode, part, columns).to_pylist():
                marks = {box["reason"] for box in row["redacted_boxes"]}
                for mark in sorted(one for one in marks if _is_mark(one, wanted)):
                    yield Match("entity", row["t_grab_end_ns"], mark, frame_id=row["frame_id"])


def _may_be_on_frames(episode: Episode, wanted: str) -> bool:
    told = episode.summary
    kinds = {} if told is None else told.redactions.get("screen", {})
    return told is None or entity_kind(wanted.upper()) in {kind.upper() for kind in kinds}


def snippet(text: str, wanted: str) -> str:
    """Give what stands around the first place of a text in another, cut to size."""
    at = max(text.casefold().find(wanted), 0)
    first, last = max(at - _AROUND, 0), at + len(wanted) + _AROUND
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def _is_mark(mark: str | None, wanted: str) -> bool:
    """Tell whether a mark is meant: by its kind, or as it stands."""
    return bool(mark) and wanted in {str(mark).casefold(), entity_kind(str(mark)).casefold()}


def _has(rows: pa.Table, name: str) -> pa.ChunkedArray:
    return pc.is_valid(rows.column(name))
