"""A bar on stderr for work that lasts: after a second, and on a terminal only."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE_S = 1.0
"""Work that is done before it shows no bar."""


@contextmanager
def progress(doing: str, steps: int | None = None) -> Iterator[Callable[[], None]]:
    """Give what to call after each step; the bar is gone when the block ends.

    Args:
        doing: What is shown before the bar, such as "Deleting".
        steps: How many there are; None when nobody knows.
    """
    if not sys.stderr.isatty():
        yield _nothing
        return
    bar = _Bar(doing, steps)
    timer = threading.Timer(PATIENCE_S, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.step
    finally:
        timer.cancel()
        timer.join()
        bar.close()


class _Bar:
    """Counts steps; Rich, which takes a while to import, comes only when the bar shows."""

    def __init__(self, doing: str, steps: int | None) -> None:
        self._doing = doing
        self._steps = steps
        self._done = 0
        self._shown: Progress | None = None

    def show(self) -> None:
        """Draw it from now on; runs in the timer's thread."""
        from rich.console import Console  # noqa: PLC0415 - only where it is shown
        from rich.progress import Progress  # noqa: PLC0415 - as above

        shown = Progress(console=Console(stderr=True), transient=True)
        shown.add_task(self._doing, total=self._steps)
        self._shown = shown
        self._draw()
        shown.start()

    def step(self) -> None:
        """Count one step."""
        self._done += 1
        self._draw()

    def close(self) -> None:
        """Take it off the screen; its thread has shown it by now or never will."""
        if self._shown is not None:
            self._shown.stop()

    def _draw(self) -> None:
        if self._shown is not None:
            self._shown.update(self._shown.task_ids[0], completed=self._done)


def _nothing() -> None:
    """Stand for a bar where nobody looks."""
