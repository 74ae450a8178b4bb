"""A pointer that moves a thousand times a second over the terminal."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.robot import Field, Robot

_TERMINAL = Field(80, 120, 700, 400)


@contextmanager
def moving(display: str) -> Iterator[None]:
    """Move the pointer a thousand times a second meanwhile."""
    over = threading.Event()

    def run() -> None:
        with Robot(display, _TERMINAL) as robot:
            while not over.is_set():
                robot.move()
                time.sleep(0.001)

    thread = threading.Thread(target=run, name="pointer")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
