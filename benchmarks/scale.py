"""What many people and hours would take, from figures that other benchmarks measured.

`python benchmarks/scale.py --bench FILE --building FILE --erasing FILE` [--people 10000]
[--hours 1000]. FILE is what `./run bench --json`, `./run bench building` and
`./run bench erasing --json` printed. Nothing is measured or assumed here: what a file does not
tell is left out of the table.
"""

import argparse
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recorder.research.building.shards import MOST_BYTES

PEOPLE: Final = 10_000
HOURS: Final = 1_000
_MB: Final = 1_000_000
_TB: Final = 1_000_000_000_000
_DISK: Final = "disk, a minute of mixed use"
_BUILD: Final = re.compile(r"^build +([0-9.]+) MB/s of a core$", re.MULTILINE)
_LIST_BYTES: Final = 64_000_000
"""The longest list of a dataset that is read; see `recorder.research.datasets`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what, how much, and how it came about."""

    what: str
    much: str
    why: str


def main() -> None:
    """Read the files and print the table."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    for name in ("bench", "building", "erasing"):
        words.add_argument(f"--{name}", type=Path)
    words.add_argument("--people", type=int, default=PEOPLE)
    words.add_argument("--hours", type=int, default=HOURS)
    asked = words.parse_args()
    told = {
        name: path.read_text("utf-8")
        for name in ("bench", "building", "erasing")
        if (path := getattr(asked, name)) is not None
    }
    print(f"{asked.people:,} people, {asked.hours:,} hours of each\n")
    print("| what | how much | from |\n|---|---|---|")
    for row in rows(told, asked.people, asked.hours):
        print(f"| {row.what} | {row.much} | {row.why} |")


def rows(told: dict[str, str], people: int, hours: int) -> Iterator[Row]:
    """Give the figures that the files allow.

    Args:
        told: What each benchmark printed, by its name.
        people: How many.
        hours: Recorded by each.
    """
    minute_mb = _minute_mb(told.get("bench", ""))
    if minute_mb is None:
        return
    whole = minute_mb * _MB * 60 * hours * people
    yield Row(
        "recordings", f"{whole / _TB:,.0f} TB",
        f"{minute_mb:.2f} MB a minute of mixed use, measured by ./run bench",
    )  # fmt: skip
    of_one = whole / people
    yield Row("recordings of one person", f"{of_one / _MB / 1000:,.0f} GB", "the same")
    speed = _BUILD.search(told.get("building", ""))
    if speed:
        core_h = whole / (float(speed[1]) * _MB) / 3600
        yield Row(
            "building a dataset of all", f"{core_h:,.0f} core hours",
            f"{speed[1]} MB/s of a core, measured by ./run bench building; a dataset of the "
            "size of what it is made of",
        )  # fmt: skip
    yield from _erasing(told.get("erasing", ""), whole, people)


def _erasing(text: str, whole: float, people: int) -> Iterator[Row]:
    shards = whole / MOST_BYTES
    yield Row("shards", f"{shards:,.0f}", f"{MOST_BYTES // _MB} MB at most each")
    if not text:
        return
    found: list[dict[str, float]] = json.loads(text)["rows"]
    largest = max(found, key=lambda row: row["shards"])
    a_shard_s, a_shard_bytes = (
        largest[name] / largest["shards"] for name in ("cpu_s", "list_bytes")
    )
    yield Row(
        "the list of one dataset of all", f"{shards * a_shard_bytes / _MB:,.0f} MB",
        f"{a_shard_bytes:.0f} bytes a shard, measured by ./run bench erasing",
    )  # fmt: skip
    lists = max(1, -(-int(shards * a_shard_bytes) // _LIST_BYTES))
    yield Row(
        "datasets that it must be split into", f"{lists:,}",
        f"a list is read up to {_LIST_BYTES // _MB} MB",
    )  # fmt: skip
    yield Row(
        "erasing one person from all lists", f"{shards * a_shard_s:,.1f} s of a core",
        f"{a_shard_s * 1e6:,.0f} µs a listed shard, linear in the list",
    )  # fmt: skip
    yield Row(
        "files of one person that go", f"{whole / people / MOST_BYTES:,.0f} shards",
        "the recordings of one person, deleted and not rewritten: no other person's file changes",
    )  # fmt: skip


def _minute_mb(text: str) -> float | None:
    if not text:
        return None
    lines: list[dict[str, Any]] = json.loads(text)["budgets"]
    found = [line["measured"] for line in lines if line["what"] == _DISK]
    return found[0] if found else None


if __name__ == "__main__":
    main()
