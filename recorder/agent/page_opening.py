"""Opens the review page when the person chooses it: somebody else starts it, without our filter."""

from collections.abc import Callable
from typing import Final

from recorder.agent.making import Making

_NAME: Final = "review"


class PageOpening:
    """Begun and asked by the supervisor's thread; `open` from any.

    Args:
        can_open: Tells whether somebody would start it; may wait.
        open_page: Has it started and shown; may wait. False where it was not.
        failed: Told, on a thread, that it was not.
    """

    def __init__(
        self,
        can_open: Callable[[], bool],
        open_page: Callable[[], bool],
        failed: Callable[[], object],
    ) -> None:
        self._asking = Making(can_open, f"{_NAME}-asking")
        self._opening = Making(self._open, _NAME)
        self._open_page = open_page
        self._failed = failed
        self._can_open = False

    def begin(self) -> None:
        """Begin to ask whether it can be opened. Never waits."""
        self._asking.begin()

    @property
    def is_possible(self) -> bool:
        """Whether it can be opened, as far as is known."""
        self._can_open = self._asking.take() or self._can_open
        return self._can_open

    def open(self) -> None:
        """Open it soon, unless that is going on. Never waits."""
        self._opening.begin()

    def _open(self) -> None:
        if not self._open_page():
            self._failed()
