"""Why the gate stays shut: one class per situation."""

from datetime import UTC, datetime
from enum import StrEnum

from recorder.core import newer
from recorder.core.errors import ExitCode, RecorderError

_GIVE = "recorder consent give"
_NS_PER_S = 1_000_000_000


_JOIN = "recorder consent give --notice NOTICE"


class Missing(StrEnum):
    """Why there is no consent, as the person reads it."""

    NEVER = "You have not agreed to any recording"
    REFUSED = "You said no to recording"
    WITHDRAWN = "You withdrew your consent"


_OF_STUDY = {
    Missing.NEVER: "You have not joined the study",
    Missing.REFUSED: "You said no to the study",
    Missing.WITHDRAWN: "You withdrew from the study",
}


class NoConsent(RecorderError):
    """Nobody agreed, or the person said no, or took it back; `study`: to sharing with it."""

    def __init__(self, why: Missing = Missing.NEVER, study: str = "") -> None:
        message = f"{_OF_STUDY[why]} {study}" if study else why.value
        super().__init__(message, _JOIN if study else _GIVE, ExitCode.NO_CONSENT)
        self.why = why


class NoticeChanged(RecorderError):
    """The notice is no longer the one that the person agreed to."""

    def __init__(self) -> None:
        super().__init__(
            "The notice changed since you agreed",
            f"{_GIVE}, which shows what changed",
            ExitCode.NOTICE_CHANGED,
        )


class ConsentExpired(RecorderError):
    """The time that the person agreed to is over; `study`: of sharing with it."""

    def __init__(self, expired_wall_ns: int, study: str = "") -> None:
        to = f" to the study {study}" if study else ""
        super().__init__(
            f"Consent{to} expired on {date_text(expired_wall_ns)}",
            _JOIN if study else _GIVE,
            ExitCode.CONSENT_EXPIRED,
        )


class ClockSetBack(ConsentExpired):
    """The clock is earlier than it can be, so nobody can tell whether consent still holds."""

    def __init__(self, now_wall_ns: int, known_wall_ns: int) -> None:
        RecorderError.__init__(
            self,
            f"The clock says {date_text(now_wall_ns)}, but it was {date_text(known_wall_ns)} before",
            "set the clock right and start again; if it is right, recorder consent give",
            ExitCode.CONSENT_EXPIRED,
        )


class PolicyForbids(RecorderError):
    """A policy of this machine does not allow it, or cannot be read."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"A policy on this computer {what}",
            "ask whoever looks after this computer",
            ExitCode.POLICY_FORBIDS,
        )


class ConsentUntrusted(RecorderError):
    """The ledger, its head, a notice or a key is not as it was left; `study`: of sharing with it."""

    def __init__(self, what: str, study: str = "") -> None:
        to = f" to the study {study}" if study else ""
        fix = (
            f"{_JOIN} joins anew; recorder consent withdraw --study {study} --erase all leaves, and "
            "has what you shared erased"
            if study
            else f"recorder consent verify shows more, {_GIVE} begins anew"
        )
        super().__init__(f"Your consent{to} cannot be checked: {what}", fix, ExitCode.SIGNATURE)
        self.what = what


class ConsentNewer(ConsentUntrusted):
    """A record of a later version, which this one cannot weigh."""

    def __init__(self, where: str) -> None:
        super().__init__(f"{where} was written by a newer version of the recorder")
        self.fix = newer.FIX


class NotATerminal(RecorderError):
    """Consent is asked of a person, and there is nobody to ask."""

    def __init__(self) -> None:
        super().__init__(
            "Only a person at a terminal can agree to recording",
            "run the command in a terminal, without pipes",
            ExitCode.NO_CONSENT,
        )


def date_text(wall_ns: int) -> str:
    """Give the day of a wall time as 2026-11-21, UTC."""
    return datetime.fromtimestamp(wall_ns // _NS_PER_S, UTC).date().isoformat()
