"""What `recorder consent withdraw --study` does and says, whatever was shared before."""

import errno
import json
from pathlib import Path

import pytest

from recorder.cli import leaving
from recorder.cli.consent_study import ErasureWish, leave_study
from recorder.cli.fast import run as run_fast
from recorder.cli.revoking import question, revoke, revoked_payload, revoked_told, to_revoke
from recorder.cli.settling import settle
from recorder.cli.still_owed import still_owed
from recorder.cli.trace import trace_study
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.folder import FolderReadOnly
from recorder.consent.ledger import set_aside
from recorder.places import places
from recorder.sharing.shared import BundleUnknown, alone
from recorder.sharing.taking_back import take_back
from tests.unit.sharing.shared_study import STUDY, MadeStudy
from tests.unit.sharing.sharer import Sharer


@pytest.fixture(scope="session")
def study() -> MadeStudy:
    return MadeStudy()


@pytest.fixture
def sharer(tmp_path: Path, study: MadeStudy) -> Sharer:
    return Sharer(tmp_path / "one", study)


class Shell:
    """Leaves, and gives the exit code and what was said."""

    def __init__(self, sharer: Sharer, out: pytest.CaptureFixture[str]) -> None:
        self._sharer, self._out = sharer, out

    def leave(self, *erase: str) -> tuple[int, str]:
        own = self._sharer.person.place.__class__(self._sharer.person.folder, places().state)
        code = leave_study(own, STUDY, ErasureWish(erase), as_json=False)
        return code, "".join(reversed(self._out.readouterr()))

    def status(self) -> str:
        pointer = places().folder_pointer
        pointer.parent.mkdir(parents=True, exist_ok=True)
        pointer.write_text(f"{self._sharer.person.folder}\n")
        run_fast(["status"])
        return self._out.readouterr().out


