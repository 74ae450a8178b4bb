"""What reaches the supervisor: one inbox, one kind of value per event."""

from dataclasses import dataclass
from typing import Literal

from recorder.agent.control import Reply, Request
from recorder.core.errors import RecorderError

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


Note = Asked | SourceReady | SourceEnded | Trouble | Crashed
