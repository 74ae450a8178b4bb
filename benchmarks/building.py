"""What building a dataset costs: beside a plain copy of its pictures, in memory, and on Ray.

`./run bench building` [--count 2000] [--megabytes 200] [--keep FOLDER] [--ray]. The speed is in
seconds of the processor, the best of several rounds that take turns: the whole build in one
process (gates, keys, decrypting, reducing, writing), and pyarrow reading the same shards and
writing them anew. Beside it stand two SHA-256 and one decryption of as many bytes: what is signed
is compared before it is opened, and what is written is listed by its digest. With the copy they
are the least that a build takes.
Memory is told for 200 episodes and each tenfold up to --count; 20,000 take about an hour, half of
it to make the episodes, which --keep keeps for the next time.
"""

import argparse
import hashlib
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from benchmarks.building_memory import JOBS, tell_memory
from benchmarks.building_place import Here, Place
from benchmarks.rounds import best_cpu_s
from recorder.episodes.schemas import parquet_options
from recorder.research.building.local import LocalEngine
from recorder.research.reduction.schema import STEP_ROW_GROUP_ROWS, STEPS

if TYPE_CHECKING:
    from recorder.research.building.engines import Engine

COUNT: Final = 2000
MEGABYTES: Final = 200
_FRAME_BYTES: Final = 60_000
_CLICKS: Final = 200
"""Of an episode; each shows another picture: twelve megabytes."""
_MB: Final = 1_000_000
_AGE_CHUNK: Final = 64 * 1024


def main() -> None:
    """Measure and print one line a figure."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=COUNT)
    words.add_argument("--megabytes", type=int, default=MEGABYTES)
    words.add_argument("--keep", type=Path, help="where the episodes for the memory are kept")
    words.add_argument("--ray", action="store_true", help="also on a cluster of two workers")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="recorder-bench-") as place:
        if asked.megabytes:
            _tell_speed(Path(place) / "speed", asked.megabytes, with_ray=asked.ray)
        if asked.count:
            tell_memory(asked.keep or Path(place), asked.count)


def _tell_speed(root: Path, megabytes: int, *, with_ray: bool) -> None:
    count = max(1, megabytes * _MB // (_CLICKS * _FRAME_BYTES))
    place = Place.make(root, count, _CLICKS, _FRAME_BYTES)
    report = place.build(Here(), "first")
    files = [root / "first" / shard.file for shard in report.dataset.shards]
    size_mb = sum(path.stat().st_size for path in files) / _MB
    sealed = list(place.collection.paths())
    seconds = best_cpu_s({
        "build": lambda: place.build(Here()),
        "copy with pyarrow": lambda: _copy(files, root / "copy.parquet"),
        "SHA-256 of what is sealed": lambda: _hash(sealed),
        "SHA-256 of what is written": lambda: _hash(files),
        "ChaCha20-Poly1305 of as much": lambda: _decrypt(sum(map(_size, sealed))),
    })  # fmt: skip
    for name, took_s in seconds.items():
        print(f"{name:34} {size_mb / took_s:7.0f} MB/s of a core")
    _tell_shares(seconds)
    engines: dict[str, Engine] = {"two processes": LocalEngine(JOBS)}
    if with_ray:
        from recorder.research.building.on_ray import RayEngine  # noqa: PLC0415 - an extra

        engines["two workers of Ray"] = RayEngine(JOBS, None)
    for name, engine in engines.items():
        began_s = time.monotonic()
        place.build(engine)
        took_s = time.monotonic() - began_s
        print(f"{f'{name}, with their start':34} {took_s:7.1f} s for {size_mb:.0f} MB")


def _tell_shares(seconds: Mapping[str, float]) -> None:
    """Print what a build takes beside what it cannot do without."""
    build_s, copy_s = seconds["build"], seconds["copy with pyarrow"]
    least_s = sum(seconds.values()) - build_s
    for name, share in (
        ("build, of the time of the copy", f"{build_s / copy_s:7.2f} (goal 1.50)"),
        ("copy, digests, opening, of the copy", f"{least_s / copy_s:6.2f}"),
        ("build, of all of these", f"{build_s / least_s:7.2f}"),
    ):
        print(f"{name:34} {share}")


def _hash(files: Sequence[Path]) -> None:
    for path in files:
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")


def _size(path: Path) -> int:
    return path.stat().st_size


def _decrypt(size_bytes: int) -> None:
    """Decrypt one chunk of age's size again and again, from the cache of the processor."""
    cipher, nonce = ChaCha20Poly1305(bytes(32)), bytes(12)
    sealed = cipher.encrypt(nonce, bytes(_AGE_CHUNK), None)
    for _ in range(size_bytes // _AGE_CHUNK):
        cipher.decrypt(nonce, sealed, None)


def _copy(files: Sequence[Path], to: Path) -> None:
    """Read the shards and write what they hold, as a shard is written."""
    for path in files:
        with (
            pq.ParquetFile(path) as source,
            pq.ParquetWriter(to, STEPS, **parquet_options(STEPS)) as out,
        ):
            for number in range(source.metadata.num_row_groups):
                out.write_table(
                    source.read_row_group(number, use_threads=False),
                    row_group_size=STEP_ROW_GROUP_ROWS,
                )


if __name__ == "__main__":
    main()
