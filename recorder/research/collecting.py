"""Collecting: each bundle through every gate in order, and what is refused does not stop the rest.

Threads fetch, check and decrypt, many of them since they wait for disks and stores; a child
process looks at the content, of some at once. Only one thread at a time changes what belongs to
a participant. Killed at any instant, the next run goes on.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import private_folder, regular_file
from recorder.research.access import note_access
from recorder.research.agreed_levels import widest
from recorder.research.collection import Arrival, Collection, utc_now
from recorder.research.content_process import KILLED, ContentProcess, PartOfFile
from recorder.research.content_verdict import Agreed, Asked, ContentLimits
from recorder.research.memory_gate import check_memory
from recorder.research.nonces import nonce_used, use_of
from recorder.research.outbox import answer_bundle
from recorder.research.outcomes import Outcome, State, Tally
from recorder.research.quarantine import (
    Quarantined,
    is_kept,
    quarantine,
    refusal_of,
    release,
    shown,
)
from recorder.research.room import MOST_BYTES, Left, Room
from recorder.research.sources import Candidate
from recorder.research.studies import StudySecrets
from recorder.sharing.bundle_gate import Expect, Outer, Refused, check_outer
from recorder.sharing.drops import Seen
from recorder.sharing.statements import BundleManifest

_PURPOSE: Final = "collecting: content check"
_THREADS: Final = 4
"""For each job: a bundle waits for stores and disks most of its time."""
_AHEAD: Final = 2
"""Bundles in work or waiting, for each thread."""


@dataclass(frozen=True, slots=True)
class Order:
    """How to collect.

    Attributes:
        expect: What a bundle must be.
        secrets: None looks at seals and consent only, and changes nothing.
        jobs: Contents looked at side by side.
        keep_refused: Keep the bytes of what is refused.
        again: Judge anew what was refused for good.
        most_bytes: Larger bundles are left where they are.
        limits: Of the child that looks at one content.
        is_clock_right: A person says so, though the last run was long ago.
    """

    expect: Expect
    secrets: StudySecrets | None
    now: datetime
    jobs: int = 1
    keep_refused: bool = False
    again: bool = False
    most_bytes: int = MOST_BYTES
    limits: ContentLimits = field(default_factory=ContentLimits)
    is_clock_right: bool = False


class _ContentRefused(Refused):
    """Refused for what is inside of it, which no other run will find otherwise."""


class _CheckKilled(Refused):
    """Its check met a limit; on a busy machine that may happen once to a good bundle."""


class Collector:
    """Collects into one collection, which its caller holds."""

    def __init__(self, collection: Collection, order: Order, place: Path) -> None:
        self._collection = collection
        self._order = order
        self._place = private_folder(place)
        self._room = Room(self._place, order.most_bytes)
        self._locks: dict[str, threading.Lock] = {}
        self._checks = threading.Semaphore(order.jobs)
        self._numbers = count()
        self._settled = collection.settled()
        self._held = {(path.parent.parent.name, path.stem) for path in collection.paths()}

    def collect(self, candidates: Iterable[Candidate], step: Callable[[], None]) -> Tally:
        """Take every candidate that passes; a refusal or a lost source stops no other.

        Raises:
            OSError: The collection cannot be written; what was collected stays.
        """
        tally = Tally()
        threads = _THREADS * self._order.jobs
        with self._content() as content, ThreadPoolExecutor(threads, "collect") as pool:
            running: set[Future[Outcome]] = set()
            try:
                for candidate in candidates:
                    running.add(pool.submit(self._outcome, candidate, content))
                    if len(running) >= _AHEAD * threads:
                        running = _count(running, tally, step)
                while running:
                    running = _count(running, tally, step)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                if content is not None:
                    content.cut()
                raise
            finally:
                pool.shutdown(wait=True, cancel_futures=True)
        return tally

    @contextmanager
    def _content(self) -> Iterator[ContentProcess | None]:
        if self._order.secrets is None:
            yield None
            return
        with ContentProcess() as content:
            yield content

    def _outcome(self, candidate: Candidate, content: ContentProcess | None) -> Outcome:
        if candidate.key in self._held or candidate.key in self._settled:
            return self._known(candidate)
        copy = self._place / f"{next(self._numbers)}.tar"
        try:
            seen = candidate.look()
            known = self._refused_before(candidate, seen)
            if known is not None:
                return Outcome(candidate, "refused before", ExitCode(known.code), known.reason)
            try:
                return self._examined(candidate, seen, copy, content)
            except Refused as refused:
                return self._refused(candidate, seen, copy, refused)
        except Left as left:
            return Outcome(candidate, "left", left.code, str(left))
        except RecorderError as error:
            return Outcome(candidate, "failed", error.code, str(error))
        finally:
            copy.unlink(missing_ok=True)

    def _refused_before(self, candidate: Candidate, seen: Seen) -> Quarantined | None:
        """Give why the same file was refused for good, unless it is to be looked at again."""
        folder, name = self._collection.folder, shown(candidate.name)
        row = None if self._order.again else refusal_of(folder, name)
        if row is None or row.may_change or row.source != shown(candidate.source):
            return None
        is_enough = not self._order.keep_refused or is_kept(folder, name)
        return row if is_enough and row.mark == _mark(seen) else None

    def _known(self, candidate: Candidate) -> Outcome:
        """Take out of its drop what went from here, whose time is over there too."""
        is_gone = candidate.key in self._settled and candidate.key not in self._held
        if is_gone and candidate.drop is not None and self._order.secrets is not None:
            try:
                candidate.drop.remove(candidate.name)
            except RecorderError as error:
                return Outcome(candidate, "failed", error.code, error.message)
        return Outcome(candidate, "known")

    def _examined(
        self, candidate: Candidate, seen: Seen, copy: Path, content: ContentProcess | None
    ) -> Outcome:
        """Pass the gates in order; the first that refuses decides."""
        candidate.check_name()
        with self._room.taken(seen.size_bytes):
            candidate.fetch(copy, seen.size_bytes)
        outer = check_outer(copy, self._order.expect)
        told = outer.manifest
        if candidate.bundle_id and candidate.key != (told.pseudonym, told.bundle_id):
            raise Refused(ExitCode.FORMAT, "its name is another bundle's")
        size_bytes = copy.stat().st_size
        try:
            self._check_memory(outer)
            if self._was_here(told):
                return Outcome(candidate, "known")
            if self._order.secrets is None or content is None:
                return Outcome(candidate, "new", size_bytes=size_bytes)
            duration_ns = self._looked_into(outer, content, self._order.secrets)
            state = self._add(candidate, outer, duration_ns)
            answer_bundle(self._collection, told, "collected", self._order.secrets.sign.sign)
        except Refused as refused:
            self._tell(told, refused)
            raise
        return Outcome(candidate, state, size_bytes=size_bytes)

    def _check_memory(self, outer: Outer) -> None:
        with self._lock_of(outer.manifest):
            check_memory(self._collection, outer, utc_now())

    def _lock_of(self, told: BundleManifest) -> threading.Lock:
        return self._locks.setdefault(told.pseudonym, threading.Lock())

    def _was_here(self, told: BundleManifest) -> bool:
        key = told.pseudonym, told.bundle_id
        is_done = key in self._held or key in self._settled
        return is_done and nonce_used(self._collection.folder, told) == use_of(told)

    def _looked_into(self, outer: Outer, content: ContentProcess, secrets: StudySecrets) -> int:
        """Give how much time is shared; the content stays within what was agreed."""
        told, terms = outer.manifest, outer.notice.terms
        note_access(self._collection.folder, "decrypt", told.bundle_id, _PURPOSE)
        asked = Asked(
            bundle_id=told.bundle_id,
            episode_id=told.episode_id,
            user_key=told.user_key,
            agreed=(
                Agreed(levels=outer.consent.levels, apps=outer.consent.apps),
                Agreed(levels=widest(terms.streams), apps=terms.apps),
            ),
            limits=self._order.limits,
        )
        with self._checks, regular_file(outer.path) as file:
            file.seek(outer.payload_at)
            sealed = PartOfFile(file, told.payload_bytes)
            verdict = content.check(asked, sealed, secrets.identity)
        if verdict is KILLED:
            raise _CheckKilled(ExitCode(verdict.code), verdict.reason)
        if verdict.code:
            raise _ContentRefused(ExitCode(verdict.code), verdict.reason)
        return verdict.duration_ns

    def _add(self, candidate: Candidate, outer: Outer, duration_ns: int) -> State:
        told, drop = outer.manifest, candidate.drop.url if candidate.drop else ""
        arrival = Arrival(told, outer.ledger, outer.path, duration_ns, drop)
        with self._lock_of(told):
            check_memory(self._collection, outer, utc_now())
            if self._was_here(told):
                return "known"
            is_newest = self._collection.add(arrival, self._order.now)
            release(self._collection.folder, shown(candidate.name))
            self._held.add((told.pseudonym, told.bundle_id))
        return "new" if is_newest else "replaced"

    def _tell(self, told: BundleManifest, refused: Refused) -> None:
        """Answer a refusal of what the participant signed."""
        secrets, mine = self._order.secrets, self._collection
        if secrets is None:
            return
        with self._lock_of(told):
            answer_bundle(mine, told, "refused", secrets.sign.sign, (refused.code, refused.reason))
            if refused.code is ExitCode.ERASED:
                mine.settle(told.pseudonym, told.bundle_id, "erased")

    def _refused(self, candidate: Candidate, seen: Seen, copy: Path, refused: Refused) -> Outcome:
        outcome = Outcome(candidate, "refused", refused.code, refused.reason)
        if self._order.secrets is None:
            return outcome
        row = Quarantined(
            name=shown(candidate.name),
            source=shown(candidate.source),
            code=int(refused.code),
            reason=refused.reason,
            size_bytes=seen.size_bytes,
            refused=self._order.now.isoformat(timespec="seconds"),
            mark=_mark(seen),
            may_change=self._may_change(candidate, seen, refused),
        )
        keep = copy if self._order.keep_refused and copy.exists() else None
        quarantine(self._collection.folder, row, keep)
        return outcome

    def _may_change(self, candidate: Candidate, seen: Seen, refused: Refused) -> bool:
        """Tell whether a later run may find otherwise, though the file is the same."""
        if isinstance(refused, _CheckKilled):
            row = refusal_of(self._collection.folder, shown(candidate.name))
            return row is None or (row.code, row.mark) != (refused.code, _mark(seen))
        is_consent = refused.code is ExitCode.CONSENT_MISMATCH
        return is_consent and not isinstance(refused, _ContentRefused)


def _count(
    running: set[Future[Outcome]], tally: Tally, step: Callable[[], None]
) -> set[Future[Outcome]]:
    """Wait for some, count them, and give those that still run."""
    done, left = wait(running, return_when=FIRST_COMPLETED)
    for one in done:
        tally.add(one.result())
        step()
    return left


def _mark(seen: Seen) -> str:
    """Give by what a file is known to be the one that was looked at before."""
    return f"{seen.size_bytes} {seen.changed_ns}"
