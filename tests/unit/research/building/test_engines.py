"""Processes here and a Ray cluster of two workers: the same bytes, and one that is killed."""

import gc
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from recorder.core.errors import ExitCode
from recorder.research.building import local, on_ray
from recorder.research.building.engines import KILLED, Engine, Prepare
from recorder.research.building.local import LocalEngine
from recorder.research.building.on_ray import RayEngine
from recorder.research.building.work import Done, Task, Work
from tests.unit.research.building.deadly import MARK, answers_unless_first
from tests.unit.research.building.house import House, content


@pytest.fixture
def three(house: House) -> House:
    """Three people, one of whom shared two episodes."""
    for contents in ((content(4), content(5, hour=1)), (content(6),), (content(7),)):
        house.share(*contents)
    return house


class BeforeTask:
    """An engine in whose way something comes before its second task."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.prepared: list[Task] = []

    def run(self, tasks: Sequence[Task], prepare: Prepare) -> Iterator[tuple[Task, Done]]:
        def met(task: Task) -> Work:
            self.prepared.append(task)
            if len(self.prepared) == 2:
                self.happen()
            return prepare(task)

        return self._engine.run(tasks, met)

    def happen(self) -> None:
        """Kill the worker that waits for it."""
        for child in multiprocessing.active_children():
            if child.name == "building":
                child.kill()
                child.join()


@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:ray",
    "ignore::FutureWarning:ray",
    "ignore:subprocess .* is still running:ResourceWarning",
)
def test_workers_here_and_on_ray_give_the_same_bytes(
    three: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.build()
    here, there = three.lab.root / "here", three.lab.root / "there"
    report = three.build(LocalEngine(2), name="here", out=str(here))
    assert (report.built, report.rows["train"]) == (3, 22)
    mark = three.lab.root / "mark"
    monkeypatch.setenv(MARK, str(mark))
    monkeypatch.setattr(on_ray, "_answers", answers_unless_first)
    report = three.build(RayEngine(2, None), name="there", out=str(there))
    gc.collect()  # what a late start left is told here, and not in the next test
    assert mark.exists()
    assert (report.built, report.rows["train"]) == (3, 22)
    assert three.files() == three.files(here) == three.files(there)
    from ray._common.usage.usage_lib import usage_stats_enabled  # noqa: PLC0415 - after the engine

    assert not usage_stats_enabled()


def test_a_cluster_that_is_late_is_started_again_and_not_for_ever() -> None:
    late = Exception("The current node timed out during startup")
    answers: list[Exception | None] = [late, late, None]

    def start() -> None:
        if (answer := answers.pop(0)) is not None:
            raise answer

    on_ray._start(start)
    assert answers == []
    answers += [late] * 9
    with pytest.raises(on_ray.RayNotStarted):
        on_ray._start(start)
    assert len(answers) == 6


def test_a_worker_that_is_killed_is_replaced(three: House) -> None:
    engine = BeforeTask(LocalEngine(1))
    report = three.build(engine)
    assert len(engine.prepared) == 3
    assert (report.rows["train"], report.left_out) == (22, [])


def test_a_worker_does_without_pandas() -> None:
    code = (
        "import multiprocessing, sys\n"
        "from recorder.research.building.fresh import begin\n"
        "ours, theirs = multiprocessing.Pipe()\n"
        "ours.close()\n"
        "begin(theirs)\n"
        "import pyarrow\n"
        "pyarrow.array([1])\n"
        "print('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_task_that_kills_each_worker_is_left_out_and_tried_by_the_next_build(
    three: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deadly(BeforeTask):
        def happen(self) -> None:
            super().happen()
            real = local._Worker._start

            def killed(worker: local._Worker) -> tuple[BaseProcess, Connection]:
                found = real(worker)
                if len(self.prepared) == 2:
                    found[0].kill()
                    found[0].join()
                return found

            monkeypatch.setattr(local._Worker, "_start", killed)

    engine = Deadly(LocalEngine(1))
    report = three.build(engine)
    lost = engine.prepared[1]
    assert {(one.pseudonym, one.code, one.reason) for one in report.left_out} == {
        (lost.pseudonym, ExitCode.LIMITS, KILLED)
    }
    again = three.build()
    assert (again.built, again.known, again.rows["train"]) == (1, 2, 22)
