"""The budget table: what was promised, what was measured, whether it holds."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

_WIDTHS: Final = (52, 12, 14)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table.

    Attributes:
        what: What is measured.
        limit: The budget.
        measured: None when it could not be measured; that is a miss.
        unit: Of both.
        at_least: The budget is a lower bound.
        note: What limits it, or how it was measured.
    """

    what: str
    limit: float
    measured: float | None
    unit: str
    at_least: bool = False
    note: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the measured figure is inside the budget."""
        if self.measured is None:
            return False
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def as_text(lines: Sequence[Line]) -> str:
    """Give the table as plain text."""
    head = _row("what", "budget", "measured", "")
    rows = [
        _row(line.what, _figure(line.limit, line.unit), _figure(line.measured, line.unit),
             ("ok" if line.is_met else "MISSED") + (f"  {line.note}" if line.note else ""))
        for line in lines
    ]  # fmt: skip
    missed = sum(not line.is_met for line in lines)
    end = f"{len(lines) - missed} of {len(lines)} budgets met"
    return "\n".join([head, "-" * len(head), *rows, "", end])


def as_json(lines: Sequence[Line]) -> str:
    """Give the table as one JSON object."""
    rows = [{**asdict(line), "met": line.is_met} for line in lines]
    return json.dumps({"schema": "recorder.benchmark/1", "budgets": rows})


def _row(what: str, limit: str, measured: str, verdict: str) -> str:
    return f"{what:<{_WIDTHS[0]}} {limit:>{_WIDTHS[1]}} {measured:>{_WIDTHS[2]}}  {verdict}"


def _figure(value: float | None, unit: str) -> str:
    if value is None:
        return "unknown"
    digits = 0 if value == int(value) else 1 if value >= 10 else 2  # noqa: PLR2004
    return f"{value:.{digits}f} {unit}"
