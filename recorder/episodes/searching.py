"""Searching what an episode says: typed text, titles, apps, sites, targets, tasks, marks.

Files are read one after the other, so matches come while the rest is still to be read and
whoever asks may stop early.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.context import ContextKind
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.reader import Episode
from recorder.episodes.selection import WINDOW_KINDS
from recorder.episodes.table_files import DamagedFile
from recorder.episodes.tally import entity_kind
from recorder.episodes.typed_lines import TypedLine, typed_lines

Found = Literal["title", "app", "site", "task", "text", "target", "entity"]
FOUND: Final[tuple[Found, ...]] = get_args(Found)
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
    app_id: str | None
    seq: int | None = None
    frame_id: int | None = None


def search(
    episode: Episode, query: Query, step: Callable[[], None] | None = None
) -> Iterator[Match]:
    """Give the matches, kind by kind, each by time.

    Args:
        episode: Files that cannot be read are left out.
        query: What is searched.
        step: Called after each kind of rows.
    """
    apps = _Apps(episode)
    wanted = query.text.casefold()
    looks: tuple[Callable[[], Iterable[Match]], ...] = (
        lambda: _in_context(episode, query, wanted),
        lambda: _in_text(episode, query, wanted),
        lambda: _in_events(episode, query, wanted),
        lambda: _in_frames(episode, query, wanted),
    )
    for look in looks:
        for match in look():
            app_id, name = apps.at(match.t_ns)
            if not query.app or query.app.casefold() in {app_id.casefold(), name.casefold()}:
                yield Match(
                    match.kind, match.t_ns, match.text, app_id or None, match.seq, match.frame_id
                )
        if step is not None:
            step()


class _Apps:
    """Which app had the focus when."""

    def __init__(self, episode: Episode) -> None:
        rows = episode.read("context", ["t_ns", "kind", "app_id", "app_name"]).to_pylist()
        windows = [row for row in rows if row["kind"] in WINDOW_KINDS]
        self._times = [row["t_ns"] for row in windows]
        self._apps = [(row["app_id"] or "", row["app_name"] or "") for row in windows]

    def at(self, t_ns: int) -> tuple[str, str]:
        """Give id and name; "" where nothing is known."""
        place = bisect_right(self._times, t_ns) - 1
        return self._apps[place] if place >= 0 else ("", "")


def _in_context(episode: Episode, query: Query, wanted: str) -> Iterator[Match]:
    for row in episode.read("context", _CONTEXT).to_pylist():
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
                yield Match(kind, row["t_ns"], snippet(hit, wanted), None)


def _in_text(episode: Episode, query: Query, wanted: str) -> Iterator[Match]:
    lines: Iterable[TypedLine] = typed_lines(episode) if query.wants("text") else ()
    for line in lines:
        if wanted in line.text.casefold():
            yield Match("text", line.start_ns, snippet(line.text, wanted), None, line.first_seq)


def _in_events(episode: Episode, query: Query, wanted: str) -> Iterator[Match]:
    """Find marks of masked values and names of elements; few rows have either."""
    if not (query.wants("entity") or query.wants("target")):
        return
    columns = ["seq", "t_ns", "entity", "target_name"]
    for part in parts_of(episode, "events"):
        with suppress(DamagedFile):
            rows = read_part(episode, part, columns)
            few = rows.filter(pc.or_(_has(rows, "entity"), _has(rows, "target_name")))
            for row in few.to_pylist():
                for kind, text in (("entity", row["entity"]), ("target", row["target_name"])):
                    if query.wants(_found(kind)) and _matches(kind, text, wanted):
                        shown = snippet(text, wanted)
                        yield Match(_found(kind), row["t_ns"], shown, None, row["seq"])


def _in_frames(episode: Episode, query: Query, wanted: str) -> Iterator[Match]:
    if not query.wants("entity"):
        return
    for part in parts_of(episode, "frames"):
        with suppress(DamagedFile):
            columns = ["frame_id", "t_grab_end_ns", "redacted_boxes"]
            for row in read_part(episode, part, columns).to_pylist():
                marks = {box["reason"] for box in row["redacted_boxes"]}
                for mark in sorted(one for one in marks if _matches("entity", one, wanted)):
                    t_ns, frame_id = row["t_grab_end_ns"], row["frame_id"]
                    yield Match("entity", t_ns, mark, None, None, frame_id)


def snippet(text: str, wanted: str) -> str:
    """Give what stands around the first place of a text in another, cut to size."""
    at = max(text.casefold().find(wanted), 0)
    first, last = max(at - _AROUND, 0), at + len(wanted) + _AROUND
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def _matches(kind: str, text: str | None, wanted: str) -> bool:
    """Tell whether it is meant; of entities by kind or by the whole mark."""
    if not text:
        return False
    if kind == "entity":
        return wanted in {text.casefold(), entity_kind(text).casefold()}
    return wanted in text.casefold()


def _has(rows: pa.Table, name: str) -> pa.ChunkedArray:
    return pc.is_valid(rows.column(name))


def _found(kind: str) -> Found:
    return next(one for one in FOUND if one == kind)
