"""An auditor's look at a bundle and a collection, from files alone."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from recorder.core.errors import ExitCode
from recorder.research import auditing
from recorder.research.auditing import Basis, Finding, audit_bundle, audit_collection
from tests.unit.research.erasing.lab import FIRST, SECOND, Lab
from tests.unit.sharing.shared_study import STUDY, MadeStudy, Participant


def basis(study: MadeStudy) -> Basis:
    return Basis(STUDY, study.public, {study.notice.sha256: study.notice})


def audited(lab: Lab) -> list[Finding]:
    steps: list[None] = []
    found = list(audit_collection(lab.collection, basis(lab.study), lambda: steps.append(None)))
    assert len(steps) == len(list(lab.collection.folder.glob("bundles/*/*/*.tar")))
    return found


def faults(lab: Lab) -> dict[ExitCode, str]:
    return {one.code: " ".join(one.told) for one in audited(lab) if one.code}


def test_a_good_collection_has_no_fault(lab: Lab, person: Participant) -> None:
    held = [lab.hold(person, one) for one in (FIRST, SECOND)]
    lab.dataset([("a.parquet", held)])
    assert [one.code for one in audited(lab)] == [0, 0, 0]
    person.withdraw()
    lab.erase(person)
    assert faults(lab) == {}


def test_a_bundle_is_checked_without_the_collection(lab: Lab, person: Participant) -> None:
    path = lab.home / "one.tar"
    person.bundle(path, FIRST)
    assert audit_bundle(path, basis(lab.study))[0].code == ExitCode.OK
    data = bytearray(path.read_bytes())
    data[-2000] ^= 1
    path.write_bytes(data)
    assert audit_bundle(path, basis(lab.study))[0].code == ExitCode.HASH
    elsewhere = Basis(STUDY, "0" * 64, basis(lab.study).notices)
    person.bundle(path, FIRST)
    assert audit_bundle(path, elsewhere)[0].code == ExitCode.AUDIENCE


def test_a_consent_that_ended_later_is_no_fault_and_one_before_is(
    lab: Lab, person: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.hold(person, FIRST)
    person.withdraw()
    assert faults(lab) == {}
    expires_ns = person.joined.entry.expires_wall_ns
    later = datetime.fromtimestamp(expires_ns / 1e9 + 1, UTC)
    monkeypatch.setattr(auditing, "moment", lambda _: later)
    assert "had expired" in faults(lab)[ExitCode.CONSENT_MISMATCH]


def test_what_is_erased_or_late_and_still_there_is_named(
    lab: Lab, person: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = lab.hold(person, FIRST)
    kept = shutil.copytree(lab.collection.folder / "bundles", lab.home / "kept")
    lab.dataset([("a.parquet", [held])])
    lab.erase(person)
    shutil.copytree(kept, lab.collection.folder / "bundles", dirs_exist_ok=True)
    assert "had it erased" in faults(lab)[ExitCode.ERASED]
    late = datetime.now(UTC) + timedelta(days=31)
    monkeypatch.setattr(auditing, "utc_now", lambda: late)
    (found,) = [one for one in audited(lab) if one.code]
    assert "should be gone since" in " ".join(found.told)


def test_a_shard_of_what_is_gone_is_named(lab: Lab, person: Participant) -> None:
    held = lab.hold(person, FIRST)
    lab.dataset([("a.parquet", [held])])
    shutil.rmtree(lab.collection.folder / "bundles")
    assert "which is gone" in faults(lab)[ExitCode.ERASED]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("participants/*/keys.json", ExitCode.SIGNATURE),
        ("participants/*/ledger.jsonl", ExitCode.SIGNATURE),
        ("outbox/receipts/*/*.json", ExitCode.SIGNATURE),
        ("bundles/*/*/*.json", ExitCode.HASH),
        ("datasets/*/dataset.json", ExitCode.FORMAT),
    ],
)
def test_every_damaged_file_is_named(
    lab: Lab, person: Participant, name: str, code: ExitCode
) -> None:
    lab.hold(person, FIRST)
    lab.erase(person, None)
    lab.dataset([("a.parquet", [lab.hold(Participant(lab.home / "two", lab.study), SECOND)])])
    for path in lab.collection.folder.glob(name):
        path.write_bytes(b"{}\n")
    assert code in faults(lab)
