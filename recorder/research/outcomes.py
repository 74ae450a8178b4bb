"""What became of candidates, and how many of each."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from recorder.core.errors import ExitCode
from recorder.research.sources import Candidate

State = Literal["new", "known", "replaced", "refused", "refused before", "left", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one candidate."""

    candidate: Candidate
    state: State
    code: ExitCode = ExitCode.OK
    reason: str = ""
    size_bytes: int = 0


@dataclass(slots=True)
class Tally:
    """Outcomes counted.

    Attributes:
        refused: By code and reason, in this run.
        refused_before: As above, in an earlier run: not fetched again.
        left: What was not fetched for its size, by code and reason.
        failed: What could not be fetched, by source: the last error.
    """

    states: Counter[State] = field(default_factory=Counter)
    refused: Counter[tuple[int, str]] = field(default_factory=Counter)
    refused_before: Counter[tuple[int, str]] = field(default_factory=Counter)
    left: Counter[tuple[int, str]] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)
    size_bytes: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one."""
        self.states[outcome.state] += 1
        self.size_bytes += outcome.size_bytes
        why = int(outcome.code), outcome.reason
        if outcome.state == "refused":
            self.refused[why] += 1
        elif outcome.state == "refused before":
            self.refused_before[why] += 1
        elif outcome.state == "left":
            self.left[why] += 1
        elif outcome.state == "failed":
            self.failed[outcome.candidate.source] = outcome.reason
