"""What a check found: a verdict, one sentence, and the line that mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from recorder.core.errors import ExitCode, RecorderError


class Verdict(StrEnum):
    """How good it is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `recorder doctor`.

    Attributes:
        name: What was looked at.
        verdict: `fail` where a recording cannot begin or cannot be trusted, `warn` where less
            is recorded than could be.
        told: One sentence without a final full stop.
        fix: What to do; "" where there is nothing to do.
    """

    name: str
    verdict: Verdict
    told: str
    fix: str = ""


def ok(name: str, told: str) -> Finding:
    """Give a finding that asks for nothing."""
    return Finding(name, Verdict.OK, told)


def warn(name: str, told: str, fix: str) -> Finding:
    """Give a finding with which one can record."""
    return Finding(name, Verdict.WARN, told, fix)


def fail(name: str, told: str, fix: str) -> Finding:
    """Give a finding with which one cannot."""
    return Finding(name, Verdict.FAIL, told, fix)


def failed(name: str, error: RecorderError) -> Finding:
    """Give an expected failure as a finding."""
    return fail(name, error.message, error.fix)


def exit_code(found: Iterable[Finding]) -> ExitCode:
    """Give the code of the worst."""
    verdicts = {finding.verdict for finding in found}
    if Verdict.FAIL in verdicts:
        return ExitCode.CHECKS_FAILED
    return ExitCode.WARNINGS if Verdict.WARN in verdicts else ExitCode.OK
