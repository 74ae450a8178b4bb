"""A pointer that moves over the terminal, a thousand times a second unless it is told otherwise."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.robot import Field, Robot

_TERMINAL = Field(80, 120, 700, 400)


@contextmanager
def moving(display: str, every_s: float = 0.001) -> Iterator[None]:
    """Move the pointer meanwhile."""
    over = threading.Event()

    def run() -> None:
        with Robot(display, _TERMINAL) as robot:
            while not over.is_set():
                robot.move()
                time.sleep(every_s)

    thread = threading.Thread(target=run, name="pointer")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
