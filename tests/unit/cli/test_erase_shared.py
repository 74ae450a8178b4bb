"""Asking for an erasure where the ledger can no longer be relied on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recorder.cli import erase_shared
from recorder.cli.erase_shared import Wish
from recorder.cli.trace import trace_study
from recorder.consent.ledger import keep_notice, set_aside
from recorder.core.ids import ulid
from recorder.places import places
from recorder.research.participants import Erased
from recorder.sharing.drops import open_drop
from recorder.sharing.erasing import Scope, ask_erasure
from recorder.sharing.erasure_notice import check_notice
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
