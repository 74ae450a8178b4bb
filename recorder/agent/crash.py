"""What may be said about a bug: its type and the place in the code, never its text.

The text of an exception can hold what was typed; its type and line numbers cannot.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

_PACKAGE = Path(__file__).parents[1]
_DEPTH = 6
_MOST_COMPLAINTS = 100


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


class _Libraries(logging.Handler):
    """Says which library complains and with what type of exception, each once."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell
        self._told: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if isinstance(record.exc_info, tuple) else None
        line = f"{record.name} {record.levelname} {kind.__name__ if kind else ''}".strip()
        if line not in self._told and len(self._told) < _MOST_COMPLAINTS:
            self._told.add(line)
            self._tell(line)


def silence_libraries(tell: Callable[[str], object]) -> None:
    """Let what libraries log say its source only.

    Without a handler their warnings go to stderr, with messages from other programs and whole
    tracebacks, thousands a second where a bus is lost in a flood (dbus-fast 5.0.22).
    """
    logging.getLogger().addHandler(_Libraries(tell))
    logging.getLogger("recorder").propagate = False


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(_PACKAGE)) if path.is_relative_to(_PACKAGE) else path.name
