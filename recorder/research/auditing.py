"""Checking a bundle or a whole collection from its files; nothing is decrypted or changed.

A bundle's consent must have held when it was made: one that ended since is no fault of it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from recorder.consent.chain import foreign_ledger
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.keys import PublicKey, SignatureWrong, verify_envelope
from recorder.consent.notice import Notice
from recorder.core.errors import ExitCode
from recorder.files import read_regular
from recorder.research.collection import Collection, utc_now
from recorder.research.datasets import dataset_folders, read_dataset
from recorder.research.held import RecordDamaged, held_at, place_of
from recorder.research.participants import CollectionDamaged, Participant, moment
from recorder.research.retention import ends
from recorder.sharing.bundle_gate import Expect, Outer, Refused, check_outer
from recorder.sharing.rows import ROW_BYTES

_NS_PER_S: Final = 1_000_000_000


@dataclass(slots=True)
class Finding:
    """What was found of one thing; `code` OK when all is well, else that of the first fault."""

    name: str
    code: ExitCode = ExitCode.OK
    told: list[str] = field(default_factory=list)

    def add(self, code: ExitCode, told: str) -> None:
        """Note a fault."""
        self.code = code if self.code is ExitCode.OK else self.code
        self.told.append(told)


@dataclass(frozen=True, slots=True)
class Basis:
    """What is checked against.

    Attributes:
        notices: Every notice that the study signed, by hex SHA-256.
    """

    study: str
    audience: str
    notices: Mapping[str, Notice]


def audit_bundle(path: Path, basis: Basis) -> tuple[Finding, Outer | None]:
    """Check one bundle: form, signature, digest, ledger, consent, audience.

    Raises:
        OSError: It cannot be read.
    """
    finding = Finding(path.name)
    expect = Expect(basis.study, basis.audience, basis.notices, 0)
    try:
        outer = check_outer(path, expect)
        check_then(outer)
    except Refused as refused:
        finding.add(refused.code, refused.reason)
        return finding, None
    return finding, outer


def check_then(outer: Outer) -> None:
    """See that the consent had not expired when the bundle was made.

    Raises:
        Refused: It had.
    """
    if outer.consent.expires_wall_ns <= moment(outer.manifest.created).timestamp() * _NS_PER_S:
        raise Refused(ExitCode.CONSENT_MISMATCH, "the consent had expired when it was made")


def audit_collection(
    collection: Collection, basis: Basis, step: Callable[[], None]
) -> Iterator[Finding]:
    """Check every bundle, participant, answer and dataset.

    `step`: Called after each bundle.
    """
    for name in sorted({*collection.participants(), *collection.held_of()}):
        person = _Person.of(collection.participant(name), basis.study)
        for path in collection.paths(name):
            yield _held(path, basis, person)
            step()
        if person.fault:
            yield Finding(name, ExitCode.SIGNATURE, [person.fault])
    yield from _answers(collection.folder, basis.audience)
    yield from _datasets(collection.folder)


@dataclass(frozen=True, slots=True)
class _Person:
    """What the collection remembers of a participant, read once. `fault`: "" when it is whole."""

    ledger: bytes = b""
    covers: Callable[[str, str], bool] = lambda _episode, _created: False
    fault: str = ""

    @classmethod
    def of(cls, participant: Participant, study: str) -> Self:
        try:
            keys, ledger, erased = participant.keys, participant.ledger, participant.erased
        except CollectionDamaged as damaged:
            return cls(fault=damaged.message)
        if keys is None:
            return cls(fault="their keys are gone")
        try:
            foreign_ledger(ledger, study, keys.user_key, keys.device_key)
        except ConsentUntrusted as wrong:
            return cls(ledger, erased.covers, f"their ledger: {wrong.what}")
        return cls(ledger, erased.covers)


def _held(path: Path, basis: Basis, person: _Person) -> Finding:
    """Check one bundle of the collection, and that it may be there."""
    finding, outer = audit_bundle(path, basis)
    finding.name = "/".join(path.parts[-3:])
    try:
        held = held_at(path)
    except RecordDamaged as damaged:
        finding.add(ExitCode.HASH, str(damaged))
        return finding
    if outer is not None and outer.manifest != held.manifest:
        finding.add(ExitCode.HASH, "what stands beside it is another bundle's")
    if outer is not None:
        _check_person(finding, outer, person)
    end = ends(held, basis.notices)
    if end is not None and end <= utc_now():
        finding.add(ExitCode.CHECKS_FAILED, f"should be gone since {end.date().isoformat()}")
    return finding


def _check_person(finding: Finding, outer: Outer, person: _Person) -> None:
    told = outer.manifest
    if not person.ledger.startswith(outer.ledger):
        finding.add(ExitCode.CONSENT_MISMATCH, "its ledger is not the beginning of the one kept")
    if person.covers(told.episode_id, told.created):
        finding.add(ExitCode.ERASED, "the participant had it erased")


def _answers(collection: Path, audience: str) -> Iterator[Finding]:
    """Give what is wrong with answers; good ones are not listed."""
    key = PublicKey(role="controller", public=audience)
    for place in ("outbox", "sent"):
        for path in sorted((collection / place).glob("*/*/*.json")):
            try:
                verify_envelope(read_regular(path, ROW_BYTES), key)
            except (SignatureWrong, OSError):
                told = "the study's key did not sign this answer"
                yield Finding(str(path.relative_to(collection)), ExitCode.SIGNATURE, [told])


def _datasets(collection: Path) -> Iterator[Finding]:
    for folder in dataset_folders(collection):
        finding = Finding(f"{folder.parent.name}/{folder.name}")
        found = read_dataset(folder)
        if found is None:
            finding.add(ExitCode.FORMAT, "its list cannot be read")
        for shard in found.shards if found else ():
            strays = [
                one.bundle_id
                for one in shard.sources
                if not place_of(collection, shard.pseudonym, one.episode_id, one.bundle_id).exists()
            ]
            if strays:
                told = f"{shard.file} holds {', '.join(strays)}, which is gone"
                finding.add(ExitCode.ERASED, told)
        yield finding
