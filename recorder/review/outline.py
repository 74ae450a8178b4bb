"""What an episode holds, without texts and pictures: enough to draw a day. In memory only."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.context import ContextKind
from recorder.core.events import Kind, Redaction
from recorder.episodes.columns import column, empty
from recorder.episodes.names import Table
from recorder.episodes.reader import Episode
from recorder.episodes.schemas import SCHEMAS
from recorder.episodes.selection import WINDOW_KINDS
from recorder.episodes.tally import entity_kind
from recorder.review.grouping import Numbers, whole, word

BIN_NS: Final = 10_000_000_000
"""Activity is counted in steps of ten seconds."""
_UNSEEN: Final = {
    Kind.PAUSE.value: Kind.RESUME.value,
    Kind.EXCLUDED_BEGIN.value: Kind.EXCLUDED_END.value,
    Kind.SECURE_BEGIN.value: Kind.SECURE_END.value,
}
"""What begins a stretch without content, and what ends it."""
_QUIET: Final = frozenset({"scope", "layout"})
NOBODY: Final = ""
"""The app while none is known."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of an episode.

    `what` is an app's id, a site, or pause, excluded, secure, gap, removed.
    """

    what: str
    start_ns: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that was taken out, at an instant: its kind, and keyboard or screen."""

    t_ns: int
    kind: str
    stream: str


