"""Faults of the files and rows of a dataset, found by their footers and by SQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import duckdb
import pyarrow as pa

from recorder.core.amounts import count_text
from recorder.core.errors import ExitCode
from recorder.research.building.shards import PICTURES_KEY
from recorder.research.looking.faults import BUILD, REPLACE, Fault
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.steps_file import Footer, ShardDamaged, StepsFile
from recorder.research.reduction.schema import ACTION_TYPES, STEP_ROW_GROUP_ROWS, STEPS

_MOST_NAMES: Final = 3
_HEADERS: Final = (b"huggingface", PICTURES_KEY)


@dataclass(frozen=True, slots=True)
class _Rule:
    """Rows that must not be. `where`: SQL; `told`: after the count."""

    where: str
    told: str
    fix: str = BUILD


COLUMNS: Final = """
    participant_id, episode_id, split, step_index, action_type, clicks, n_events, t_start_ns,
    t_end_ns, first_seq, last_seq, x_norm, y_norm, end_x_norm, end_y_norm, end_x_px,
    frame_lag_ms, image_width, image_height, app_id, redacted, text IS NULL AS no_text
"""
"""What the rules ask for; also those of `leak_faults`."""
_BUTTON: Final = "action_type IN ('click', 'double_click', 'triple_click', 'drag')"
_RULES: Final = (
    _Rule("frame_lag_ms < 0", "with a picture taken after the action"),
    _Rule("image_width IS NOT NULL AND frame_lag_ms IS NULL", "with a picture of unknown age"),
    _Rule("(image_width IS NULL) <> (image_height IS NULL)", "with a picture of which one side is not known"),
    _Rule(
        f"{_BUTTON} AND n_events < 2 * greatest(1, coalesce(clicks, 1))",
        "with a button pressed and never released",
    ),
    _Rule("action_type = 'drag' AND end_x_px IS NULL", "with a drag to no place"),
    _Rule("t_end_ns < t_start_ns OR last_seq < first_seq", "with an end before its beginning"),
    _Rule(
        "x_norm NOT BETWEEN 0 AND 1 OR y_norm NOT BETWEEN 0 AND 1 "
        "OR end_x_norm NOT BETWEEN 0 AND 1 OR end_y_norm NOT BETWEEN 0 AND 1",
        "with a position outside of the picture",
    ),
    _Rule(
        f"action_type NOT IN {ACTION_TYPES}", "with an action that is not known",
        "read it with the version that built it, or build it anew",
    ),
    _Rule(
        "action_type = 'type' AND no_text AND NOT redacted",
        "with typing that has no text and is not marked as redacted",
    ),
)  # fmt: skip


def file_faults(dataset: DatasetFolder) -> Iterator[Fault]:
    """Check columns, row groups and metadata of each file, by its footer."""
    for some in dataset.each(_file_faults):
        yield from some


def row_faults(asked: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """Check every row; pictures are not read."""
    counts = ", ".join(f"count(*) FILTER ({rule.where})" for rule in _RULES)
    found = asked.execute(f"SELECT {counts} FROM steps").fetchone() or ()  # noqa: S608 - constants
    for rule, count in zip(_RULES, found, strict=False):
        if count:
            yield Fault(f"{count_text(count, 'step')} {rule.told}", rule.fix)
    twice = asked.execute(_TWICE).fetchone()
    if twice and twice[0]:
        yield Fault(
            f"{count_text(twice[0], 'step')} {'stands' if twice[0] == 1 else 'stand'} in it twice"
        )


_TWICE: Final = """
    SELECT coalesce(sum(n - 1), 0)::BIGINT FROM (
        SELECT count(*) AS n FROM steps GROUP BY participant_id, episode_id, step_index
    )
"""


def _file_faults(one: StepsFile) -> list[Fault]:
    try:
        return list(_footer_faults(one.name, one.footer()))
    except ShardDamaged as damaged:
        return [Fault(damaged.message, REPLACE, ExitCode.FORMAT)]


def _footer_faults(name: str, footer: Footer) -> Iterator[Fault]:
    wrong = _columns(footer.schema)
    if wrong:
        yield Fault(f"{name} has other columns than steps: {wrong}", BUILD, ExitCode.FORMAT)
    missing = [key.decode() for key in _HEADERS if key not in footer.metadata]
    if missing:
        yield Fault(f"{name} does not tell {' and '.join(missing)}", BUILD, ExitCode.FORMAT)
    if any(rows > STEP_ROW_GROUP_ROWS for rows in footer.groups):
        yield Fault(
            f"{name} has more than {STEP_ROW_GROUP_ROWS} rows in a group, so streaming it "
            "takes much memory"
        )


def _columns(schema: pa.Schema) -> str:
    """Name the first columns that are missing, foreign or of another type."""
    kinds = {field.name: field.type for field in schema}
    wrong = [
        name for name in (*STEPS.names, *(n for n in kinds if n not in STEPS.names))
        if name not in kinds or name not in STEPS.names or kinds[name] != STEPS.field(name).type
    ]  # fmt: skip
    more = len(wrong) - _MOST_NAMES
    return ", ".join(wrong[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
