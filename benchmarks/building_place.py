"""Collections of made-up episodes, and datasets that are built of them."""

import io
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.study_drop import (
    HEIGHT,
    SECOND_NS,
    WIDTH,
    WORDS,
    StudyDrop,
    content_of,
    frames_of,
    new_id,
    parquet_of,
    picture,
    table_of,
)
from recorder.cli.system_clock import SystemClock
from recorder.consent.passphrase import Passphrase
from recorder.consent.recipients import roles
from recorder.research.building.engines import Engine, Prepare, done_of
from recorder.research.building.run import Order, Report, Workshop, build, gate
from recorder.research.building.work import Done, Task
from recorder.research.building.worker import answered
from recorder.research.collection import Arrival, Collection, utc_now
from recorder.research.studies import Study, StudySecrets
from recorder.sharing.bundle import write_bundle
from recorder.sharing.bundle_gate import Expect

if TYPE_CHECKING:
    from recorder.sharing.bundle import Sender

_A_PERSON: Final = 50


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
    study: Study
    secrets: StudySecrets
    collection: Collection

    @classmethod
    def make(cls, root: Path, count: int, clicks: int, frame_bytes: int) -> "Place":
        """Hold episodes of clicks, each with a picture of its own; fifty of each person."""
        root.mkdir(parents=True)
        made = StudyDrop(root)
        place = cls(
            root, made.study, made.secrets,
            Collection.create(root / "data", made.study.id, utc_now()),
        )  # fmt: skip
        for number in range(count):
            if number % _A_PERSON == 0:
                sender = made.join()
            place._add(sender, clicks, frame_bytes)
        return place

    @classmethod
    def open(cls, root: Path) -> "Place":
        """Open what was made before, as in a process that begins."""
        study = Study.open(root / "study")
        return cls(root, study, study.unlock(Passphrase(WORDS)), Collection.open(root / "data"))

    def build(
        self, engine: Engine, out: str = "out", step: Callable[[], None] | None = None
    ) -> Report:
        """Build a dataset anew."""
        shutil.rmtree(self.root / out, ignore_errors=True)
        shutil.rmtree(self.collection.folder / "datasets", ignore_errors=True)
        known, now_ns = self.study.notices(), SystemClock().wall_ns()
        expect = Expect(self.study.id, self.study.audience, known, now_ns)
        order = Order(
            collection=self.collection, name="bench", out=str(self.root / out),
            role=roles(self.study.terms)[0], profile="recorder", split_by="participant",
            shares=(80, 10, 10), dedup=False, expect=expect, now=datetime.now(UTC),
        )  # fmt: skip
        workshop = Workshop(engine, self.secrets)
        report = build(order, gate(order, _nothing), workshop, lambda _: step or _nothing)
        if report.left_out:
            raise SystemExit(f"left out: {report.left_out[0].reason}")
        return report

    def _add(self, sender: "Sender", clicks: int, frame_bytes: int) -> None:
        episode_id, path = new_id(), self.root / "new.tar"
        tables = _tables(episode_id, clicks, frame_bytes)
        content, tar = content_of(
            episode_id, tables, {"events": 2 * clicks, "frames": clicks, "context": 1}
        )
        with path.open("wb") as file:
            manifest = write_bundle(file, sender, episode_id, content, io.BytesIO(tar))
        arrival = Arrival(manifest, sender.ledger, path, content.duration_ns, "")
        self.collection.add(arrival, utc_now())


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
