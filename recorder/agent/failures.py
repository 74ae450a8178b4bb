"""What ends a recording that the person did not end."""

from recorder.core.errors import ExitCode, RecorderError


class StartTimedOut(RecorderError):
    """The sources did not deliver in time."""

    def __init__(self) -> None:
        super().__init__(
            "Mouse, keyboard and screen did not answer in time",
            "recorder start again; the log says which of them was missing",
            ExitCode.UNRESPONSIVE,
        )


class PartBroke(RecorderError):
    """A thread met a bug; the recording ends rather than going on without it."""

    def __init__(self) -> None:
        super().__init__(
            "A part of the recorder broke, so it stopped; what was written is kept",
            "recorder start; agent.log says where it broke",
            ExitCode.BUG,
        )
