"""`recorder init` makes a private folder or nothing at all."""

import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pyrage
import pytest

from recorder.cli.init import FolderWish, set_up
from recorder.consent.folder import FolderFile, check_folder, chosen_folder, make_folder
from recorder.core.errors import RecorderError
from recorder.episodes.identity import Keyring, KeyringUnusable
from recorder.places import places

RECORDER = str(Path(sys.executable).parent / "recorder")
NOBODY = 65534
PASSPHRASE = "correct horse battery"


@pytest.fixture
def secret(own_home: Path) -> Path:
    """A passphrase file."""
    path = own_home / "secret"
    path.touch(0o600)
    path.write_text(PASSPHRASE + "\n")
    return path


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([RECORDER, *words], capture_output=True, text=True, check=False)


def test_init_makes_keys_once_and_a_recovery_key_that_opens_them(
    secret: Path, own_home: Path
) -> None:
    assert run("init", "--passphrase-file", str(secret)).returncode == 0
    folder = own_home / "Recorder"
    recovery = own_home / "Recorder-recovery-key.txt"
    for path in (recovery, folder / "keys" / "device.key", folder / "keys" / "identity.age"):
        assert stat.S_IMODE(path.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    found = re.findall(r"^AGE-SECRET-KEY-\S+$", recovery.read_text(), re.MULTILINE)
    opened = pyrage.decrypt(
        (folder / "keys" / "user.key.age").read_bytes(),
        [pyrage.x25519.Identity.from_str(found[0])],
    )
    assert opened.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert chosen_folder(places()) == folder
    everything = [path for path in folder.rglob("*") if path.is_file()]
    assert not [path for path in everything if PASSPHRASE.encode() in path.read_bytes()]

    before = (folder / "keys" / "identity.age").read_bytes()
    assert run("init", "--passphrase-file", str(secret)).returncode == 10
    assert (folder / "keys" / "identity.age").read_bytes() == before


def test_a_disk_that_takes_nothing_is_named(secret: Path) -> None:
    done = run("init", "--folder", "/proc/recordings", "--passphrase-file", str(secret))
    assert done.returncode == 13
    assert "Nothing can be written to /proc/recordings" in done.stderr


def test_a_passphrase_file_that_others_can_read_is_refused(secret: Path, own_home: Path) -> None:
    secret.chmod(0o644)
    done = run("init", "--passphrase-file", str(secret))
    assert done.returncode == 12
    assert "chmod 600" in done.stderr
    assert not (own_home / "Recorder").exists()


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda f: f.mkdir(0o700) or (f / "thesis.txt").touch(), "holds other things"),
        (lambda f: f.mkdir() or f.chmod(0o755), "Other people on this computer can open"),
        (lambda f: f.symlink_to(f.parent), "is a symbolic link"),
        (lambda f: f.touch(), "is no folder"),
    ],
    ids=["foreign", "world-readable", "symlink", "file"],
)
def test_a_folder_that_cannot_be_used_is_refused_with_its_fix(
    own_home: Path, prepare: object, words: str
) -> None:
    wanted = own_home / "Rec"
    assert callable(prepare)
    prepare(wanted)
    before = sorted(own_home.iterdir())
    done = run("init", "--folder", str(wanted), "--passphrase-file", "/dev/null")
    assert done.returncode == 10
    assert words in done.stderr
    assert "Fix: " in done.stderr
    assert sorted(own_home.iterdir()) == before


def test_a_secret_is_needed_and_only_one_kind_of_it(secret: Path, own_home: Path) -> None:
    assert run("init").returncode == 12
    assert run("init", "--keyring", "--passphrase-file", str(secret)).returncode == 2
    assert run("init", "--keyring").returncode == 12
    assert not (own_home / "Recorder").exists()


class Locked:
    """A key store that takes nothing."""

    def get(self, name: str) -> str | None:
        raise KeyringUnusable(name)

    def put(self, name: str, secret: str) -> None:
        raise KeyringUnusable(f"{name} of {len(secret)} characters is not taken")

    def remove(self, name: str) -> None:
        raise KeyringUnusable(name)


def test_a_folder_that_was_begun_is_taken_away_when_its_keys_fail(own_home: Path) -> None:
    before = sorted(own_home.rglob("*"))
    with pytest.raises(KeyringUnusable):
        set_up(places(), FolderWish(own_home / "Recorder", Keyring(Locked())))
    assert sorted(own_home.rglob("*")) == before


def test_a_folder_without_the_right_to_write_is_refused_by_the_system_itself() -> None:
    """Runs as nobody when it is root's turn, because root ignores modes."""
    with tempfile.TemporaryDirectory(dir="/tmp") as top:
        Path(top).chmod(0o755)
        folder = Path(top) / "Recorder"
        marks = FolderFile(folder_id="0" * 26, plain=True, secret="none")
        make_folder(folder, marks)
        as_nobody = os.getuid() == 0
        if as_nobody:
            for path in (folder, *folder.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        folder.chmod(0o500)
        assert exit_code_of_check(folder, as_nobody=as_nobody) == 13
        folder.chmod(0o700)
        assert exit_code_of_check(folder, as_nobody=as_nobody) == 0


def exit_code_of_check(folder: Path, *, as_nobody: bool) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            if as_nobody:
                os.setuid(NOBODY)
            check_folder(folder)
            code = 0
        except RecorderError as error:
            code = int(error.code)
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
