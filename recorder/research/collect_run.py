"""One run of collecting: what is due goes, what is new comes, and every answer is sent."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode, RecorderError
from recorder.research.clock_doubt import check_clock, note_run
from recorder.research.collecting import Collector, Order
from recorder.research.collection import Collection
from recorder.research.dataset_erasing import pay_owed
from recorder.research.erasing import Office
from recorder.research.erasure_runs import (
    ErasureTally,
    NoticeFile,
    audiences,
    erase_each,
    notices_in,
)
from recorder.research.leaving import Heard, hear_leavings
from recorder.research.outbox import Delivery, Sign, answer_bundle, deliver, waiting
from recorder.research.outcomes import Tally
from recorder.research.retention import due, expire
from recorder.research.sources import Candidate, candidates, noting
from recorder.sharing.drops import Drop


class CollectionUnwritable(RecorderError):
    """The collection takes no data: full, read-only, or gone."""

    def __init__(self, folder: Path, cause: OSError) -> None:
        why = (cause.strerror or "unknown").lower()
        super().__init__(
            f"{folder} cannot be written: {why}",
            "make room there or make it yours to write, then run it again; what was collected stays",
            ExitCode.UNWRITABLE,
        )


Begin = Callable[[str, int], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where to collect from."""

    drops: Sequence[Drop]
    files: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class Report:
    """What one run did.

    Attributes:
        found: Candidates in all sources.
        erased: What participants' notices asked for, done before anything new is taken.
        withdrew: Who left the study, heard before anything new is taken.
        expired: Bundles deleted because their time was over; of a dry run, those that are due.
        failed: Sources that could not be read or answered to, damaged records, a clock in
            doubt, and why.
    """

    found: int
    tally: Tally
    erased: ErasureTally
    withdrew: Heard
    expired: int
    delivery: Delivery
    failed: EachAlone

    def told(self) -> dict[str, str]:
        """Give what could not be read or answered to, and why, each once."""
        return {**self.tally.failed, **self.failed.told()}

    @property
    def code(self) -> ExitCode:
        """The exit code: what the researcher has to look at first."""
        codes = self.failed.codes | {ExitCode(code) for code, _ in self.tally.left}
        if self.tally.failed or codes - {ExitCode.CHECKS_FAILED, ExitCode.WARNINGS}:
            return ExitCode.UNWRITABLE
        if ExitCode.CHECKS_FAILED in codes:
            return ExitCode.CHECKS_FAILED
        is_refused = self.tally.refused or self.erased.refused or self.withdrew.refused
        return ExitCode.WARNINGS if codes or is_refused else ExitCode.OK


def collect(
    collection: Collection,
    order: Order,
    sources: Sources,
    incoming: Path,
    begin: Begin,
) -> Report:
    """Do one run; the collection is held by its caller, unless nothing is to change.

    Args:
        collection: Into which.
        order: How; without secrets nothing changes.
        sources: From where.
        incoming: A folder for copies, on the collection's disk.
        begin: Is told what is done now and how many there are; gives what to call after each.

    Raises:
        CollectionUnwritable: Its disk is full, or worse; what was done stays.
    """
    try:
        return _collect(collection, order, sources, incoming, begin)
    except OSError as cause:
        raise CollectionUnwritable(collection.folder, cause) from cause


def _collect(
    collection: Collection,
    order: Order,
    sources: Sources,
    incoming: Path,
    begin: Begin,
) -> Report:
    failed = EachAlone()
    secrets = order.secrets
    erased, heard = ErasureTally(), Heard()
    if secrets is not None:
        erased = _erase(collection, order, secrets.sign.sign, (sources.drops, failed))
        heard = hear_leavings(collection, sources.drops, failed)
        pay_owed(collection.folder, failed)
    expired = _expired(collection, order, failed)
    found = list(_found(collection.study, sources, failed))
    tally = Collector(collection, order, incoming).collect(found, begin("Collecting", len(found)))
    delivery = Delivery(0, 0)
    if secrets is not None:
        answer_held(collection, secrets.sign.sign, failed)
        step = begin("Answering", waiting(collection))
        delivery = deliver(collection, sources.drops, failed, step)
    return Report(len(found), tally, erased, heard, expired, delivery, failed)


def _expired(collection: Collection, order: Order, failed: EachAlone) -> int:
    """Delete what is over by a clock that is not in doubt; of a dry run, count it only."""
    notices, now, secrets = order.expect.notices, order.now, order.secrets
    expired = 0
    with failed.trying("clock"):
        if not order.is_clock_right:
            check_clock(collection.folder, now, collection.created)
        if secrets is None:
            expired = sum(1 for _ in due(collection, notices, now, failed))
        else:
            note_run(collection.folder, now)
            expired = len(expire(collection, notices, now, secrets.sign.sign, failed))
    return expired


def answer_held(collection: Collection, sign: Sign, damaged: EachAlone) -> None:
    """Post the receipt of every held bundle that has none yet."""
    for held in collection.bundles(damaged=damaged):
        answer_bundle(collection, held.manifest, "collected", sign)


def _erase(
    collection: Collection, order: Order, sign: Sign, where: tuple[Sequence[Drop], EachAlone]
) -> ErasureTally:
    """Do what the erasure notices in the drops ask, before a bundle is looked at."""
    drops, failed = where
    keys = [notice.terms.controller.keys for notice in order.expect.notices.values()]
    office = Office(collection, audiences(keys, order.expect.audience), sign)
    found: list[NoticeFile] = []
    for drop in drops:
        with failed.trying(drop.url):
            found += notices_in(drop, collection.study, noting(failed))
    return erase_each(office, found, failed, lambda: None)


def _found(study: str, sources: Sources, failed: EachAlone) -> Iterator[Candidate]:
    yield from sources.files
    for drop in sources.drops:
        with failed.trying(drop.url):
            yield from candidates(drop, study, noting(failed))
