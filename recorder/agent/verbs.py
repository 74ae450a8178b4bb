"""Requests on the control socket, checked before anything acts on them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from recorder.agent.control import BadRequest, Request
from recorder.core.errors import ExitCode, RecorderError

_DAY_S = 86_400


class NothingToLabel(RecorderError):
    """It is paused and no episode is open; a label would be lost."""

    def __init__(self) -> None:
        super().__init__(
            "It is paused and no episode is open, so the task was not noted",
            "recorder resume, then say it again",
            ExitCode.PAUSED,
        )


class NoTask(RecorderError):
    """No task was begun, so none can end."""

    def __init__(self) -> None:
        super().__init__(
            "There is no task to end; nothing was noted",
            'recorder task begin "what you set out to do"',
            ExitCode.USAGE,
        )


class _Verb(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Status(_Verb):
    """Tell how it stands."""

    verb: Literal["status"]


class Pause(_Verb):
    """Pause; with seconds, go on by itself after that time."""

    verb: Literal["pause"]
    seconds: Annotated[float, Field(gt=0, le=7 * _DAY_S)] | None = None


class Resume(_Verb):
    """Take the person's pause back."""

    verb: Literal["resume"]


class Stop(_Verb):
    """Stop, write everything, end."""

    verb: Literal["stop"]
    why: Annotated[str, Field(max_length=20, pattern="^[a-z_]*$")] = "user"


class Forget(_Verb):
    """Remove the last seconds of the open episode."""

    verb: Literal["forget"]
    seconds: Annotated[float, Field(gt=0, le=366 * _DAY_S)]


class Task(_Verb):
    """Label what is being done."""

    verb: Literal["task"]
    action: Literal["begin", "end"]
    instruction: Annotated[str, Field(max_length=2000)] | None = Field(None, repr=False)
    outcome: Annotated[str, Field(max_length=2000)] | None = Field(None, repr=False)


class ReadScope(_Verb):
    """Read the list of allowed apps again."""

    verb: Literal["scope"]


Verb = Status | Pause | Resume | Stop | Forget | Task | ReadScope
_ADAPTER: TypeAdapter[Verb] = TypeAdapter(Annotated[Verb, Field(discriminator="verb")])


def read_request(request: Request) -> Verb:
    """Give the checked request.

    Raises:
        BadRequest: An unknown verb, or a field that does not belong to it.
    """
    try:
        return _ADAPTER.validate_python(request)
    except ValidationError as cause:
        raise BadRequest("The recorder does not know this request") from cause
