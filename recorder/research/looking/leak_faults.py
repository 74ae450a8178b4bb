"""What one split tells of another: the same people, or the same pictures."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import duckdb
import numpy as np

from recorder.core.amounts import count_text
from recorder.core.errors import ExitCode
from recorder.research.building.near import NearSet, unpacked
from recorder.research.building.shards import PICTURES_KEY
from recorder.research.building.splits import SplitBy
from recorder.research.looking.faults import BUILD, Fault
from recorder.research.looking.folder import DatasetFolder, opened

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
            f"{BUILD} with --split-by {by}, or check with the --split-by that it was built with",
        )
    for filename, said, people in asked.execute(_FILES).fetchall():
        shown = "/".join(str(filename).replace("\\", "/").split("/")[-3:])
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
    SELECT filename, bool_or(split <> parse_path(filename)[-2]) AS said,
        count(DISTINCT participant_id) AS people
    FROM files GROUP BY filename ORDER BY filename
"""


def picture_faults(dataset: DatasetFolder) -> Iterator[Fault]:
    """Check that no split shows what another shows, by the hashes that the build noted."""
    found: dict[str, list[np.ndarray]] = {}
    for one in dataset.shards:
        noted = (opened(one.path).metadata.metadata or {}).get(PICTURES_KEY)
        if noted is not None:
            found.setdefault(one.split, []).append(unpacked(noted))
    pictures = {split: np.concatenate(some) for split, some in found.items()}
    for one_split, other in combinations(sorted(pictures), 2):
        yield from _same(pictures, one_split, other)


def _same(pictures: dict[str, np.ndarray], one: str, other: str) -> Iterator[Fault]:
    shas = np.intersect1d(pictures[one]["sha"], pictures[other]["sha"])
    if shas.size:
        yield Fault(
            f"{count_text(shas.size, 'picture')} of {one} {_is(shas.size)} in {other} too",
        )
    apart = pictures[one][~np.isin(pictures[one]["sha"], shas)]
    near = int(NearSet(pictures[other]["phash"]).has_near(apart["phash"]).sum())
    if near:
        yield Fault(
            f"{count_text(near, 'picture')} of {one} {'looks' if near == 1 else 'look'} like one "
            f"of {other} (difference hash)",
        )


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
