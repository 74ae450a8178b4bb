"""A collection of small episodes with pictures, and what builds datasets of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

from recorder.consent.studies import Joined
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, Kind
from recorder.core.frames import FrameRow, Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.ids import ulid
from recorder.episodes.names import Table
from recorder.episodes.rows import Row
from recorder.pictures import coded
from recorder.research.building.engines import Engine, Prepare, done_of
from recorder.research.building.run import Order, Report, Workshop, build, gate
from recorder.research.building.work import Done, Task
from recorder.research.building.worker import answered
from recorder.research.collection import utc_now
from recorder.research.datasets import DATASETS, Dataset, read_dataset
from recorder.research.studies import StudySecrets
from recorder.sharing.statements import BundleManifest
from tests.unit.research.bundles import HEIGHT, SECOND, WIDTH, Content, Lab, as_controller, rows_of
from tests.unit.sharing.joining import NOW, Person, make_person

MONITOR = Monitor(0, Rect(0, 0, WIDTH, HEIGHT), is_primary=True)


Rows = dict[Table, tuple[Row, ...]]


class InProcess:
    """An engine without processes."""

    def run(self, tasks: Sequence[Task], prepare: Prepare) -> Iterator[tuple[Task, Done]]:
        for task in tasks:
            yield task, done_of(answered(prepare(task)))


def shade(grey: int) -> bytes:
    return coded(np.full((HEIGHT, WIDTH, 4), grey, np.uint8), "redacted")


def a_frame(number: int, grey: int, phash: int, dup_of: int | None = None) -> FrameRow:
    image = None if dup_of is not None else shade(grey)
    at = number * SECOND
    return FrameRow(
        number, at - 2, at - 1, None, None, 0, WIDTH, HEIGHT, 0, 0, 1.0, (Trigger.BEFORE_ACTION,),
        image, f"{grey:02x}" * 32, phash, dup_of, "redacted", (),
    )  # fmt: skip


def clicks(count: int, grey: int = 90, phash: int = 5, app: str = "xterm") -> Rows:
    """Give rows of an episode: a click a second, each with a frame; every third shows the first."""
    times = range(1, count + 1)
    frames = [
        a_frame(n, grey, phash, dup_of=1 if n % 3 == 0 else None) for n in times
    ]  # fmt: skip
    events = []
    for n in times:
        for offset, kind in enumerate((Kind.BUTTON_DOWN, Kind.BUTTON_UP)):
            events.append(
                EventRow(
                    n * SECOND + offset * 50_000_000,
                    kind,
                    x=n % WIDTH,
                    y=4,
                    monitor_id=0,
                    button="left",
                    mods=0,
                    frame_id=n if not offset else None,
                )
            )
    context = (
        ContextRow(0, ContextKind.GEOMETRY, monitors=(MONITOR,)),
        ContextRow(1, ContextKind.FOCUS, app_id=app, app_name=app),
    )
    return rows_of(events=tuple(events), frames=tuple(frames), context=context)


def content(count: int = 4, hour: int = 0, **told: Any) -> Content:  # noqa: ANN401 - of `clicks`
    """Give an episode of clicks that began some hours later."""
    began_ns = NOW + hour * 3600 * SECOND
    made = Content(rows=clicks(count, **told), episode_id=ulid(began_ns, bytes([count] * 10)))
    made.index = {"ranges": [[0, (count + 1) * SECOND]], "double_click_ms": 400}
    made.manifest = {"duration_ns": (count + 1) * SECOND}
    return made


@dataclass
class House:
    """A lab whose collection is built from."""

    lab: Lab
    people: list[tuple[Person, Joined]] = field(default_factory=list)

    def person(self) -> tuple[Person, Joined]:
        home = self.lab.root / f"person-{len(self.people)}"
        home.mkdir()
        person = make_person(home)
        self.people.append((person, person.join(self.lab.study)))
        return self.people[-1]

    def share(self, *contents: Content) -> list[BundleManifest]:
        """Have one new person share episodes, and collect them."""
        person, joined = self.person()
        told = [self.lab.share(person, joined, one) for one in contents]
        self.collect()
        return told

    def collect(self) -> None:
        """Collect what lies in the drop; bundles are made now, so they arrive now."""
        report = self.lab.collect(now=utc_now())
        assert not report.tally.refused, report.tally.refused

    @property
    def out(self) -> Path:
        return self.lab.root / "out"

    def order(self, **changed: Any) -> Order:  # noqa: ANN401 - fields of an order
        order = Order(
            collection=self.lab.collection, name="steps", out=str(self.out), role="the lab",
            profile="recorder", split_by="participant", shares=(100, 0, 0), dedup=False,
            expect=self.lab.study.expect(), now=utc_now(),
        )  # fmt: skip
        return replace(order, **changed)

    def build(self, engine: Engine | None = None, **changed: Any) -> Report:  # noqa: ANN401 - as above
        order = self.order(**changed)
        secrets = StudySecrets(as_controller(self.lab.study), self.lab.study.identity)
        with order.collection.held():
            gated = gate(order, lambda: None)
            workshop = Workshop(engine or InProcess(), secrets)
            return build(order, gated, workshop, lambda _: lambda: None)

    @property
    def folder(self) -> Path:
        return self.lab.collection.folder / DATASETS / "steps"

    @property
    def listed(self) -> Dataset:
        found = read_dataset(self.folder)
        assert found is not None
        return found

    def files(self, out: Path | None = None) -> dict[str, bytes]:
        data = (out or self.out) / "data"
        paths = sorted(path for path in data.rglob("*") if path.is_file())
        return {str(path.relative_to(data)): path.read_bytes() for path in paths}

    def table(self, out: Path | None = None) -> pa.Table:
        return ds.dataset((out or self.out) / "data", format="parquet").to_table()
