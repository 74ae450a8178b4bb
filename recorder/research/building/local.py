"""Workers on this computer: processes of their own, each with one task's keys at a time."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from types import TracebackType
from typing import Final, Self

from recorder.research.building.engines import Prepare, done_of, lost
from recorder.research.building.fresh import begin
from recorder.research.building.work import Answer, Done, Task, Work

_TRIES: Final = 2
_END_S: Final = 10.0
_AHEAD: Final = 2
"""Tasks in work or waiting, for each worker."""


class LocalEngine:
    """A fixed number of processes; one that is killed is started again.

    Attributes:
        jobs: Workers, each with at most 500 MB.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def run(self, tasks: Sequence[Task], prepare: Prepare) -> Iterator[tuple[Task, Done]]:
        """Give what became of each; see `Engine`."""
        idle: SimpleQueue[_Worker] = SimpleQueue()
        workers = [_Worker() for _ in range(min(self.jobs, len(tasks)))]
        for worker in workers:
            idle.put(worker)

        def do(task: Task) -> tuple[Task, Done]:
            work = prepare(task)
            worker = idle.get()
            try:
                return task, _tried(worker, work)
            finally:
                idle.put(worker)

        with _All(workers), ThreadPoolExecutor(self.jobs, "building") as pool:
            running: set[Future[tuple[Task, Done]]] = set()
            try:
                for task in tasks:
                    running.add(pool.submit(do, task))
                    if len(running) >= _AHEAD * self.jobs:
                        done, running = wait(running, return_when=FIRST_COMPLETED)
                        yield from (one.result() for one in done)
                while running:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in done)
            except BaseException:
                for worker in workers:
                    worker.end()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)


def _tried(worker: "_Worker", work: Work) -> Done:
    """Do a task; once more when its worker is killed."""
    for _ in range(_TRIES):
        answer = worker.do(work)
        if answer is not None:
            return done_of(answer)
    return lost(work)


class _All:
    """Ends the workers with its block."""

    def __init__(self, workers: Sequence["_Worker"]) -> None:
        self._workers = workers

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for worker in self._workers:
            worker.end()


class _Worker:
    """Our side of one process, which is started when it is needed."""

    def __init__(self) -> None:
        self._child: tuple[BaseProcess, Connection] | None = None
        self._is_over = False

    def do(self, work: Work) -> Answer | None:
        """Give its answer; None when it was killed."""
        if self._is_over:
            return None
        _, pipe = self._child or self._start()
        try:
            pipe.send_bytes(work.model_dump_json(by_alias=True).encode())
            return Answer.model_validate_json(pipe.recv_bytes())
        except (EOFError, OSError):
            self._kill()
            return None

    def end(self) -> None:
        """End the process, whatever it does, for good."""
        self._is_over = True
        self._kill()

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            process, pipe = child
            process.kill()
            process.join(_END_S)
            pipe.close()

    def _start(self) -> tuple[BaseProcess, Connection]:
        spawning = multiprocessing.get_context("spawn")
        ours, theirs = spawning.Pipe()
        process = spawning.Process(target=begin, args=(theirs,), daemon=True, name="building")
        process.start()
        theirs.close()
        self._child = (process, ours)
        return self._child
