"""Real scrypt in a real child; the keyring by a stand-in for the desktop's."""

import resource
from pathlib import Path

import pyrage
import pytest

from recorder.consent.folder import FolderFile, FolderUnusable, make_folder
from recorder.consent.passphrase import KeysDamaged
from recorder.episodes.identity import (
    Keyring,
    KeyringUnusable,
    Passphrase,
    PassphraseMissing,
    WrongPassphrase,
    create_identity,
    desktop_keyring,
    folder_is_plain,
    recipients,
    unlock,
)

PASSPHRASE = "пароль with ünicode"
LIMIT_KB = 64 * 1024


class Drawer:
    """A key store in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        return self.kept.get(name)

    def put(self, name: str, secret: str) -> None:
        self.kept[name] = secret

    def remove(self, name: str) -> None:
        self.kept.pop(name, None)


@pytest.fixture(scope="module", autouse=True)
def light_passphrases() -> None:
    """Seal with the real scrypt here."""


def folder_at(path: Path, *, plain: bool = False, keyring: bool = False) -> Path:
    secret = "keyring" if keyring else "passphrase"
    make_folder(path, FolderFile(folder_id="F" * 26, plain=plain, secret=secret))
    return path


def test_passphrase_and_recovery_key_both_open_what_is_sealed_to_the_owner(tmp_path: Path) -> None:
    folder = folder_at(tmp_path / "Recorder")
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    recovery = create_identity(folder, Passphrase(PASSPHRASE))
    to = [pyrage.x25519.Recipient.from_str(line) for line in recipients(folder)]
    sealed = pyrage.encrypt(b"episode key", to)
    for secret in (unlock(folder, PASSPHRASE), recovery.secret):
        identity = pyrage.x25519.Identity.from_str(secret)
        assert pyrage.decrypt(sealed, [identity]) == b"episode key"
    with pytest.raises(WrongPassphrase):
        unlock(folder, PASSPHRASE + " ")
    with pytest.raises(PassphraseMissing):
        unlock(folder)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb
    assert grown_kb < LIMIT_KB, "scrypt's half gigabyte must stay in the child"
    assert PASSPHRASE not in repr(Passphrase(PASSPHRASE))
    assert recovery.secret not in repr(recovery)

    path = folder / "keys" / "identity.age"
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(KeysDamaged):
        unlock(folder, PASSPHRASE)
    path.unlink()
    with pytest.raises(KeysDamaged):
        unlock(folder, PASSPHRASE)


def test_a_keyring_keeps_the_identity_out_of_the_folder(tmp_path: Path) -> None:
    folder = folder_at(tmp_path / "Recorder", keyring=True)
    drawer = Drawer()
    create_identity(folder, Keyring(drawer))
    assert not (folder / "keys" / "identity.age").exists()
    assert unlock(folder, store=drawer).startswith("AGE-SECRET-KEY-1")
    with pytest.raises(KeyringUnusable, match="does not hold"):
        unlock(folder, store=Drawer())


def test_a_desktop_without_a_keyring_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with pytest.raises(KeyringUnusable, match="recorder init"):
        desktop_keyring()


def test_a_plain_folder_has_no_recipients(tmp_path: Path) -> None:
    folder = folder_at(tmp_path / "Recorder", plain=True, keyring=True)
    create_identity(folder, Keyring(Drawer()))
    assert folder_is_plain(folder)
    assert recipients(folder) == ()


@pytest.mark.parametrize("text", ["", "age1nonsense\n", "\u00fc"])
def test_a_damaged_list_of_recipients_never_means_plain(tmp_path: Path, text: str) -> None:
    folder = folder_at(tmp_path / "Recorder", keyring=True)
    create_identity(folder, Keyring(Drawer()))
    path = folder / "keys" / "recipients.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FolderUnusable):
        recipients(folder)
    path.unlink()
    with pytest.raises(FolderUnusable):
        recipients(folder)
