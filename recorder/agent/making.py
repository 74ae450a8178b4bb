"""Makes things on a thread of their own: a display or a bus that hangs keeps nobody waiting."""

import logging
import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from recorder.core.errors import RecorderError

_LOG: Final = logging.getLogger(__name__)
_ANSWER_S: Final = 0.1
T = TypeVar("T")


class Making(Generic[T]):
    """Makes one thing at a time; asked by one thread.

    Args:
        make: Gives the thing; may hang, or raise `RecorderError` where there is no place for it.
        name: Of the thread.
    """

    def __init__(self, make: Callable[[], T], name: str) -> None:
        self._make = make
        self._name = name
        self._thread: threading.Thread | None = None
        self._made: T | None = None

    def begin(self) -> None:
        """Begin to make one, unless one is being made or waits to be taken."""
        if self.is_over and self._made is None:
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether nothing is being made just now."""
        return self._thread is None or not self._thread.is_alive()

    def wait(self, timeout_s: float) -> None:
        """Wait until nothing is being made, so long at most."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def take(self) -> T | None:
        """Give what was made, once; None where it is not there, or not yet."""
        if not self.is_over:
            return None
        made, self._made = self._made, None
        return made

    def _run(self) -> None:
        try:
            self._made = self._make()
        except RecorderError as error:
            _LOG.debug("no %s: %s", self._name, type(error).__name__)


class Aside:
    """Asks a question that may hang, one at a time.

    Args:
        question: What is asked.
        name: Of the thread.
    """

    def __init__(self, question: Callable[[], bool], name: str) -> None:
        self._asking = Making(question, name)

    def answer(self) -> bool:
        """Ask, and give the answer when it comes in a tenth of a second; else False.

        A late answer is given to the next one who asks.
        """
        self._asking.begin()
        self._asking.wait(_ANSWER_S)
        return bool(self._asking.take())
