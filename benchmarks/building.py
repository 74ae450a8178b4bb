"""What building a dataset costs: beside a plain copy of its pictures, in memory, and on Ray.

`./run bench building` [--count 2000] [--megabytes 200] [--ray]. The speed is in seconds of the
processor, the best of several rounds that take turns: the whole build in one process (gates,
keys, decrypting, reducing, writing), and pyarrow reading the same shards and writing them anew.
Beside it stand one SHA-256 and one decryption of as many bytes, without which nothing that was
sealed and signed can be used: with the copy, the least that a build takes.
Memory is the largest resident set of a worker while the number of episodes grows.
"""

import argparse
import hashlib
import io
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from benchmarks.rounds import best_cpu_s
from benchmarks.study_drop import (
    HEIGHT,
    SECOND_NS,
    WIDTH,
    StudyDrop,
    content_of,
    frames_of,
    new_id,
    parquet_of,
    picture,
    table_of,
)
from recorder.cli.system_clock import SystemClock
from recorder.consent.recipients import roles
from recorder.episodes.schemas import parquet_options
from recorder.research.building.engines import Engine, Prepare, done_of
from recorder.research.building.local import LocalEngine
from recorder.research.building.run import Order, Report, Workshop, build, gate
from recorder.research.building.work import Done, Task
from recorder.research.building.worker import answered
from recorder.research.collection import Arrival, Collection, utc_now
from recorder.research.reduction.schema import STEP_ROW_GROUP_ROWS, STEPS
from recorder.sharing.bundle import write_bundle
from recorder.sharing.bundle_gate import Expect

COUNT: Final = 2000
MEGABYTES: Final = 200
_FRAME_BYTES: Final = 60_000
_CLICKS: Final = 200
"""Of a large episode; each shows another picture: twelve megabytes."""
_FEW_CLICKS: Final = 20
_A_PERSON: Final = 50
_MB: Final = 1_000_000
_AGE_CHUNK: Final = 64 * 1024
_JOBS: Final = 2


class Here:
    """An engine without processes, so that all seconds are counted."""

    def run(self, tasks: Sequence[Task], prepare: Prepare) -> Iterator[tuple[Task, Done]]:
        """Do one after the other."""
        for task in tasks:
            yield task, done_of(answered(prepare(task)))


@dataclass(frozen=True)
class Place:
    """A study with a collection, and where datasets go."""

    root: Path
    made: StudyDrop
    collection: Collection

    @classmethod
    def make(cls, root: Path) -> "Place":
        """Make one."""
        root.mkdir()
        made = StudyDrop(root)
        return cls(root, made, Collection.create(root / "data", made.study.id, utc_now()))

    def fill(self, numbers: range, clicks: int, frame_bytes: int) -> None:
        """Hold episodes of clicks, each with a picture of its own."""
        for number in numbers:
            if number % _A_PERSON == 0:
                sender = self.made.join()
            episode_id, path = new_id(), self.root / "new.tar"
            tables = _tables(episode_id, clicks, frame_bytes)
            content, tar = content_of(
                episode_id, tables, {"events": 2 * clicks, "frames": clicks, "context": 1}
            )
            with path.open("wb") as file:
                manifest = write_bundle(file, sender, episode_id, content, io.BytesIO(tar))
            arrival = Arrival(manifest, sender.ledger, path, content.duration_ns, "")
            self.collection.add(arrival, utc_now())

    def build(
        self, engine: Engine, out: str = "out", step: Callable[[], None] | None = None
    ) -> Report:
        """Build a dataset anew."""
        shutil.rmtree(self.root / out, ignore_errors=True)
        shutil.rmtree(self.collection.folder / "datasets", ignore_errors=True)
        study = self.made.study
        known, now_ns = study.notices(), SystemClock().wall_ns()
        order = Order(
            collection=self.collection, name="bench", out=str(self.root / out),
            role=roles(study.terms)[0], profile="recorder", split_by="participant",
            shares=(80, 10, 10), dedup=False, expect=Expect(study.id, study.audience, known, now_ns), now=datetime.now(UTC),
        )  # fmt: skip
        workshop = Workshop(engine, self.made.secrets)
        report = build(order, gate(order, _nothing), workshop, lambda _: step or _nothing)
        if report.left_out:
            raise SystemExit(f"left out: {report.left_out[0].reason}")
        return report


