"""What of an episode steps cannot tell: how long it was, and what is missing in each app.

A build notes it in the metadata of each shard, so that it goes when the shard goes. Pure.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import Field

from recorder.core.events import Kind, Redaction
from recorder.core.strict import Strict
from recorder.episodes.columns import column
from recorder.episodes.selection import WINDOW_KINDS

RECORDED_KEY: Final = b"recorder.episodes"
"""Key of a shard's metadata: a JSON list of `Recorded`, one an episode."""
_NS_PER_S: Final = 1_000_000_000
_STRETCHES: Final = {
    Kind.PAUSE.value: Kind.RESUME.value,
    Kind.EXCLUDED_BEGIN.value: Kind.EXCLUDED_END.value,
    Kind.SECURE_BEGIN.value: Kind.SECURE_END.value,
}
_MARKS: Final = column(
    [*_STRETCHES, *_STRETCHES.values(), Kind.GAP.value, Kind.REMOVED.value], pa.string()
)
_UNNAMED: Final = (Kind.EXCLUDED_BEGIN.value, Kind.EXCLUDED_END.value)
_WINDOWS: Final = column([kind.value for kind in sorted(WINDOW_KINDS)], pa.string())


class Missing(Strict):
    """How often something is missing, and for how long together."""

    times: int = Field(ge=0)
    seconds: float = Field(ge=0)


class AppRecorded(Strict):
    """What was recorded in one app, and what is missing there.

    Attributes:
        app_id: "" while no window is known, as in one that may not be recorded.
        focus_s: Seconds that it had the focus.
        keys: Key presses, of which `keys_class` without their key and `keys_masked` a
            whole value under a placeholder.
        missing: By reason: pause, secure (password fields), excluded (windows that may not
            be recorded), lost, and those of removed rows: deleted, not_approved …; a
            removed part is taken to last until the next row.
    """

    app_id: str
    focus_s: float = Field(ge=0)
    keys: int = 0
    keys_class: int = 0
    keys_masked: int = 0
    missing: dict[str, Missing] = Field(default_factory=dict)


class Recorded(Strict):
    """What was recorded in one episode. `duration_s`: from its first row to its last."""

    episode_id: str
    duration_s: float = Field(ge=0)
    events: int = Field(ge=0)
    apps: tuple[AppRecorded, ...] = ()


def recorded(episode_id: str, events: pa.Table, context: pa.Table) -> Recorded:
    """Give what was recorded in an episode.

    Args:
        episode_id: Its ULID.
        events: Its events, by time; the columns of docs/tables.md.
        context: Its context, by time.
    """
    windows = context.filter(pc.is_in(context["kind"], _WINDOWS)).select(["seq", "t_ns", "app_id"])
    rows = windows.to_pylist()
    apps = {row["seq"]: row["app_id"] or "" for row in rows}
    times = [*_ends(events["t_ns"]), *_ends(context["t_ns"])]
    end_ns = max(times, default=0)
    focus = _focus(rows, end_ns)
    keys = _keys(events, apps)
    missing = _missing(_marks(events, end_ns), _Apps(rows), end_ns)
    names = sorted({*focus, *keys, *missing})
    return Recorded(
        episode_id=episode_id,
        duration_s=(end_ns - min(times, default=0)) / _NS_PER_S,
        events=events.num_rows,
        apps=tuple(
            AppRecorded(
                app_id=name,
                focus_s=focus.get(name, 0) / _NS_PER_S,
                **keys.get(name, Counter()),
                missing=missing.get(name, {}),
            )
            for name in names
        ),
    )


def _ends(column: pa.ChunkedArray) -> Iterator[int]:
    for found in pc.min_max(column).as_py().values():
        if found is not None:
            yield found


def _focus(rows: list[dict[str, Any]], end_ns: int) -> Counter[str]:
    found: Counter[str] = Counter()
    for row, after in zip(rows, [*rows[1:], {"t_ns": end_ns}], strict=False):
        found[row["app_id"] or ""] += max(0, after["t_ns"] - row["t_ns"])
    return found


def _keys(events: pa.Table, apps: Mapping[int, str]) -> dict[str, Counter[str]]:
    events = events.select(["kind", "window_seq", "redaction"])
    pressed = events.filter(pc.equal(events["kind"], Kind.KEY_DOWN.value))
    counted = pressed.group_by(["window_seq", "redaction"]).aggregate([([], "count_all")])
    found: dict[str, Counter[str]] = {}
    for row in counted.to_pylist():
        mine = found.setdefault(apps.get(row["window_seq"], ""), Counter())
        mine["keys"] += row["count_all"]
        if row["redaction"] != Redaction.NONE:
            mine[f"keys_{row['redaction']}"] += row["count_all"]
    return found


class _Apps:
    """Which app was in front; `rows` of context, by time."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._by_seq = {row["seq"]: row["app_id"] or "" for row in rows}
        self._since_ns = [row["t_ns"] for row in rows]
        self._names = [row["app_id"] or "" for row in rows]

    def of(self, mark: dict[str, Any]) -> str:
        """Give the app of a row; "" for a window that may not be recorded."""
        if mark["kind"] in _UNNAMED:
            return ""
        if mark["window_seq"] is not None:
            return self._by_seq.get(mark["window_seq"], "")
        at = bisect_right(self._since_ns, mark["t_ns"])
        return self._names[at - 1] if at else ""


def _missing(
    marks: list[dict[str, Any]], apps: _Apps, end_ns: int
) -> dict[str, dict[str, Missing]]:
    """Give by app and reason what is missing; a stretch counts where it began."""
    found: dict[str, dict[str, list[int]]] = {}
    ends = {end: begin for begin, end in _STRETCHES.items()}
    begun: dict[str, tuple[str, int]] = {}

    def add(app: str, reason: str, lasted_ns: int) -> None:
        found.setdefault(app, {}).setdefault(reason, []).append(max(0, lasted_ns))

    for row in marks:
        app = apps.of(row)
        kind = row["kind"]
        if kind in _STRETCHES:
            begun.setdefault(kind, (app, row["t_ns"]))
        elif kind in ends and ends[kind] in begun:
            app, start_ns = begun.pop(ends[kind])
            add(app, _word(ends[kind]), row["t_ns"] - start_ns)
        elif kind == Kind.REMOVED:
            add(app, row["reason"] or "removed", row["next_ns"] - row["t_ns"])
        elif kind == Kind.GAP:
            add(app, "lost", 0)
    for kind, (app, start_ns) in begun.items():
        add(app, _word(kind), end_ns - start_ns)
    return {
        app: {
            reason: Missing(times=len(some), seconds=sum(some) / _NS_PER_S)
            for reason, some in sorted(reasons.items())
        }
        for app, reasons in found.items()
    }


def _marks(events: pa.Table, end_ns: int) -> list[dict[str, Any]]:
    """Give the rows that tell of something missing, with the time of the row after each."""
    times = events["t_ns"].combine_chunks()
    after = pa.concat_arrays([times[1:], column([end_ns], pa.int64())])[: len(times)]
    few = events.select(["t_ns", "kind", "reason", "window_seq"]).append_column("next_ns", after)
    return list(few.filter(pc.is_in(few["kind"], _MARKS)).to_pylist())


def _word(kind: str) -> str:
    return kind.removesuffix("_begin")
