"""What one split tells of another: the same people, or the same pictures."""

from collections.abc import Iterator, Mapping
from typing import Final

import duckdb

from recorder.core.amounts import count_text
from recorder.core.errors import ExitCode
from recorder.research.building.leaks import compared, pictures_of
from recorder.research.building.splits import SplitBy
from recorder.research.looking.faults import BUILD, Fault
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.steps_file import StepsFile

_TRAIN: Final = "train"
_COLUMNS: Final[dict[SplitBy, str]] = {
    "participant": "participant_id", "app": "app_id", "time": "episode_id",
}  # fmt: skip
_TOGETHER: Final[dict[SplitBy, str]] = {
    "participant": "participant", "app": "app", "time": "episode",
}  # fmt: skip


def split_faults(asked: duckdb.DuckDBPyConnection, by: SplitBy) -> Iterator[Fault]:
    """Check that nothing is in two splits that its split was drawn by.

    Args:
        asked: With `steps` and `files`.
        by: What the splits were drawn by.
    """
    column = _COLUMNS[by]
    query = f"""
        SELECT {column} AS name, string_agg(DISTINCT split, ' and ' ORDER BY split) AS splits
        FROM steps WHERE {column} IS NOT NULL
        GROUP BY name HAVING count(DISTINCT split) > 1 ORDER BY name
    """  # noqa: S608 - constants of this file
    found = asked.execute(query).fetchall()
    for name, splits in found:
        yield Fault(
            f"The {_TOGETHER[by]} {name} is in {splits}",
            f"{BUILD} --split-by {by}; one that was drawn otherwise is checked with --collection",
        )
    for shown, said, people in asked.execute(_FILES).fetchall():
        if said:
            yield Fault(f"{shown} holds steps of another split", BUILD, ExitCode.FORMAT)
        if people > 1:
            yield Fault(
                f"{shown} holds {count_text(people, 'participant')}, so erasing one takes the "
                "others' steps too",
                BUILD,
                ExitCode.FORMAT,
            )


_FILES: Final = """
    SELECT name, bool_or(steps.split <> files.split) AS said,
        count(DISTINCT participant_id) AS people
    FROM steps JOIN files USING (file_no) GROUP BY name ORDER BY name
"""


def picture_faults(dataset: DatasetFolder) -> Iterator[Fault]:
    """Check that train shows nothing that others show, by the hashes that the build noted."""
    noted: dict[bool, list[Mapping[bytes, bytes] | None]] = {True: [], False: []}
    for one, footer in zip(dataset.shards, dataset.each(StepsFile.footer), strict=True):
        told = footer.metadata
        try:
            pictures_of([told])
        except ValueError:
            yield Fault(
                f"{one.name} does not tell its pictures as builds do", BUILD, ExitCode.FORMAT
            )
        else:
            noted[one.split == _TRAIN].append(told)
    found = compared(pictures_of(noted[True]), pictures_of(noted[False]))
    if found.near:
        counted = count_text(found.pictures, "picture")
        yield Fault(
            f"{found.near:,} of {counted} of train can be seen, or nearly, in another split "
            f"({found.same:,} to the last pixel)",
            f"{BUILD} --dedup",
        )
