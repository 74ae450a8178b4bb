"""One base class for expected failures: what happened, the fix, the exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command; documented in the README."""

    OK = 0
    BUG = 1
    USAGE = 2
    ALREADY_RUNNING = 3
    NOT_RUNNING = 4
    PAUSED = 5
    DEGRADED = 6
    UNRESPONSIVE = 7
    WARNINGS = 8
    CHECKS_FAILED = 9
    NO_FOLDER = 10
    FOLDER_HELD = 11
    WRONG_PASSPHRASE = 12
    UNWRITABLE = 13
    NOT_PERMITTED = 14
    NO_CONSENT = 20
    NOTICE_CHANGED = 21
    CONSENT_EXPIRED = 22
    POLICY_FORBIDS = 23
    NO_INDICATOR = 24
    PRIVILEGED = 25
    FORMAT = 30
    SIGNATURE = 31
    HASH = 32
    CONSENT_MISMATCH = 33
    AUDIENCE = 34
    ERASED = 35
    LIMITS = 36
    INTERRUPTED = 130


class RecorderError(Exception):
    """An expected failure: one sentence, its fix and the exit code.

    Subclasses stand beside the port they belong to and build their sentence in
    `__init__`. Anything that is not a `RecorderError` is a bug and shows a traceback.

    Args:
        message: One sentence without a final full stop and without recorded content.
        fix: The command or the action that mends it.
        code: Exit code of the command that meets it.
    """

    def __init__(self, message: str, fix: str, code: ExitCode) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.code = code

    def __str__(self) -> str:
        return f"{self.message}. Fix: {self.fix}"
