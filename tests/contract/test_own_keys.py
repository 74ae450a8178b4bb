"""Passphrase, recovery key, new keys, and the end of everything, with real keys."""

import base64
import json
import shutil
from pathlib import Path

import pyrage
import pytest

from recorder.cli import forget_everything
from recorder.cli.init import FolderWish, set_up
from recorder.consent.folder import remember_folder
from recorder.consent.keys import PublicKey, load_user_key, verify_envelope
from recorder.consent.passphrase import Passphrase
from recorder.core.losses import Losses
from recorder.episodes import holding, renewing
from recorder.episodes.homes import episode_homes
from recorder.episodes.identity import owners, unlock
from recorder.episodes.reader import open_episode
from recorder.episodes.sealing import NotUnlocked
from recorder.places import places
from tests.contract.commands import ran_json
from tests.unit.episodes.studio import Studio, add, focus, frame, moves, opening, sign_as_device

OLD, NEW = "old passphrase", "new passphrase"


class Shell:
    """A copy of a folder made by `init`, with an episode in it, and the commands on it."""

    def __init__(
        self, like: Path, at: Path, patch: pytest.MonkeyPatch, out: pytest.CaptureFixture[str]
    ) -> None:
        self.at, self._patch, self._out = at, patch, out
        self.folder = at / "Recorder"
        for name, text in (("old", OLD), ("new", NEW)):
            (at / name).write_text(text + "\n")
            (at / name).chmod(0o600)
        shutil.copytree(like / "Recorder", self.folder)
        remember_folder(places(), self.folder)
        self.recovery = at / "Recorder-recovery-key.txt"
        shutil.copy(like / self.recovery.name, self.recovery)
        self.home = self.record()

    def run(self, *words: str) -> tuple[int, dict[str, object], str]:
        return ran_json(self._patch, self._out, *words)

    def record(self) -> Path:
        sign_as_device(self.folder, self._patch)
        studio = Studio(self.folder)
        studio.recipients = owners(self.folder)
        writer = studio.begin()
        add(writer, context=[*opening(), focus(1)], events=moves(0, 9), frames=[frame(1, 1)])
        return writer.close(Losses())

    def old(self, *words: str) -> tuple[int, dict[str, object], str]:
        return self.run(*words, "--passphrase-file", str(self.at / "old"))

    def new(self, *words: str) -> tuple[int, dict[str, object], str]:
        return self.run(*words, "--passphrase-file", str(self.at / "new"))

    def secret(self, file: Path) -> str:
        return file.read_text().split("\n")[-2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make keys once; each test gets a copy."""
    found = tmp_path_factory.mktemp("made")
    set_up(places({"HOME": str(found)}), FolderWish(found / "Recorder", Passphrase(OLD)))
    return found


@pytest.fixture
def shell(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Shell:
    return Shell(made, tmp_path, monkeypatch, capsys)


def test_another_passphrase_opens_everything_and_the_old_one_nothing(shell: Shell) -> None:
    code, _, _ = shell.old("passphrase", "--new-passphrase-file", str(shell.at / "new"))
    assert code == 0
    assert shell.old("show", "last")[0] == 12
    assert shell.new("show", "last")[0] == 0
    assert open_episode(shell.home, identity=shell.secret(shell.recovery)).events.num_rows == 9


def test_a_wrong_passphrase_changes_nothing(shell: Shell) -> None:
    before = (shell.folder / "keys" / "identity.age").read_bytes()
    assert shell.new("passphrase", "--new-passphrase-file", str(shell.at / "new"))[0] == 12
    assert (shell.folder / "keys" / "identity.age").read_bytes() == before


def test_the_recovery_key_brings_back_a_folder_whose_passphrase_is_lost(shell: Shell) -> None:
    (shell.folder / "keys" / "identity.age").unlink()
    code, told, _ = shell.new("init", "--restore", str(shell.recovery))
    assert (code, told["episodes"], told["left"]) == (0, 1, [])
    code, shown, _ = shell.new("show", "last")
    assert (code, shown["problems"]) == (0, [])
    assert shown["apps"]
    assert shell.new("verify", "--all", "--read-data")[0] == 0
    identity = unlock(shell.folder, NEW)
    assert load_user_key(shell.folder, identity).public.role == "user"
    assert open_episode(shell.home, identity=shell.secret(shell.recovery)).summary is not None


def test_a_recovery_key_of_another_folder_is_refused(shell: Shell) -> None:
    stranger = shell.at / "stranger"
    stranger.write_text(f"# a key\n{pyrage.x25519.Identity.generate()}\n")
    before = {path: path.read_bytes() for path in shell.folder.rglob("*") if path.is_file()}
    assert shell.new("init", "--restore", str(stranger))[0] == 12
    stranger.write_text("no key\n")
    assert shell.new("init", "--restore", str(stranger))[0] == 12
    assert {p: p.read_bytes() for p in shell.folder.rglob("*") if p.is_file()} == before


def test_new_keys_shut_out_whoever_has_the_old_ones(shell: Shell) -> None:
    old = unlock(shell.folder, OLD)
    words = ("passphrase", "--new-identity", "--new-passphrase-file", str(shell.at / "new"))
    assert shell.old(*words)[0] == 2
    code, told, _ = shell.old(*words, "--yes")
    assert (code, told["episodes"]) == (0, 1)
    for stale in (old, shell.secret(shell.recovery)):
        with pytest.raises(NotUnlocked):
            open_episode(shell.home, identity=stale)
    fresh = shell.secret(Path(str(told["recovery_file"])))
    assert open_episode(shell.home, identity=fresh).summary is not None
    assert shell.new("verify", "last", "--read-data")[0] == 0
    assert load_user_key(shell.folder, fresh).public.role == "user"
    assert open_episode(shell.record(), identity=fresh).events.num_rows == 9


def test_forgetting_everything_leaves_a_receipt_that_can_be_checked(
    shell: Shell, own_home: Path
) -> None:
    assert shell.run("review", "--done", "last")[0] == 0
    code, _, said = shell.run("forget", "--everything")
    assert (code, "--yes" in said) == (2, True)
    assert len(episode_homes(shell.folder)) == 1
    code, told, said = shell.run("forget", "--everything", "--yes")
    assert (code, told["episodes"], told["left"]) == (0, 1, [])
    assert "Backups" in said
    assert not shell.folder.exists()
    assert not list(own_home.rglob("folder"))
    receipt = json.loads(Path(str(told["receipt"])).read_text())
    key = PublicKey.model_validate(receipt["key"])
    statement = json.loads(verify_envelope(json.dumps(receipt["receipt"]).encode(), key))
    assert (statement["episodes"], statement["state"]) == (1, "done")
    assert len(statement["remains"]) == 6


def test_what_is_not_the_recorders_stays_and_is_named(shell: Shell) -> None:
    (shell.folder / "photo.jpg").write_bytes(b"mine")
    code, told, _ = shell.run("forget", "--everything", "--yes")
    assert code == 0
    assert [path.name for path in shell.folder.iterdir()] == ["photo.jpg"]
    assert "not the recorder's" in str(told["left"])


@pytest.mark.parametrize("words", [(), ("10m", "--everything"), ("10m", "--receipt", "r.json")])
def test_forget_wants_a_length_or_everything(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell.run("forget", *words, "--yes")[0] == 2
    assert shell.home.exists()


@pytest.mark.parametrize("last", ["mark_secret", "change_passphrase"])
def test_new_keys_that_were_cut_short_are_finished_by_calling_again(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    words = (
        "passphrase",
        "--new-identity",
        "--new-passphrase-file",
        str(shell.at / "new"),
        "--yes",
    )
    real = getattr(renewing, last)

    def cut(*given: object) -> None:
        real(*given)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(renewing, last, cut)
        assert shell.old(*words)[0] == 130
    later = shell.record()
    assert shell.new("show", later.name)[0] == 0
    code, told, _ = shell.new(*words)
    assert (code, told["episodes"], told["left"]) == (0, 2, [])
    assert shell.new("verify", "--all", "--read-data")[0] == 0
    assert len(owners(shell.folder)) == 2


def test_forgetting_another_folder_leaves_the_lists_of_the_one_in_use(
    shell: Shell, own_home: Path
) -> None:
    config = next(own_home.rglob("folder")).parent
    (config / "never.json").write_text("{}")
    other = shell.at / "Other"
    shell.run("init", "--folder", str(other), "--passphrase-file", str(shell.at / "old"))
    (config / "folder").write_text(f"{shell.folder}\n")
    code, told, _ = shell.run("forget", "--everything", "--yes", "--folder", str(other))
    assert (code, other.exists(), len(list(told["left"]))) == (0, False, 1)  # type: ignore[call-overload]
    assert (config / "never.json").exists()
    assert shell.old("show", "last")[0] == 0


def test_forgetting_everything_takes_files_that_a_kill_left(shell: Shell, own_home: Path) -> None:
    config = next(own_home.rglob("folder")).parent
    left = [where / ".0123456789abcdef.tmp" for where in (config, shell.folder)]
    for path in left:
        path.write_text("a personal word")
    code, told, _ = shell.run("forget", "--everything", "--yes")
    assert (code, told["left"], shell.folder.exists()) == (0, [], False)
    assert not any(path.exists() for path in left)


def test_forgetting_everything_that_was_cut_short_is_finished_by_calling_again(
    shell: Shell, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = next(own_home.rglob("folder")).parent
    real = forget_everything._remove

    def cut(path: Path, *given: object, **named: bool) -> None:
        real(path, *given, **named)  # type: ignore[arg-type]
        if path == config / "folder":
            raise KeyboardInterrupt

    (config / "never.json").write_text("{}")
    with monkeypatch.context() as patch:
        patch.setattr(forget_everything, "_remove", cut)
        assert shell.run("forget", "--everything", "--yes")[0] == 130
    code, told, _ = shell.run("forget", "--everything", "--yes", "--folder", str(shell.folder))
    assert (code, told["left"], shell.folder.exists()) == (0, [], False)
    assert not (config / "never.json").exists()


def test_what_a_link_led_to_is_named_and_stays(shell: Shell) -> None:
    elsewhere = shell.at / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "photo.jpg").write_bytes(b"mine")
    (shell.folder / "approved").symlink_to(elsewhere)
    code, told, _ = shell.run("forget", "--everything", "--yes")
    assert (code, "it was a link" in str(told["left"])) == (0, True)
    assert (elsewhere / "photo.jpg").read_bytes() == b"mine"


def test_an_episode_that_cannot_be_changed_does_not_keep_the_others(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = shell.record()
    monkeypatch.setattr(holding, "WAIT_S", 0.0)
    hold = holding.Hold.take(shell.home)
    code, _, said = shell.old("delete", "--app", "xterm", "--yes")
    hold.close()
    assert (code, "Deleted from 1 of 2 episodes" in said) == (11, True)
    assert shell.home.name in said
    assert shell.old("show", later.name)[1]["removed"]
    assert not shell.old("show", shell.home.name)[1]["removed"]


def test_deleting_a_part_does_not_sign_what_somebody_wrote_into_the_manifest(shell: Shell) -> None:
    path = shell.home / "manifest.json"
    envelope = json.loads(path.read_bytes())
    told = json.loads(base64.b64decode(envelope["payload"]))
    told["consent_id"] = "another"
    envelope["payload"] = base64.b64encode(json.dumps(told).encode()).decode()
    path.write_text(json.dumps(envelope))
    assert shell.run("verify", "last")[0] == 31
    code, gone, _ = shell.old("delete", "last", "--range", "0s..0.004s", "--yes")
    assert (code, len(list(gone["episodes"]))) == (0, 1)  # type: ignore[call-overload]
    assert open_episode(shell.home, identity=unlock(shell.folder, OLD)).events.num_rows < 9
    assert shell.run("verify", "last")[0] == 31


def test_a_box_outside_of_every_picture_is_said_and_paints_nothing(shell: Shell) -> None:
    for words in ((), ("--frame", "1")):
        code, told, _ = shell.old("redact", "last", "--box", "90000,60,200,24", "--yes", *words)
        assert code == 2
        assert "outside of every picture" in str(told["error"])
