"""Figures of a dataset, by SQL over its shards; pictures are not read."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import duckdb

from recorder.research.datasets import Dataset, Drawn
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.recorded import Recorded

_QUANTILES: Final = (0.5, 0.9, 0.95, 0.99)
_POINTED: Final = ("click", "double_click", "triple_click", "scroll")
_WHY: Final = f"""
    CASE
        WHEN NOT has_picture THEN 'no picture'
        WHEN frame_lag_ms < 0 THEN 'picture after the action'
        WHEN action_type IN {_POINTED} AND NOT has_place THEN 'no position'
        WHEN action_type = 'drag' AND NOT (has_place AND has_end) THEN 'no position'
        WHEN action_type = 'type' AND NOT has_text THEN 'text not consented'
        WHEN action_type = 'key' AND NOT has_keys THEN 'key not consented'
    END
"""
"""Why a step cannot be learned from; null for one that can."""
_COLUMNS: Final = """
    participant_id, episode_id, split, action_type, t_start_ns, t_end_ns, frame_lag_ms, app_id,
    redacted, reducer_version, x_norm IS NOT NULL AND y_norm IS NOT NULL AS has_place,
    end_x_norm IS NOT NULL AS has_end, text IS NOT NULL AS has_text,
    coalesce(len(keys), 0) > 0 AS has_keys
"""


@dataclass(frozen=True, slots=True)
class Actions:
    """Steps of one kind of action. `trainable`: with a picture before it and all it needs."""

    action_type: str
    steps: int
    trainable: int
    redacted: int


@dataclass(frozen=True, slots=True)
class AppSteps:
    """Steps in one app; "" where none is known."""

    app_id: str
    steps: int
    trainable: int
    redacted: int
    episodes: int
    participants: int


@dataclass(frozen=True, slots=True)
class Split:
    """One split."""

    split: str
    steps: int
    episodes: int
    participants: int


@dataclass(frozen=True, slots=True)
class Bias:
    """What is missing in one app, over all episodes that tell of it.

    Attributes:
        focus_s: Seconds that it had the focus.
        missing_s: {reason: seconds}; `missing_times` likewise, how often.
        keys: Key presses; `keys_class` came without their key, `keys_masked` are values
            under a placeholder.
    """

    app_id: str
    focus_s: float
    missing_s: dict[str, float]
    missing_times: dict[str, int]
    keys: int
    keys_class: int
    keys_masked: int


@dataclass(frozen=True, slots=True)
class Stats:
    """All figures.

    Attributes:
        span_hours: From the first to the last action of each episode, added up.
        recorded_hours: As recorded, pauses in it; None where the build did not note it.
        untrainable: Steps by why they cannot be learned from.
        largest_share: Of the steps, those of the participant with most.
        lag_ms: Age of the picture: {p50, p90, p95, p99, max}; {} without pictures.
        left_out: Of the build, by reason.
        bias: By app; () where the build did not note it.
        reduced: What became of the events, by name, as the dataset's list has it.
        drawn: How it was made and split; None where neither list nor figures tell.
    """

    steps: int
    episodes: int
    participants: int
    redacted: int
    span_hours: float
    recorded_hours: float | None
    largest_share: float
    actions: tuple[Actions, ...]
    untrainable: dict[str, int]
    apps: tuple[AppSteps, ...]
    splits: tuple[Split, ...]
    lag_ms: dict[str, float]
    left_out: dict[str, int]
    reducers: tuple[str, ...]
    bias: tuple[Bias, ...] = ()
    reduced: Mapping[str, int] = field(default_factory=dict)
    drawn: Drawn | None = None

    @property
    def trainable(self) -> int:
        """Steps that can be learned from."""
        return sum(one.trainable for one in self.actions)

    def payload(self) -> dict[str, object]:
        """Give it as JSON values."""
        drawn = None if self.drawn is None else self.drawn.model_dump(mode="json")
        return {**asdict(self), "trainable": self.trainable, "drawn": drawn}


def stats(
    dataset: DatasetFolder,
    step: Callable[[], None] = lambda: None,
    listed: Dataset | None = None,
) -> Stats:
    """Compute a dataset's figures.

    Args:
        dataset: Where the steps are.
        step: Called after each file.
        listed: Its list, which knows what became of events without a step.

    Raises:
        ShardDamaged: A file is no Parquet.
        DropUnreachable: The store is away.
    """
    noted = dataset.recorded()
    built = () if listed is None else listed.built
    with dataset.ask(_COLUMNS, step) as asked:
        total = _rows(asked, _TOTAL)[0]
        return Stats(
            **total,
            recorded_hours=sum(one.duration_s for one in noted) / 3600 if noted else None,
            largest_share=_rows(asked, _LARGEST)[0]["share"],
            actions=tuple(Actions(**row) for row in _rows(asked, _ACTIONS)),
            untrainable={row["why"]: row["steps"] for row in _rows(asked, _UNTRAINABLE)},
            apps=tuple(AppSteps(**row) for row in _rows(asked, _APPS)),
            splits=tuple(Split(**row) for row in _rows(asked, _SPLITS)),
            lag_ms=_lag(asked),
            left_out=dataset.left_out(),
            reducers=tuple(row["v"] for row in _rows(asked, _REDUCERS)),
            bias=bias(noted),
            reduced=dict(sum((Counter(one.counts) for one in built), Counter())),
            drawn=drawn_of(dataset, listed),
        )


def drawn_of(dataset: DatasetFolder, listed: Dataset | None) -> Drawn | None:
    """Give how a dataset was made: its list tells, else the figures beside its steps."""
    return dataset.drawn() if listed is None else listed.drawn


def bias(noted: list[Recorded]) -> tuple[Bias, ...]:
    """Give what is missing in each app, those with most focus first."""
    found: dict[str, dict[str, Any]] = {}
    for app in (app for one in noted for app in one.apps):
        mine = found.setdefault(
            app.app_id,
            {"focus_s": 0.0, "keys": 0, "keys_class": 0, "keys_masked": 0, "s": {}, "times": {}},
        )
        for name in ("focus_s", "keys", "keys_class", "keys_masked"):
            mine[name] += getattr(app, name)
        for reason, missing in app.missing.items():
            mine["s"][reason] = mine["s"].get(reason, 0.0) + missing.seconds
            mine["times"][reason] = mine["times"].get(reason, 0) + missing.times
    rows = (
        Bias(app_id=app, missing_s=one.pop("s"), missing_times=one.pop("times"), **one)
        for app, one in found.items()
    )
    return tuple(sorted(rows, key=lambda row: (-row.focus_s, row.app_id)))


_TOTAL: Final = """
    WITH spans AS (
        SELECT count(*) AS steps, sum(redacted::INT)::BIGINT AS redacted,
            max(t_end_ns) - min(t_start_ns) AS span_ns
        FROM steps GROUP BY participant_id, episode_id
    )
    SELECT coalesce(sum(steps), 0)::BIGINT AS steps, count(*) AS episodes,
        (SELECT count(DISTINCT participant_id) FROM steps) AS participants,
        coalesce(sum(redacted), 0)::BIGINT AS redacted,
        coalesce(sum(span_ns), 0)::DOUBLE / 3.6e12 AS span_hours
    FROM spans
