"""What is wrong with a dataset, one sentence and one fix each."""

from dataclasses import dataclass
from typing import Final

from recorder.core.errors import ExitCode

BUILD: Final = "build it anew: recorder dataset build"
REPLACE: Final = f"delete it, then {BUILD}"
"""Of a file: a build takes one of the size that it had for complete."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong.

    Attributes:
        told: One sentence without a final full stop, without recorded content.
        fix: What mends it.
        code: As `recorder verify` gives it.
    """

    told: str
    fix: str = BUILD
    code: ExitCode = ExitCode.CHECKS_FAILED

    def __str__(self) -> str:
        return f"{self.told}. Fix: {self.fix}"