def main() -> None:
    """Measure and print one line a figure."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=COUNT)
    words.add_argument("--megabytes", type=int, default=MEGABYTES)
    words.add_argument("--ray", action="store_true", help="also on a cluster of two workers")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="recorder-bench-") as place:
        _tell_speed(Path(place) / "speed", asked.megabytes, with_ray=asked.ray)
        _tell_memory(Path(place), asked.count)


def _tell_speed(root: Path, megabytes: int, *, with_ray: bool) -> None:
    place = Place.make(root)
    place.fill(range(max(1, megabytes * _MB // (_CLICKS * _FRAME_BYTES))), _CLICKS, _FRAME_BYTES)
    report = place.build(Here(), "first")
    files = [root / "first" / shard.file for shard in report.dataset.shards]
    size_mb = sum(path.stat().st_size for path in files) / _MB
    sealed = list(place.collection.paths())
    seconds = best_cpu_s({
        "build": lambda: place.build(Here()),
        "copy with pyarrow": lambda: _copy(files, root / "copy.parquet"),
        "SHA-256 of what is sealed": lambda: _hash(sealed),
        "ChaCha20-Poly1305 of as much": lambda: _decrypt(sum(map(_size, sealed))),
    })  # fmt: skip
    for name, took_s in seconds.items():
        print(f"{name:34} {size_mb / took_s:7.0f} MB/s of a core")
    copy_s = seconds["copy with pyarrow"]
    least_s = sum(seconds.values()) - seconds["build"]
    print(f"{'build, of the time of the copy':34} {seconds['build'] / copy_s:7.2f} (goal 1.50)")
    print(f"{'copy and both, of the copy':34} {least_s / copy_s:7.2f}")
    print(f"{'build, of the copy and both':34} {seconds['build'] / least_s:7.2f}")
    engines: dict[str, Engine] = {"two processes": LocalEngine(_JOBS)}
    if with_ray:
        from recorder.research.building.on_ray import RayEngine  # noqa: PLC0415 - an extra

        engines["two workers of Ray"] = RayEngine(_JOBS, None)
    for name, engine in engines.items():
        began_s = time.monotonic()
        place.build(engine)
        took_s = time.monotonic() - began_s
        print(f"{f'{name}, with their start':34} {took_s:7.1f} s for {size_mb:.0f} MB")


def _tell_memory(above: Path, count: int) -> None:
    place, there = Place.make(above / "memory"), 0
    for wanted in sorted({min(200, count), count}):
        place.fill(range(there, wanted), _FEW_CLICKS, _FRAME_BYTES // 10)
        there = wanted
        peaks = [0.0]

        def look(peaks: list[float] = peaks) -> None:
            peaks += [_peak_mb(child.pid) for child in multiprocessing.active_children()]

        began_s = time.monotonic()
        report = place.build(LocalEngine(_JOBS), step=look)
        took_s = time.monotonic() - began_s
        rows = sum(report.rows.values())
        told = f"{max(peaks):7.0f} MB a worker, {took_s:.1f} s, {rows} steps, {report.built} parts"
        print(f"{f'{wanted} episodes':34} {told}")
    print(f"{'this process':34} {_peak_mb(os.getpid()):7.0f} MB")


def _peak_mb(pid: int | None) -> float:
    """Give the largest resident set of a process so far."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) * 1024 / _MB if found else 0.0


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


def _tables(episode_id: str, clicks: int, frame_bytes: int) -> dict[str, bytes]:
    """Give the files of an episode: clicks, a picture before each, one monitor."""
    times = [number * SECOND_NS for number in range(1, clicks + 1)]
    count = 2 * clicks
    events = table_of("events", count, {
        "episode_id": [episode_id] * count, "seq": range(count),
        "t_ns": [t + wait for t in times for wait in (0, 50_000_000)],
        "kind": ["button_down", "button_up"] * clicks, "button": ["left"] * count,
        "x": [n % WIDTH for n in range(count)], "y": [n % HEIGHT for n in range(count)],
        "monitor_id": [0] * count, "mods": [0] * count, "redaction": ["none"] * count,
        "frame_id": [n // 2 if n % 2 == 0 else None for n in range(count)],
    })  # fmt: skip
    frames = frames_of(episode_id, clicks, {
        "t_grab_start_ns": [t - 2_000_000 for t in times],
        "t_grab_end_ns": [t - 1_000_000 for t in times],
        "image": [{"bytes": picture(frame_bytes), "path": None} for _ in times],
        "sha256": [os.urandom(32).hex() for _ in times],
        "phash64": [int.from_bytes(os.urandom(8), "big", signed=True) for _ in times],
    })  # fmt: skip
    monitor = {
        "monitor_id": 0, "x": 0, "y": 0, "w": WIDTH, "h": HEIGHT, "scale": 1.0, "is_primary": True,
    }  # fmt: skip
    context = table_of("context", 1, {
        "episode_id": [episode_id], "seq": [0], "t_ns": [0], "kind": ["geometry"],
        "monitors": [[monitor]],
    })  # fmt: skip
    return {
        "events-000000.parquet": parquet_of(events, "events", episode_id),
        "frames-000000.parquet": parquet_of(frames, "frames", episode_id),
        "context-000000.parquet": parquet_of(context, "context", episode_id),
    }


def _nothing() -> None:
    """Show nobody how far it got."""


if __name__ == "__main__":
    main()
