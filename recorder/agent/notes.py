"""What reaches the supervisor: one inbox, one kind of value per event."""

import logging
import queue
from dataclasses import dataclass
from typing import Final, Literal

from recorder.agent.control import Reply, Request
from recorder.core.errors import RecorderError

_LOG: Final = logging.getLogger(__name__)
_WAIT_S: Final = 2.0
Stream = Literal["input", "screen", "context"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request on the control socket."""

    request: Request
    reply: Reply


@dataclass(frozen=True, slots=True)
class SourceReady:
    """A source delivers; `stretch` tells which opening of the sources it belongs to."""

    stream: Stream
    stretch: int


@dataclass(frozen=True, slots=True)
class SourceEnded:
    """A source ended, by itself unless the stretch is over."""

    stream: Stream
    stretch: int
    error: RecorderError


@dataclass(frozen=True, slots=True)
class Trouble:
    """The writer met an error: no consent any more, or no room."""

    error: RecorderError


@dataclass(frozen=True, slots=True)
class Crashed:
    """A thread met a bug; `line` holds no content."""

    line: str


@dataclass(frozen=True, slots=True)
class Looked:
    """Whether the screen is locked has changed: time to decide."""


Note = Asked | SourceReady | SourceEnded | Trouble | Crashed | Looked


class Inbox(queue.Queue[Note]):
    """Notes of all threads, taken out by the supervisor; bounded.

    Full: the note is refused after a wait, counted and logged, and the thread that told it
    goes on. That happens only when the supervisor hangs.
    """

    def __init__(self, most: int, wait_s: float = _WAIT_S) -> None:
        super().__init__(most)
        self._wait_s = wait_s
        self.refused = 0
        """How many notes were refused."""

    def hand_in(self, note: Note) -> bool:
        """Hand in a note; False when it was refused."""
        try:
            self.put(note, timeout=self._wait_s)
        except queue.Full:
            with self.mutex:
                self.refused += 1
            _LOG.error("the supervisor did not take a note: %s", type(note).__name__)
            return False
        return True
