"""The figures of a privacy report, all computed from the study's and the collection's files."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from recorder.consent.chain import foreign_ledger
from recorder.consent.records import ConsentEntry, EventState
from recorder.core.errors import RecorderError
from recorder.research.access import accesses
from recorder.research.collection import Collection
from recorder.research.data_map import packaged
from recorder.research.datasets import uses
from recorder.research.erasing import AppliedErasure, applied_erasures
from recorder.research.outbox import posted
from recorder.research.participants import moment
from recorder.research.quarantine import quarantined
from recorder.sharing.statements import Use

_NS_PER_S: Final = 1_000_000_000
_IN_FORCE: Final = frozenset({EventState.GIVEN, EventState.NARROWED})


@dataclass(slots=True)
class Consents:
    """Participants by how their consent stands, and what those in force agreed to.

    Attributes:
        states: given, narrowed, withdrawn, refused, expired, damaged: participants.
        entries: Every decision in every ledger, by state.
        levels: {stream: {level: participants whose consent is in force}}.
    """

    states: Counter[str] = field(default_factory=Counter)
    entries: Counter[str] = field(default_factory=Counter)
    levels: dict[str, Counter[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UseRow:
    """A use, over all participants who were in it. `told`: how many have a signed row of it."""

    use: Use
    participants: int
    bundles: int
    told: int


@dataclass(frozen=True, slots=True)
class Measured:
    """How much redaction found of a kind: share, its 95 % interval, cases."""

    kind: str
    share: float
    low: float
    high: float
    cases: int


def consents(collection: Collection, now: datetime) -> Consents:
    """Give how consents stand, from the longest ledger of each participant."""
    found = Consents()
    for name in collection.participants():
        entries = _entries(collection, name)
        if entries is None:
            found.states["damaged"] += 1
            continue
        found.entries.update(entry.state.value for entry in entries)
        if entries:
            _count(found, entries[-1], now)
    return found


def use_rows(collection: Collection) -> list[UseRow]:
    """Give each use once, with how many participants and bundles were in it."""
    together: dict[tuple[str, ...], list[Use]] = {}
    for use in uses(collection.folder):
        key = (use.created[:10], use.dataset, use.recipient_role, use.purpose, use.delete_by)
        together.setdefault(key, []).append(use)
    return [
        UseRow(
            use=some[0],
            participants=len({one.pseudonym for one in some}),
            bundles=sum(len(one.bundles) for one in some),
            told=sum(posted(collection, "uses", one.pseudonym, one.use_id) for one in some),
        )
        for _, some in sorted(together.items())
    ]


def erasure_rows(collection: Collection) -> Iterator[tuple[AppliedErasure, float | None]]:
    """Give each erasure and the days from asking to its receipt; None while it is not done."""
    for one in applied_erasures(collection.folder):
        taken = None
        if one.receipt is not None:
            taken = (moment(one.receipt.created) - moment(one.notice.created)) / timedelta(days=1)
        yield one, None if taken is None else max(taken, 0.0)


def refusals(collection: Collection) -> Counter[tuple[int, str]]:
    """Give what is refused, by code and reason."""
    return Counter((one.code, one.reason) for one in quarantined(collection.folder))


def access_counts(collection: Collection) -> Counter[tuple[str, str]]:
    """Give how often bundles were opened or deleted, by action and purpose."""
    return Counter((row.action, row.purpose) for row in accesses(collection.folder))


def measured_recall() -> tuple[Measured, list[Measured]]:
    """Give the share of test lines in which nothing private was left, and recall by kind."""
    text: dict[str, Any] = json.loads(packaged("redaction.json").read_text("utf-8"))["text"]
    by_kind = [_measured(kind, row) for kind, row in sorted(text["recall"].items())]
    return _measured("lines with nothing private left", text["clean_lines"]), by_kind


def _entries(collection: Collection, name: str) -> tuple[ConsentEntry, ...] | None:
    """Give a participant's decisions; None when they cannot be relied on."""
    person = collection.participant(name)
    try:
        keys, ledger = person.keys, person.ledger
        if keys is None:
            return None
        return foreign_ledger(ledger, collection.study, keys.user_key, keys.device_key).entries
    except RecorderError:
        return None


def _count(found: Consents, last: ConsentEntry, now: datetime) -> None:
    is_over = last.expires_wall_ns <= now.timestamp() * _NS_PER_S
    if last.state in _IN_FORCE and is_over:
        found.states["expired"] += 1
        return
    found.states[last.state.value] += 1
    if last.state in _IN_FORCE:
        for stream, level in last.levels.model_dump(mode="json").items():
            found.levels.setdefault(stream, Counter())[str(level)] += 1


def _measured(kind: str, row: list[float]) -> Measured:
    share, cases, low, high = row
    return Measured(kind, share, low, high, int(cases))
