"""What may be said about a bug: its type and the place in the code, never its text.

The text of an exception can hold what was typed; its type and line numbers cannot.
"""

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

_PACKAGE = Path(__file__).parents[1]
_DEPTH = 6


def crash_line(error: BaseException) -> str:
    """Give one line: the type, and the innermost lines of code, without any value."""
    frames = traceback.extract_tb(error.__traceback__)[-_DEPTH:]
    places = " < ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} at {places or 'unknown'}"


def silence_tracebacks(tell: Callable[[str], object]) -> None:
    """Let uncaught exceptions of the process and its threads say their crash line only."""

    def of_process(
        _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        tell(crash_line(error))

    def of_thread(told: threading.ExceptHookArgs) -> None:
        name = told.thread.name if told.thread else "thread"
        tell(f"{name}: {crash_line(told.exc_value) if told.exc_value else told.exc_type.__name__}")

    sys.excepthook = of_process
    threading.excepthook = of_thread


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_PACKAGE)) if path.is_relative_to(_PACKAGE) else path.name
