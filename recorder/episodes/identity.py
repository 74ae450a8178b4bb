"""Who can open the recordings: the owner's age identity, and the recovery key.

The identity is an age X25519 key under a passphrase, or in the keyring of the desktop.
Episode keys are wrapped to its public part, so recording needs no secret at all.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyrage

from recorder.consent.folder import FolderUnusable, folder_marks
from recorder.consent.passphrase import (
    KeysDamaged,
    Passphrase,
    PassphraseMissing,
    WrongPassphrase,
    seal,
    unseal,
)
from recorder.core.errors import ExitCode, RecorderError
from recorder.files import private_folder, read_regular, write_whole

__all__ = [
    "KeyStore",
    "Keyring",
    "KeyringUnusable",
    "Passphrase",
    "PassphraseMissing",
    "RecoveryKey",
    "WrongPassphrase",
    "change_passphrase",
    "create_identity",
    "desktop_keyring",
    "folder_is_plain",
    "recipients",
    "unlock",
]

_MAX_BYTES = 64 * 1024
_SERVICE = "opt-in-recorder"
_SAFE_KEYRINGS = (
    "keyring.backends.SecretService", "keyring.backends.kwallet", "keyring.backends.libsecret",
    "keyring.backends.macOS", "keyring.backends.Windows", "keyring.backends.chainer",
)  # fmt: skip


class KeyringUnusable(RecorderError):
    """The desktop has no keyring, it is locked, or it does not hold the key."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"The keyring cannot be used: {why}",
            "unlock it, or make a folder with a passphrase: recorder init",
            ExitCode.WRONG_PASSPHRASE,
        )


class KeyStore(Protocol):
    """A place of the operating system that keeps secrets."""

    def get(self, name: str) -> str | None:
        """Give a secret; None when it is not there."""

    def put(self, name: str, secret: str) -> None:
        """Keep a secret."""

    def remove(self, name: str) -> None:
        """Overwrite a secret and let go of it; nothing where there is none."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Says that the identity goes into a key store, not under a passphrase."""

    store: KeyStore


@dataclass(frozen=True, slots=True)
class RecoveryKey:
    """The second key; shown once, to be kept off this computer."""

    secret: str = field(repr=False)
    public: str


def create_identity(folder: Path, secret: Passphrase | Keyring) -> RecoveryKey:
    """Make identity and recovery key, and write down who can open recordings.

    Takes about 1.5 s under a passphrase. The recovery key is in no file yet.

    Raises:
        KeyringUnusable: The keyring does not take it.
        OSError: The folder cannot be written.
    """
    identity = pyrage.x25519.Identity.generate()
    recovery = pyrage.x25519.Identity.generate()
    keys = private_folder(folder / "keys")
    if isinstance(secret, Keyring):
        secret.store.put(folder_marks(folder).folder_id, str(identity))
    else:
        write_whole(keys / "identity.age", seal(str(identity).encode(), secret))
    public = (str(identity.to_public()), str(recovery.to_public()))
    write_whole(keys / "recipients.txt", "".join(f"{line}\n" for line in public).encode())
    return RecoveryKey(str(recovery), public[1])


def change_passphrase(folder: Path, identity: str, new: Passphrase) -> None:
    """Seal the identity under another passphrase; takes about 1.5 s.

    Raises:
        OSError: It cannot be written; the old passphrase holds.
    """
    write_whole(folder / "keys" / "identity.age", seal(identity.encode(), new))


def recipients(folder: Path) -> tuple[str, ...]:
    """Give whom episodes are encrypted to; () when the folder stores plain files.

    Raises:
        FolderUnusable: The list is missing, empty or damaged: nothing may be recorded.
    """
    if folder_is_plain(folder):
        return ()
    return owners(folder)


def owners(folder: Path) -> tuple[str, ...]:
    """Give the public keys of identity and recovery key, also of a plain folder.

    Raises:
        FolderUnusable: The list is missing, empty or damaged.
    """
    path = folder / "keys" / "recipients.txt"
    try:
        found = tuple(read_regular(path, _MAX_BYTES).decode("ascii").split())
        for line in found:
            pyrage.x25519.Recipient.from_str(line)
    except (OSError, UnicodeDecodeError, pyrage.RecipientError) as cause:
        raise FolderUnusable(f"{path} is damaged", "put it back from a backup") from cause
    if not found:
        raise FolderUnusable(f"{path} is empty", "put it back from a backup")
    return found


def unlock(folder: Path, passphrase: str | None = None, store: KeyStore | None = None) -> str:
    """Give the identity, `AGE-SECRET-KEY-…`; takes about 1.5 s in a short-lived child.

    Args:
        folder: The recordings' folder.
        passphrase: None looks in the keyring, where the folder says that it is there.
        store: The key store; the desktop's unless given.

    Raises:
        WrongPassphrase: It does not open the identity.
        PassphraseMissing: It is needed and was not given.
        KeyringUnusable: The keyring does not give it.
    """
    marks = folder_marks(folder)
    if marks.secret == "keyring":  # noqa: S105 - where the secret is, not the secret
        identity = (store or desktop_keyring()).get(marks.folder_id)
        if identity is None:
            raise KeyringUnusable("it does not hold this folder's key")
        return identity
    if passphrase is None:
        raise PassphraseMissing
    path = folder / "keys" / "identity.age"
    try:
        sealed = read_regular(path, _MAX_BYTES)
    except OSError as cause:
        raise KeysDamaged("identity.age") from cause
    return unseal(sealed, Passphrase(passphrase)).decode("ascii")


def folder_is_plain(folder: Path) -> bool:
    """Tell whether the owner chose to store recordings unencrypted.

    Raises:
        FolderUnusable: It is no folder of ours.
    """
    return folder_marks(folder).plain


def desktop_keyring() -> KeyStore:
    """Give the keyring of the desktop.

    Raises:
        KeyringUnusable: There is none that keeps secrets encrypted.
    """
    import keyring  # noqa: PLC0415 - loads HTTP modules, which capture processes must not
    from keyring.errors import KeyringError  # noqa: PLC0415 - as above

    backend = keyring.get_keyring()
    if not type(backend).__module__.startswith(_SAFE_KEYRINGS):
        raise KeyringUnusable("this desktop has none")

    class Desktop:
        """The keyring behind the port."""

        def get(self, name: str) -> str | None:
            try:
                return backend.get_password(_SERVICE, name)
            except (KeyringError, OSError) as cause:
                raise KeyringUnusable("it is locked or does not answer") from cause

        def put(self, name: str, secret: str) -> None:
            try:
                backend.set_password(_SERVICE, name, secret)
            except (KeyringError, OSError) as cause:
                raise KeyringUnusable("it is locked or does not answer") from cause

        def remove(self, name: str) -> None:
            if self.get(name) is None:
                return
            self.put(name, "")
            try:
                backend.delete_password(_SERVICE, name)
            except (KeyringError, OSError) as cause:
                raise KeyringUnusable("it is locked or does not answer") from cause

    return Desktop()
