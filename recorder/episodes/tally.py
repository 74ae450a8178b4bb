"""Tallies: what a file's rows add to the summary. Added up, never estimated."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from recorder.core.context import ContextKind
from recorder.core.degraded import DEGRADED
from recorder.core.events import Redaction
from recorder.episodes.manifest import AppSeen, Summary, TaskSeen
from recorder.episodes.names import Table
from recorder.episodes.schemas import ORDER


@dataclass(slots=True)
class Tally:
    """Counts over rows; `counts` by table and kind, `redactions` by stream and kind."""

    rows: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    redactions: Counter[tuple[str, str]] = field(default_factory=Counter)
    apps: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    tasks: list[TaskSeen] = field(default_factory=list)
    degraded: set[str] = field(default_factory=set)
    """Words of `core.degraded`."""
    last_seq: int = -1
    """Highest number of an event."""
    last_ns: int = 0
    """Time of the last row, since the episode began."""

    def add(self, other: "Tally") -> None:
        """Add another tally to this one."""
        self.rows += other.rows
        self.counts += other.counts
        self.redactions += other.redactions
        self.apps += other.apps
        self.tasks += other.tasks
        self.degraded |= other.degraded
        self.last_seq = max(self.last_seq, other.last_seq)
        self.last_ns = max(self.last_ns, other.last_ns)


def total(tallies: Iterable[Tally]) -> Tally:
    """Give the sum."""
    found = Tally()
    for tally in tallies:
        found.add(tally)
    return found


def tally_of(table: Table, rows: pa.Table) -> Tally:
    """Count what the rows of a table hold."""
    last_ns = max(_list(rows, ORDER[table][0]), default=0)
    found = Tally(rows=Counter({table: rows.num_rows}), last_ns=last_ns)
    {"events": _count_events, "frames": _count_frames, "context": _count_context}[table](
        rows, found
    )
    return found


def summary(episode_id: str, tally: Tally) -> Summary:
    """Give the owner's summary."""
    redactions: dict[str, dict[str, int]] = {}
    for (stream, kind), count in sorted(tally.redactions.items()):
        redactions.setdefault(stream, {})[kind] = count
    apps = sorted(tally.apps.items(), key=lambda item: (-item[1], item[0][0]))
    return Summary(
        episode_id=episode_id,
        apps=tuple(AppSeen(app_id=a, app_name=n, focus_rows=c) for (a, n), c in apps),
        tasks=tuple(sorted(tally.tasks, key=lambda task: task.t_ns)),
        redactions=redactions,
        counts=dict(sorted((tally.rows + tally.counts).items())),
        degraded={word: DEGRADED[word][1] for word in sorted(tally.degraded) if word in DEGRADED},
    )


def summary_changed(told: Summary, before: Tally, after: Tally) -> Summary:
    """Give a summary after some rows were replaced: minus those before, plus those after.

    What could not be told (`degraded`) stays: it is not counted by row.
    """
    apps = Counter({(app.app_id, app.app_name): app.focus_rows for app in told.apps})
    apps.subtract(before.apps)
    apps.update(after.apps)
    redactions = Counter(
        {
            (stream, kind): count
            for stream, kinds in told.redactions.items()
            for kind, count in kinds.items()
        }
    )
    redactions.subtract(before.redactions)
    redactions.update(after.redactions)
    counts = Counter(told.counts)
    counts.subtract(before.rows + before.counts)
    counts.update(after.rows + after.counts)
    tasks = list(told.tasks)
    for task in before.tasks:
        if task in tasks:
            tasks.remove(task)
    tally = Tally(counts=+counts, redactions=+redactions, apps=+apps, tasks=tasks + after.tasks)
    made = summary(told.episode_id, tally)
    return made.model_copy(update={"degraded": told.degraded})


def entity_kind(mark: str) -> str:
    """Give the kind of an entity mark: EMAIL of EMAIL_1; other words as they are."""
    kind, _, number = mark.rpartition("_")
    return kind if kind and number.isdigit() else mark


def _count_events(rows: pa.Table, found: Tally) -> None:
    found.last_seq = max(_list(rows, "seq"), default=-1)
    found.counts.update(f"events.{kind}" for kind in _list(rows, "kind"))
    for redaction, entity in zip(_list(rows, "redaction"), _list(rows, "entity"), strict=True):
        if redaction == Redaction.MASKED:
            found.redactions["keyboard", entity_kind(entity or "unknown")] += 1
        elif redaction == Redaction.CLASS:
            found.redactions["keyboard", "class"] += 1


def _count_frames(rows: pa.Table, found: Tally) -> None:
    originals = [dup is None for dup in _list(rows, "dup_of_frame_id")]
    found.counts["frames.with_image"] += sum(originals)
    for boxes, original in zip(_list(rows, "redacted_boxes"), originals, strict=True):
        if original:
            found.redactions.update(("screen", entity_kind(box["reason"])) for box in boxes)


def _count_context(rows: pa.Table, found: Tally) -> None:
    for row in rows.to_pylist():
        if row["kind"] == ContextKind.FOCUS and row["app_id"]:
            found.apps[row["app_id"], row["app_name"]] += 1
        if row["kind"] == ContextKind.STREAM:
            found.degraded.update((row["outcome"] or "").split())
        if row["kind"] == ContextKind.TASK:
            task = TaskSeen(
                t_ns=row["t_ns"], instruction=row["instruction"], outcome=row["outcome"]
            )
            found.tasks.append(task)
        if row["title_redaction"]:
            found.redactions["titles", entity_kind(row["title_redaction"])] += 1


def _list(rows: pa.Table, name: str) -> list[Any]:
    found: list[Any] = rows.column(name).to_pylist()
    return found
