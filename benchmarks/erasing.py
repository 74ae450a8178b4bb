"""What erasing one person from a dataset costs while the dataset grows.

`./run bench erasing` [--shards 200,2000,20000]. A list of made-up people with a hundred shards
each, each made of ten bundles; one of them goes. What is counted is the processor's time of
finding their shards, deleting them and writing the list anew, and the bytes that the list
takes for a shard: erasing reads and writes all of it.
"""

import argparse
import json
import os
import tempfile
import time
from pathlib import Path
from typing import Final

from recorder.core.ids import ulid
from recorder.research.dataset_erasing import erase_from_datasets
from recorder.research.datasets import (
    DATASETS,
    LIST_FILE,
    Dataset,
    Shard,
    Source,
    write_dataset,
)

SIZES: Final = (200, 2_000, 20_000)
A_PERSON: Final = 100
"""Shards of one."""
SOURCES: Final = 10
"""Bundles of a shard: 500 MB of hours of 50 MB."""
_BYTES: Final = b"\0" * 4096
_START_NS: Final = 1_795_000_000 * 10**9


def main() -> None:
    """Measure and print one line a size."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("--shards", default=",".join(map(str, SIZES)))
    words.add_argument("--json", action="store_true")
    asked = words.parse_args()
    rows = []
    for size in map(int, str(asked.shards).split(",")):
        with tempfile.TemporaryDirectory(prefix="recorder-bench-") as place:
            rows.append(measure(Path(place), size))
    if asked.json:
        print(json.dumps({"schema": "recorder.bench-erasing/1", "rows": rows}))
        return
    for row in rows:
        print(
            f"{row['shards']:8,} shards  {row['cpu_s'] * 1000:9.1f} ms of a core  "
            f"{row['list_bytes'] / row['shards']:6.0f} bytes of list a shard"
        )


def measure(place: Path, shards: int) -> dict[str, float]:
    """Give the cost of erasing one of the people whose shards there are."""
    folder = place / DATASETS / "bench"
    people = max(1, shards // A_PERSON)
    listed = [_shard(number % people, number) for number in range(shards)]
    for one in listed:
        path = folder / one.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_BYTES)
    write_dataset(
        folder, Dataset(name="bench", created="2026-11-22T00:00:00", shards=tuple(listed))
    )
    size = (folder / LIST_FILE).stat().st_size
    began_s = time.process_time()
    done = erase_from_datasets(place, listed[0].pseudonym, lambda _bundle, _episode: True)
    took_s = time.process_time() - began_s
    return {"shards": shards, "erased": done.shards, "list_bytes": size, "cpu_s": took_s}


def _shard(person: int, number: int) -> Shard:
    pseudonym = f"p{person:032x}"
    return Shard(
        file=f"data/train/{pseudonym}-{number:05d}.parquet", pseudonym=pseudonym,
        sources=tuple(Source(bundle_id=_id(), episode_id=_id()) for _ in range(SOURCES)),
        sha256=os.urandom(32).hex(), size_bytes=len(_BYTES), rows=1,
    )  # fmt: skip


def _id() -> str:
    return ulid(_START_NS, os.urandom(10))


if __name__ == "__main__":
    main()