@pytest.fixture
def shell(sharer: Sharer, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(sharer, capsys)


def test_who_never_shared_anything_is_told_so(shell: Shell) -> None:
    code, said = shell.leave()
    assert code == 0
    assert said.startswith(f"You left the study {STUDY}. Nothing more is shared with it.\n")
    assert f"Nothing was ever sent to {STUDY} from this folder." in said
    assert "Your own recording is as it was." in said
    code, said = shell.leave("all")
    assert said.count("Nothing was") == 1


def test_what_was_not_collected_comes_back_and_the_study_is_told(
    shell: Shell, sharer: Sharer
) -> None:
    bundles = [sharer.share(), sharer.share()]
    code, said = shell.leave()
    assert (code, "Taken back" in said, "2 recordings" in said) == (0, True, True)
    assert f"{STUDY} is told that you left." in said
    assert "--erase" not in said
    assert not any(sharer.path(one).exists() for one in bundles)
    assert len(sharer.leavings()) == 1
    code, said = shell.leave()
    assert said.startswith(f"You had left the study {STUDY} before.")
    assert "waits there to be fetched" in said


def test_what_was_collected_is_told_with_how_to_have_it_erased(
    shell: Shell, sharer: Sharer
) -> None:
    sharer.answer(sharer.share())
    sharer.share()
    code, said = shell.leave()
    assert code == 0
    assert "Collected by typing-1 before, and kept there: 1 recording." in said
    assert "before typing-1 had it: 1 recording" in said
    assert f"recorder consent withdraw --study {STUDY} --erase all" in said


def test_a_drop_that_is_away_holds_nobody_up_and_is_tried_again(
    shell: Shell, sharer: Sharer, tmp_path: Path
) -> None:
    one = sharer.share()
    sharer.drop.rename(tmp_path / "away")
    code, said = shell.leave()
    assert (code, "Still to be taken back: 1 recording." in said) == (8, True)
    assert said.count("recorder trace tries again") == 1
    assert "is told" not in said
    assert "1 bundle is still to be taken back; typing-1 is not told yet" in shell.status()
    traced = trace_study(sharer.person.folder, STUDY)
    assert ([it.state for it in traced.bundles], len(traced.owed)) == (["to be taken back"], 2)
    (tmp_path / "away").rename(sharer.drop)
    assert trace_study(sharer.person.folder, STUDY).owed == {}
    assert (sharer.path(one).exists(), len(sharer.leavings())) == (False, 1)
    assert still_owed(sharer.person.folder) == ""


def test_erasing_after_leaving_asks_once_however_often_it_is_typed(
    shell: Shell, sharer: Sharer
) -> None:
    sharer.answer(sharer.share())
    shell.leave()
    _, said = shell.leave("all")
    assert f"{STUDY} is asked to erase everything that you shared with it." in said
    assert "You had left" in said
    _, said = shell.leave("all")
    assert f"{STUDY} was asked before to erase everything" in said
    assert len(list((sharer.drop / STUDY / "erasures").rglob("*.tar"))) == 1


def test_a_wish_for_what_was_never_shared_leaves_all_the_same(
    shell: Shell, sharer: Sharer, capsys: pytest.CaptureFixture[str]
) -> None:
    one = sharer.share()
    with pytest.raises(BundleUnknown):
        shell.leave("0" * 26)
    said = capsys.readouterr().err
    assert "You left the study" in said
    assert "Taken back" in said
    assert not sharer.path(one).exists()


def test_a_ledger_that_cannot_be_relied_on_keeps_nothing_in_the_drop(
    shell: Shell, sharer: Sharer
) -> None:
    one = sharer.share()
    sharer.person.place.ledger.write_bytes(b"damaged\n")
    _, said = shell.leave()
    assert "was set aside, so it cannot be told" in said
    assert not sharer.path(one).exists()
    _, said = shell.leave()
    assert f"No consent to share with {STUDY} is in force." in said


def test_a_folder_that_is_away_is_out_of_force_and_says_what_to_do(
    shell: Shell, sharer: Sharer
) -> None:
    sharer.share()
    sharer.person.folder.rename(sharer.home / "unplugged")
    code, said = shell.leave("all")
    assert (code, "There is no folder" in said, "run this again" in said) == (8, True, True)
    assert "Nothing was ever sent" not in said
    assert not sharer.person.folder.exists()


def test_a_folder_that_takes_nothing_is_out_of_force_and_says_what_to_do(
    shell: Shell,
    sharer: Sharer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("recorder.consent.ledger.write_whole", full)
    with pytest.raises(FolderReadOnly):
        shell.leave()
    said = capsys.readouterr().err
    assert "no consent to share with it is in force" in said
    assert "run this again" in said
    with pytest.raises(ConsentUntrusted):
        _ = sharer.person.joined


def test_while_another_program_sends_it_is_said_and_done_later(
    shell: Shell, sharer: Sharer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "WAIT_S", 0.0)
    one = sharer.share()
    with alone(sharer.memory):
        code, said = shell.leave()
        assert (code, "another recorder share is sending" in said) == (8, True)
        assert settle(sharer.person.folder, STUDY) == {}
        assert sharer.path(one).exists()
    assert settle(sharer.person.folder, STUDY) == {}
    assert (sharer.path(one).exists(), len(sharer.leavings())) == (False, 1)


def test_every_bundle_of_an_episode_is_taken_back_and_told(sharer: Sharer, tmp_path: Path) -> None:
    folder = sharer.person.folder
    first, second, third = sharer.share(), sharer.share(), sharer.share(sent=False)
    bundles = [
        one.model_copy(update={"episode_id": first.episode_id}) for one in (first, second, third)
    ]
    for one in bundles:
        sharer.memory.keep(one)
    sharer.answer(second)
    sharer.path(third).unlink()
    assert all(one.bundle_id in question(bundles) for one in bundles)
    done = revoke(folder, bundles, first.episode_id)
    assert [one.came for one in done] == ["taken back", "collected", "not sent"]
    assert json.dumps(revoked_payload(done))
    told = revoked_told(done)
    assert f"recorder unshare {first.episode_id} --study {STUDY}" in told
    assert to_revoke(folder, bundles) == bundles
    assert to_revoke(folder, list(sharer.memory.all())) == []
    sharer.drop.rename(tmp_path / "away")
    (late,) = revoke(folder, [sharer.share(tmp_path / "away")], "")
    (tmp_path / "away").rename(sharer.drop)
    assert late.came == "taken back"


def test_what_cannot_be_revoked_now_is_said_and_counts_as_owed(
    sharer: Sharer, tmp_path: Path
) -> None:
    one = sharer.share()
    sharer.drop.rename(tmp_path / "away")
    (done,) = revoke(sharer.person.folder, [one], one.bundle_id)
    assert (done.came, "recorder trace tries again" in revoked_told([done])) == ("owed", True)
    assert to_revoke(sharer.person.folder, list(sharer.memory.all())) != []
    assert "1 bundle is still to be taken back" in still_owed(sharer.person.folder)


def test_joining_again_ends_telling_but_not_taking_back(sharer: Sharer, tmp_path: Path) -> None:
    one = sharer.share()
    sharer.drop.rename(tmp_path / "away")
    sharer.person.withdraw()
    assert len(settle(sharer.person.folder, STUDY)) == 2
    sharer.person.agree()
    assert len(settle(sharer.person.folder, STUDY)) == 1
    (tmp_path / "away").rename(sharer.drop)
    assert settle(sharer.person.folder, STUDY) == {}
    assert (sharer.path(one).exists(), sharer.leavings()) == (False, [])


def test_a_note_that_cannot_be_read_counts_as_not_told(sharer: Sharer) -> None:
    (sharer.memory.path / "leaving.json").write_bytes(b"\xff")
    assert "typing-1 is not told yet that you left" in still_owed(sharer.person.folder)


def test_one_without_a_chain_is_settled_as_far_as_it_goes(sharer: Sharer, tmp_path: Path) -> None:
    one = sharer.share()
    sharer.drop.rename(tmp_path / "away")
    take_back(sharer.memory, [one])
    set_aside(sharer.person.place, "0" * 26)
    (tmp_path / "away").rename(sharer.drop)
    assert settle(sharer.person.folder, STUDY) == {}
    assert not sharer.path(one).exists()
