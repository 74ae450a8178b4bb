"""What the demonstration tells: recorded, redacted, lost, checked; as text and as JSON."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recorder.cli.demo_check import Leak
from recorder.core.losses import left_out_words, lost_words

if TYPE_CHECKING:
    import pyarrow as pa

_GROUPS: Final = (
    ("pointer moves", {"move"}), ("clicks", {"button_down"}), ("scroll steps", {"scroll"}),
    ("keys", {"key_down"}),
)  # fmt: skip
_NOT_ENTITIES: Final = frozenset({"scope", "secure_field", "unreadable", "text", "layout"})
_REASONS: Final = {
    "scope": "areas outside the allowed windows",
    "secure_field": "password fields",
    "unreadable": "lines that could not be read",
    "text": "areas covered in whole",
    "layout": "lines of text",
}


@dataclass(frozen=True, slots=True)
class Stored:
    """What the recording holds.

    Attributes:
        duration_s: From the first row to the last one.
        events: Rows by group.
        pictures: Frames with a picture of their own.
        frames: All frames.
        apps: Programs that had the focus.
        marks: Redacted values by kind: typed ones and painted ones.
        painted: Painted areas without a value, by reason.
        secure_fields: Times a password field or prompt was left out.
        rows_in_pause: Input rows between a pause and its resume; 0 or the pause is broken.
    """

    duration_s: float
    events: Mapping[str, int]
    pictures: int
    frames: int
    apps: tuple[str, ...]
    marks: Mapping[str, int]
    painted: Mapping[str, int]
    secure_fields: int
    rows_in_pause: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What the search for the typed secrets covered and found."""

    secrets: int
    files: int
    pictures: int
    pictures_read: int
    leaks: tuple[Leak, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the demonstration says at its end."""

    stored: Stored
    checked: Checked
    losses: Mapping[str, Mapping[str, int]]
    pause_ms: float
    out: Path
    took_s: float

    @property
    def failures(self) -> tuple[str, ...]:
        """What did not hold, in words; empty when the demonstration succeeded."""
        found = [f"{leak.secret} found in {leak.place}" for leak in self.checked.leaks]
        stored = self.stored
        wanted = {
            "no events were stored": sum(stored.events.values()),
            "no pictures were stored": stored.pictures,
            "no value was redacted": sum(stored.marks.values()),
            "no password field was noticed": stored.secure_fields,
            "no picture could be read, so the check proves nothing": self.checked.pictures_read,
        }
        found += [sentence for sentence, count in wanted.items() if not count]
        if stored.rows_in_pause:
            found.append(f"{stored.rows_in_pause} events were stored during the pause")
        return tuple(found)

    def payload(self) -> dict[str, object]:
        """Give the report for machines."""
        stored, checked = self.stored, self.checked
        return {
            "ok": not self.failures,
            "failures": list(self.failures),
            "duration_s": round(stored.duration_s, 1),
            "events": dict(stored.events),
            "frames": stored.frames,
            "pictures": stored.pictures,
            "apps": list(stored.apps),
            "redacted": {"values": dict(stored.marks), "painted": dict(stored.painted),
                         "password_fields": stored.secure_fields},
            "lost": {stream: dict(reasons) for stream, reasons in self.losses.items()},
            "checked": {"secrets": checked.secrets, "files": checked.files,
                        "pictures": checked.pictures, "pictures_read": checked.pictures_read},
            "pause_ms": round(self.pause_ms, 1),
            "output": str(self.out),
            "took_s": round(self.took_s, 1),
        }  # fmt: skip

    def text(self) -> str:
        """Give the report for a person in a hurry."""
        stored, checked = self.stored, self.checked
        seen = f"{checked.files} files, 3 tables and {checked.pictures} pictures"
        lines = [
            f"Recorded  {stored.duration_s:.0f} s of {', '.join(stored.apps)}",
            f"          {_counts(stored.events)}",
            f"          {stored.pictures} pictures, {stored.frames} frames",
            f"Redacted  {_counts(stored.marks)}",
            f"          {stored.secure_fields} password fields left out, keys and pixels",
            f"          {_counts(_named(stored.painted))}",
            f"Paused    in {self.pause_ms:.0f} ms; {stored.rows_in_pause} events stored meanwhile",
            f"Lost      {lost_words(self.losses) or 'nothing'}",
            f"Left out  {left_out_words(self.losses) or 'nothing'}",
            f"Checked   {len(checked.leaks)} of {checked.secrets} typed secrets found in {seen}",
            f"          the check can read: it found a harmless word {checked.pictures_read} times",
            f"Kept      a plain redacted copy and pictures in {self.out}/, opened by",
            *(f"          {line}" for line in opening_lines(self.out)),
            f"Took      {self.took_s:.0f} s",
        ]
        failed = [f"FAILED    {sentence}" for sentence in self.failures]
        return "\n".join([*lines, *failed])


def opening_lines(out: Path) -> tuple[str, ...]:
    """Give the lines that open the plain copy, for pandas and for DuckDB."""
    pandas = (
        f"import pandas; print(pandas.read_parquet('{out}/events.parquet').kind.value_counts())"
    )
    query = f"from '{out}/events.parquet' select kind, count(*) group by kind"
    return (f'python -c "{pandas}"', f'python -c "import duckdb; print(duckdb.sql(\\"{query}\\"))"')


def look_at(events: "pa.Table", frames: "pa.Table", context: "pa.Table") -> Stored:
    """Give what three tables of an episode hold."""
    kinds = events.column("kind").to_pylist()
    count = Counter(kinds)
    boxes = [
        box["reason"] for row in frames.column("redacted_boxes").to_pylist() for box in row or ()
    ]
    typed = [mark for mark in events.column("entity").to_pylist() if mark]
    marks = Counter(_kind_of(mark) for mark in [*typed, *_entities(boxes)])
    last_ns = max(events.column("t_ns").to_pylist(), default=0)
    return Stored(
        duration_s=last_ns / 1e9,
        events={name: sum(count[kind] for kind in of) for name, of in _GROUPS},
        pictures=sum(image is not None for image in frames.column("image").to_pylist()),
        frames=frames.num_rows,
        apps=tuple(dict.fromkeys(app for app in context.column("app_id").to_pylist() if app)),
        marks=dict(marks.most_common()),
        painted=dict(Counter(reason for reason in boxes if reason in _NOT_ENTITIES)),
        secure_fields=count["secure_begin"],
        rows_in_pause=_rows_in_pause(kinds),
    )


def _rows_in_pause(kinds: Sequence[str]) -> int:
    paused, found = False, 0
    wanted = {"move", "button_down", "button_up", "scroll", "key_down", "key_up"}
    for kind in kinds:
        if kind in {"pause", "resume"}:
            paused = kind == "pause"
        found += paused and kind in wanted
    return found


def _entities(reasons: Sequence[str]) -> list[str]:
    return [reason for reason in reasons if reason not in _NOT_ENTITIES]


def _kind_of(mark: str) -> str:
    return mark.rpartition("_")[0] or mark


def _named(painted: Mapping[str, int]) -> dict[str, int]:
    return {_REASONS[reason]: count for reason, count in painted.items()}


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing"