@dataclass(frozen=True, slots=True)
class Outline:
    """One episode in outline; times since it began.

    Attributes:
        end_ns: Its last instant.
        names: Names of the apps by id.
        focus: Which app had the focus, without holes, by time.
        sites: Which site was in front, by time; `what` is its host.
        unseen: Pauses, excluded windows, password fields, gaps, removals.
        activity: Input events in each step of `BIN_NS`.
        taken: What was taken out, by time.
        counts: Clicks, keys and pictures.
        problems: Files that cannot be read: name and reason.
    """

    end_ns: int
    names: dict[str, str]
    focus: tuple[Stretch, ...]
    sites: tuple[Stretch, ...]
    unseen: tuple[Stretch, ...]
    activity: Numbers
    taken: tuple[Taken, ...]
    counts: dict[str, int]
    problems: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Read:
    """What is gathered file by file."""

    bins: Counter[int] = field(default_factory=Counter)
    marks: list[tuple[int, str]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    last_ns: int = 0


def outline(episode: Episode) -> Outline:
    """Read an episode's outline."""
    found = _Read()
    _add_events(found, _joined(episode, "events", ("t_ns", "kind", "redaction", "entity")))
    frames = ("t_grab_end_ns", "dup_of_frame_id", "redacted_boxes")
    _add_frames(found, _joined(episode, "frames", frames))
    columns = ("t_ns", "kind", "app_id", "app_name", "url_host")
    context = _joined(episode, "context", columns).to_pylist()
    context.sort(key=lambda row: row["t_ns"])
    told_ns = int(episode.manifest.duration_s * 1e9) if episode.manifest else 0
    end_ns = max(told_ns, found.last_ns, max((row["t_ns"] for row in context), default=0))
    names, focus = _focus(context, end_ns)
    return Outline(
        end_ns=end_ns,
        names=names,
        focus=focus,
        sites=_sites(context, end_ns),
        unseen=_unseen(sorted(found.marks), end_ns),
        activity=_activity(found.bins, end_ns),
        taken=tuple(sorted(found.taken, key=lambda taken: taken.t_ns)),
        counts=dict(found.counts),
        problems=tuple((problem.file, problem.why) for problem in episode.problems),
    )


def _joined(episode: Episode, table: Table, columns: tuple[str, ...]) -> pa.Table:
    """Give a table's rows, file after file: asked once of all is faster than of each."""
    schema = pa.schema([SCHEMAS[table].field(name) for name in columns])
    return pa.concat_tables([empty(schema), *(rows for _, rows in episode.pieces(table, columns))])


def _add_events(found: _Read, rows: pa.Table) -> None:
    t_ns = whole(rows.column("t_ns"))
    if not len(t_ns):
        return
    found.last_ns = max(found.last_ns, int(t_ns.max()))
    steps, counts = np.unique(t_ns // BIN_NS, return_counts=True)
    found.bins.update(dict(zip(steps.tolist(), counts.tolist(), strict=True)))
    for pair in pc.value_counts(rows.column("kind")).to_pylist():
        found.counts[pair["values"]] += pair["counts"]
    few = rows.filter(pc.not_equal(rows.column("redaction"), word(Redaction.NONE)))
    for row in few.to_pylist():
        kind = "class" if row["redaction"] == Redaction.CLASS else row["entity"] or "SECRET"
        if row["kind"] == Kind.KEY_DOWN:
            found.taken.append(Taken(row["t_ns"], entity_kind(kind), "keyboard"))
    marks = rows.filter(pc.is_in(rows.column("kind"), value_set=_MARKING)).select(["t_ns", "kind"])
    found.marks += [(row["t_ns"], row["kind"]) for row in marks.to_pylist()]


_MARKING: Final = column(
    [*_UNSEEN, *_UNSEEN.values(), Kind.GAP.value, Kind.REMOVED.value], pa.string()
)


def _add_frames(found: _Read, rows: pa.Table) -> None:
    found.counts["pictures"] += rows.column("dup_of_frame_id").null_count
    times = whole(rows.column("t_grab_end_ns"))
    found.last_ns = int(times.max(initial=found.last_ns))
    boxes = rows.column("redacted_boxes").combine_chunks()
    owners = whole(pc.list_parent_indices(boxes))
    reasons = pc.struct_field(pc.list_flatten(boxes), "reason").to_pylist()
    kinds = dict.fromkeys(zip(owners.tolist(), map(entity_kind, reasons), strict=True))
    found.taken += [
        Taken(int(times[owner]), kind, "screen") for owner, kind in kinds if kind not in _QUIET
    ]


def _focus(
    context: list[dict[str, Any]], end_ns: int
) -> tuple[dict[str, str], tuple[Stretch, ...]]:
    """Join neighbouring rows of one app to stretches."""
    names: dict[str, str] = {}
    found: list[Stretch] = []
    for row in context:
        if row["kind"] != ContextKind.FOCUS:
            continue
        app = row["app_id"] or NOBODY
        names.setdefault(app, row["app_name"] or app)
        if found and found[-1].what == app:
            continue
        if found:
            found[-1] = Stretch(found[-1].what, found[-1].start_ns, row["t_ns"])
        found.append(Stretch(app, row["t_ns"], end_ns))
    return names, tuple(found)


def _sites(context: list[dict[str, Any]], end_ns: int) -> tuple[Stretch, ...]:
    """Join neighbouring rows of one site to stretches."""
    windows = [row for row in context if row["kind"] in WINDOW_KINDS]
    ends = [*(row["t_ns"] for row in windows[1:]), end_ns]
    found: list[Stretch] = []
    for row, last_ns in zip(windows, ends, strict=False):
        host = row["url_host"]
        if not host:
            continue
        first_ns = row["t_ns"]
        if found and (found[-1].what, found[-1].end_ns) == (host, first_ns):
            first_ns = found.pop().start_ns
        found.append(Stretch(host, first_ns, last_ns))
    return tuple(found)


def _unseen(marks: list[tuple[int, str]], end_ns: int) -> tuple[Stretch, ...]:
    open_ns: dict[str, int] = {}
    found = []
    ends = {end: begin for begin, end in _UNSEEN.items()}
    for t_ns, name in marks:
        if name in _UNSEEN:
            open_ns.setdefault(name, t_ns)
        elif name in ends:
            begin = ends[name]
            found.append(Stretch(_stretch_word(begin), open_ns.pop(begin, t_ns), t_ns))
        else:
            found.append(Stretch(name, t_ns, t_ns))
    found += [Stretch(_stretch_word(name), t_ns, end_ns) for name, t_ns in open_ns.items()]
    return tuple(sorted(found, key=lambda stretch: stretch.start_ns))


def _stretch_word(kind: str) -> str:
    return kind.removesuffix("_begin")


def _activity(bins: Counter[int], end_ns: int) -> Numbers:
    found = np.zeros(max([end_ns // BIN_NS, *bins], default=0) + 1, np.int64)
    for step, count in bins.items():
        found[max(0, step)] += count
    return found
