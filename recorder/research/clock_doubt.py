"""Whether this computer's clock may decide what is deleted for its age.

A clock that is a year ahead makes a year's recordings due at once. Rows and files of the
collection have their times from the same clock, so each run notes the time here, and one that
comes long after the last is asked about before anything goes: nothing but a person knows.
"""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.strict import Strict
from recorder.files import read_regular, write_whole
from recorder.research.participants import moment
from recorder.sharing.statements import Time

LAST_RUN: Final = "last-run.json"
MOST_AHEAD: Final = timedelta(days=40)
"""A run once a month never asks; a clock set wrong is mostly off by a month, a year or decades."""
_LIMIT_BYTES: Final = 1_000


class ClockDoubtful(RecorderError):
    """The time is far from that of the last run, and recordings would go for their age."""

    def __init__(self, now: datetime, last: datetime) -> None:
        super().__init__(
            f"By this computer's clock it is {now.date().isoformat()}, and it was "
            f"{last.date().isoformat()} when this collection was last worked on; nothing is deleted "
            "for its age until somebody has looked at the clock",
            "set the clock; or, if it is right, run it once with --clock-is-right",
            ExitCode.CHECKS_FAILED,
        )


class LastRun(Strict):
    """`last-run.json`. `time`: of the last run whose clock was not in doubt."""

    schema_name: Literal["recorder.last-run/1"] = Field("recorder.last-run/1", alias="schema")
    time: Time


def check_clock(collection: Path, now: datetime, since: datetime) -> None:
    """See that the clock may decide what is over.

    Args:
        collection: Its folder.
        now: By the clock.
        since: What the last run is taken for where none was noted.

    Raises:
        ClockDoubtful: It is far ahead of the last run.
    """
    last = _last(collection) or since
    if now - last > MOST_AHEAD:
        raise ClockDoubtful(now, last)


def note_run(collection: Path, now: datetime) -> None:
    """Note a run whose clock was not in doubt, or of which a person said that it is right.

    Raises:
        OSError: It cannot be written.
    """
    noted = LastRun(time=now.isoformat(timespec="seconds"))
    write_whole(collection / LAST_RUN, noted.model_dump_json(by_alias=True).encode())


def _last(collection: Path) -> datetime | None:
    try:
        data = read_regular(collection / LAST_RUN, _LIMIT_BYTES)
        return moment(LastRun.model_validate_json(data).time)
    except (OSError, ValidationError, ValueError):
        return None