"""
_LARGEST: Final = """
    SELECT coalesce(max(n) / sum(n), 0)::DOUBLE AS share
    FROM (SELECT count(*) AS n FROM steps GROUP BY participant_id)
"""
_ACTIONS: Final = f"""
    SELECT action_type, count(*) AS steps, sum(({_WHY} IS NULL)::INT)::BIGINT AS trainable,
        sum(redacted::INT)::BIGINT AS redacted
    FROM steps GROUP BY action_type ORDER BY steps DESC, action_type
"""  # noqa: S608 - as above
_UNTRAINABLE: Final = f"""
    SELECT {_WHY} AS why, count(*) AS steps FROM steps
    WHERE {_WHY} IS NOT NULL GROUP BY why ORDER BY steps DESC, why
"""  # noqa: S608 - as above
_APPS: Final = f"""
    SELECT coalesce(app_id, '') AS app_id, count(*) AS steps,
        sum(({_WHY} IS NULL)::INT)::BIGINT AS trainable, sum(redacted::INT)::BIGINT AS redacted,
        count(DISTINCT episode_id) AS episodes, count(DISTINCT participant_id) AS participants
    FROM steps GROUP BY coalesce(app_id, '') ORDER BY steps DESC, 1
"""  # noqa: S608 - as above
_SPLITS: Final = """
    SELECT split, count(*) AS steps, count(DISTINCT episode_id) AS episodes,
        count(DISTINCT participant_id) AS participants
    FROM steps GROUP BY split ORDER BY steps DESC, split
"""
_REDUCERS: Final = "SELECT DISTINCT reducer_version AS v FROM steps ORDER BY v"
_LAG: Final = f"""
    SELECT quantile_cont(frame_lag_ms, {list(_QUANTILES)}) AS at, max(frame_lag_ms) AS most
    FROM steps WHERE frame_lag_ms IS NOT NULL
"""  # noqa: S608 - as above


def _lag(asked: duckdb.DuckDBPyConnection) -> dict[str, float]:
    row = _rows(asked, _LAG)[0]
    if row["most"] is None:
        return {}
    named = {f"p{round(q * 100)}": float(v) for q, v in zip(_QUANTILES, row["at"], strict=True)}
    return {**named, "max": float(row["most"])}


def _rows(asked: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = asked.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
