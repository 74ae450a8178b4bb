"""Workers of a Ray cluster, by Ray Data: each task is one row, and none meets another.

A worker gets the task's keys in its row and gives back counts and digests; steps go from the
worker to the dataset's place, never through Ray's object store. On several machines collection
and place must be reachable under the same names from all of them.
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.research.building.engines import Prepare, done_of, lost
from recorder.research.building.work import Answer, Done, Task, Work
from recorder.research.quiet import QUIET, be_quiet

_WAVE: Final = 512
"""Tasks whose keys are given out at once."""
_LOOPBACK: Final = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""0 keeps a cluster of one computer on 127.0.0.1, on every system: Ray asks nobody who it is, so
else anyone on the network could have code run in it. Read when Ray is imported."""

_STARTS: Final = 3
"""A cluster here is started so often. Its raylet gives its own helpers 15 s and has no setting for
it (Ray 2.60, `NodeManager::WaitForDashboardAgentPorts`); on a busy computer they took longer."""


class RayMissing(RecorderError):
    """Ray is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "Ray is not installed", "pip install 'opt-in-recorder[research]', or --engine local",
            ExitCode.NOT_PERMITTED,
        )  # fmt: skip


class ClusterUnreachable(RecorderError):
    """The cluster does not answer."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"There is no Ray cluster at {address}", "see its address with: ray status",
            ExitCode.UNWRITABLE,
        )  # fmt: skip


class RayNotStarted(RecorderError):
    """A cluster of this computer did not come up."""

    def __init__(self) -> None:
        super().__init__(
            "Ray did not start on this computer",
            "run it again when less runs beside it, or --engine local",
            ExitCode.UNWRITABLE,
        )


class RayEngine:
    """A cluster that is there, or one of this computer that ends with the build.

    Attributes:
        jobs: Workers of a cluster that is started here.
        address: Of a cluster; None starts one.
    """

    def __init__(self, jobs: int, address: str | None) -> None:
        """Load Ray.

        Raises:
            RayMissing: It is not installed.
        """
        be_quiet()
        if address is None:
            os.environ[_LOOPBACK] = "0"
        try:
            import ray  # noqa: F401, PLC0415 - an extra, and quiet only when it is asked for
        except ImportError as cause:
            raise RayMissing from cause
        self.jobs = jobs
        self.address = address

    def run(self, tasks: Sequence[Task], prepare: Prepare) -> Iterator[tuple[Task, Done]]:
        """Give what became of each; see `Engine`.

        Raises:
            ClusterUnreachable: There is none.
            RayNotStarted: None could be started here.
        """
        if not tasks:
            return
        import ray  # noqa: PLC0415 - as above

        self._open(ray)
        try:
            waiting = iter(tasks)
            while wave := list(islice(waiting, _WAVE)):
                yield from _wave(wave, [prepare(task) for task in wave])
        finally:
            ray.shutdown()

    def _open(self, ray: Any) -> None:  # noqa: ANN401 - Ray
        options = {
            "log_to_driver": False, "include_dashboard": False, "logging_level": logging.ERROR,
            "runtime_env": {"env_vars": QUIET},
        }  # fmt: skip
        if self.address is None:
            _start(lambda: ray.init(address="local", num_cpus=self.jobs, **options))
        else:
            try:
                ray.init(address=self.address, **options)
            except (ConnectionError, ValueError, RuntimeError) as cause:
                raise ClusterUnreachable(self.address) from cause
        ray.data.DataContext.get_current().enable_progress_bars = False
        ray.data.DataContext.get_current().max_errored_blocks = -1
        logging.getLogger("ray.data").setLevel(logging.ERROR)


def _start(start: Callable[[], object]) -> None:
    """Start a cluster; what a start that failed left ends with this process."""
    for left in reversed(range(_STARTS)):
        try:
            start()
        except Exception as cause:
            if not left:  # Ray raises no narrower one
                raise RayNotStarted from cause
        else:
            return


def _wave(tasks: Sequence[Task], works: Sequence[Work]) -> Iterator[tuple[Task, Done]]:
    import ray  # noqa: PLC0415 - as above

    items = [
        {"number": number, "work": work.model_dump_json(by_alias=True)}
        for number, work in enumerate(works)
    ]
    found = ray.data.from_items(items, override_num_blocks=len(items)).map_batches(
        _answers, batch_size=1, batch_format="pyarrow", num_cpus=1
    )
    missing = dict(enumerate(tasks))
    for row in found.iter_rows():
        task = missing.pop(row["number"])
        yield task, done_of(Answer.model_validate_json(row["answer"]))
    for number, task in missing.items():
        yield task, lost(works[number])


def _answers(batch: Any) -> Any:  # noqa: ANN401 - tables of pyarrow
    """Do the tasks of a batch; runs in a worker of the cluster."""
    import pyarrow as pa  # noqa: PLC0415 - in the worker

    from recorder.research.building.worker import answered  # noqa: PLC0415 - as above

    answers = [
        answered(Work.model_validate_json(one)).model_dump_json(by_alias=True)
        for one in batch.column("work").to_pylist()
    ]
    return pa.table({"number": batch.column("number"), "answer": answers})
