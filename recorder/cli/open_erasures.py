"""Erasures of shared recordings that nobody confirmed yet, from files alone. Standard library only."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OpenErasures:
    """How many are not confirmed, how many of them are late, and by how many days at most."""

    open: int
    overdue: int
    overdue_days: int

    def __str__(self) -> str:
        if not self.open:
            return ""
        noun = "erasure is" if self.open == 1 else "erasures are"
        days = "1 day" if self.overdue_days == 1 else f"{self.overdue_days} days"
        late = f", {self.overdue} of them late by up to {days}" if self.overdue else ""
        return f"{self.open} {noun} not confirmed by the study{late}. See: recorder trace"


def open_erasures(folder: Path, now: datetime | None = None) -> OpenErasures:
    """Count what `recorder trace` tells more of; what cannot be read counts as open."""
    late = []
    for path in folder.glob("shared/*/erasures/*.json"):
        found = _json(path)
        if not found.get("answered"):
            late.append(_late_days(found.get("due"), now or datetime.now(UTC)))
    return OpenErasures(len(late), sum(days > 0 for days in late), max(late, default=0))


def _late_days(due: object, now: datetime) -> int:
    try:
        return max(0, (now - datetime.fromisoformat(str(due))).days)
    except (ValueError, TypeError):
        return 0


def _json(path: Path) -> dict[str, object]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
