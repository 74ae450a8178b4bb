"""Asking for an erasure where the ledger can no longer be relied on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recorder.cli import erase_shared
from recorder.cli.erase_shared import Wish
from recorder.cli.trace import trace_study
from recorder.consent.ledger import keep_notice, set_aside
from recorder.consent.studies import StudyUnknown, keep_signed, study_key
from recorder.core.ids import ulid
from recorder.places import places
from recorder.research.participants import Erased
from recorder.sharing.drops import open_drop
from recorder.sharing.erasing import Scope, ask_erasure
from recorder.sharing.erasure_notice import check_notice
from recorder.sharing.replacing import replace
from recorder.sharing.shared import Shared, SharedFolder
from recorder.sharing.statements import BundleManifest
from tests.unit.sharing.shared_study import OWNER, STUDY, MadeStudy, Participant

EPISODE = ulid(1_795_000_000 * 10**9, b"e" * 10)


def remember(person: Participant, drop: Path, manifest: BundleManifest) -> None:
    memory = SharedFolder(person.folder, STUDY)
    memory.make()
    memory.keep(
        Shared(
            bundle_id=manifest.bundle_id, episode_id=EPISODE, study=STUDY, manifest=manifest,
            pseudonym=manifest.pseudonym, content_sha256="0" * 64, bundle_bytes=1, minutes=1,
            drop=str(drop), state="sent", made=datetime.now(UTC).isoformat(),
        )
    )  # fmt: skip


def test_what_was_shared_while_the_clock_was_ahead_is_meant_too(tmp_path: Path) -> None:
    person = Participant(tmp_path, MadeStudy())
    manifest = person.bundle(tmp_path / "bundle", EPISODE)
    ahead = datetime.now(UTC) + timedelta(hours=2)
    remember(person, tmp_path, manifest.model_copy(update={"created": ahead.isoformat()}))
    wish = ask_erasure(person.folder, person.asker, Scope(), person.user, ["d"])
    assert Erased().with_everything(wish.notice.created).covers(EPISODE, ahead.isoformat())
    assert datetime.fromisoformat(wish.due) < datetime.now(UTC) + timedelta(days=15)


def test_who_leaves_with_a_damaged_ledger_can_still_have_it_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    person = Participant(tmp_path, MadeStudy(), places().state)
    keep_notice(person.place, person.study.notice_bytes)
    (tmp_path / "drop").mkdir()
    manifest = person.bundle(tmp_path / "bundle", EPISODE)
    remember(person, tmp_path / "drop", manifest)
    set_aside(person.place, "0" * 26)
    monkeypatch.setattr(erase_shared, "unlock_folder", lambda *_: str(OWNER))
    done = erase_shared.erase_shared(person.folder, Wish(STUDY, (erase_shared.ALL,)), None)
    assert done.erasure is not None
    assert done.failed == {}
    drop = open_drop(tmp_path / "drop")
    (name,) = drop.names(f"{STUDY}/erasures")
    checked = check_notice(drop.read(name, 10**6), STUDY, [person.study.public])
    assert checked.notice == done.erasure.notice
    traced = trace_study(person.folder, STUDY)
    assert [wish.notice for wish in traced.wishes] == [checked.notice]
    assert traced.pseudonym == manifest.pseudonym


def test_who_lost_chain_and_memory_is_known_by_the_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    drop = tmp_path / "drop"
    drop.mkdir()
    person = Participant(tmp_path, MadeStudy({"drop": str(drop)}), places().state)
    keep_signed(person.place, person.study.notice_bytes, person.study.signature)
    pseudonym = person.joined.pseudonym
    person.place.ledger.unlink()
    monkeypatch.setattr(erase_shared, "unlock_folder", lambda *_: str(OWNER))
    done = erase_shared.erase_shared(person.folder, Wish(STUDY, (erase_shared.ALL,)), None)
    assert done.erasure is not None
    assert (done.erasure.notice.pseudonym, done.failed) == (pseudonym, {})
    (name,) = open_drop(drop).names(f"{STUDY}/erasures")
    checked = check_notice(open_drop(drop).read(name, 10**6), STUDY, [person.study.public])
    assert checked.notice.scope == "all"
    for path in person.place.keys.iterdir():
        path.unlink()
    with pytest.raises(StudyUnknown):
        erase_shared.erase_shared(person.folder, Wish(STUDY, (erase_shared.ALL,)), None)


@pytest.mark.parametrize("left", [False, True])
def test_who_joined_anew_has_erased_what_was_shared_before_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, left: bool
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    person = Participant(tmp_path, MadeStudy(), places().state)
    drop = tmp_path / "drop"
    drop.mkdir()
    before = person.bundle(tmp_path / "bundle", EPISODE)
    remember(person, drop, before)
    set_aside(person.place, "0" * 26)
    person.user = study_key(person.place, str(OWNER), [str(OWNER.to_public())])
    person.agree()
    now = person.joined.pseudonym
    assert now != before.pseudonym
    if left:
        person.withdraw()
    monkeypatch.setattr(erase_shared, "unlock_folder", lambda *_: str(OWNER))
    wish = Wish(STUDY, (erase_shared.ALL,))
    for _ in range(2):
        assert not erase_shared.erase_shared(person.folder, wish, None).failed
    names = list(open_drop(drop).names(f"{STUDY}/erasures"))
    data = [open_drop(drop).read(name, 10**6) for name in names]
    found = [check_notice(one, STUDY, [person.study.public]) for one in data]
    assert {one.notice.pseudonym for one in found} == {now, before.pseudonym}
    assert len(found) == 2
    assert trace_study(person.folder, STUDY).pseudonym == now


def test_what_was_shared_before_and_cannot_be_asked_for_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    person = Participant(tmp_path, MadeStudy(), places().state)
    (tmp_path / "drop").mkdir()
    remember(person, tmp_path / "drop", person.bundle(tmp_path / "bundle", EPISODE))
    set_aside(person.place, "0" * 26)
    person.user = study_key(person.place, str(OWNER), [str(OWNER.to_public())])
    person.agree()
    for path in (person.folder / "keys" / "earlier").glob("*/user.key.age"):
        path.unlink()
    monkeypatch.setattr(erase_shared, "unlock_folder", lambda *_: str(OWNER))
    done = erase_shared.erase_shared(person.folder, Wish(STUDY, (erase_shared.ALL,)), None)
    assert done.erasure is not None
    assert list(done.failed) == ["what was shared before you joined anew"]


def test_what_takes_the_place_of_something_from_before_asks_as_who_shared_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    person = Participant(tmp_path, MadeStudy(), places().state)
    (tmp_path / "drop").mkdir()
    before = person.bundle(tmp_path / "bundle", EPISODE)
    remember(person, tmp_path / "drop", before)
    set_aside(person.place, "0" * 26)
    person.user = study_key(person.place, str(OWNER), [str(OWNER.to_public())])
    person.agree()
    memory = SharedFolder(person.folder, STUDY)
    known = list(memory.all())
    wish = replace(memory, person.joined, str(OWNER), known, {before.bundle_id})
    assert wish is not None
    assert (wish.notice.pseudonym, wish.notice.user_key) == (before.pseudonym, before.user_key)
