"""A new identity for all that is stored: every key is sealed anew.

First everything opens with the old keys and the new ones, then the new identity is put in
place, then the old ones are left out. Killed in between, either the old passphrase or the
new one opens everything, and calling again finishes it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage

from recorder.consent.folder import mark_secret
from recorder.consent.kept_keys import reseal_user_keys
from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.changing import changing
from recorder.episodes.homes import episode_homes
from recorder.episodes.identity import Passphrase, RecoveryKey, change_passphrase, owners
from recorder.episodes.names import KEY_FILE
from recorder.episodes.owner import Owner, manifest_checker, manifest_signer
from recorder.episodes.reader import open_episode
from recorder.episodes.sealing import NotUnlocked
from recorder.episodes.table_files import DamagedFile, writing
from recorder.files import write_whole


class NotTheRecoveryKey(RecorderError):
    """The key does not belong to the folder."""

    def __init__(self) -> None:
        super().__init__(
            "That recovery key does not belong to this folder",
            "look for the file that recorder init wrote for it",
            ExitCode.WRONG_PASSPHRASE,
        )


@dataclass(frozen=True, slots=True)
class Renewed:
    """What was done.

    Attributes:
        episodes: How many were sealed anew.
        left: Ids of those that could not be opened and are as they were.
    """

    episodes: int
    left: tuple[str, ...]


def new_recovery_key() -> RecoveryKey:
    """Give a recovery key that opens nothing yet."""
    key = pyrage.x25519.Identity.generate()
    return RecoveryKey(str(key), str(key.to_public()))


def renew_identity(
    folder: Path,
    opener: str,
    passphrase: Passphrase,
    recovery: RecoveryKey | None,
    step: Callable[[], None],
) -> Renewed:
    """Make a new identity under a passphrase and seal everything to it. Approvals end.

    Args:
        folder: The recording folder; nothing is being recorded into it.
        opener: The identity or the recovery key that opens everything now.
        passphrase: Of the new identity.
        recovery: The new recovery key, written down by the caller; None where `opener` is the
            recovery key and stays it.
        step: Called after each episode, twice.

    Raises:
        NotTheRecoveryKey: `opener` is none of the folder's keys; nothing changed.
        FolderUnwritable: Not all of it is done; call again.
    """
    old = owners(folder)
    public = str(pyrage.x25519.Identity.from_str(opener).to_public())
    if public not in old:
        raise NotTheRecoveryKey
    identity = pyrage.x25519.Identity.generate()
    second = public if recovery is None else recovery.public
    new = (str(identity.to_public()), second)
    both = tuple(dict.fromkeys((*new, *old)))
    with writing(folder):
        left = _seal_all(folder, opener, both, step)
        reseal_user_keys(folder, opener, both)
        _write_owners(folder, both)
        change_passphrase(folder, str(identity), passphrase)
        mark_secret(folder, "passphrase")
        _write_owners(folder, new)
        _seal_all(folder, str(identity), new, step)
        reseal_user_keys(folder, str(identity), new)
    return Renewed(len(episode_homes(folder)) - len(left), tuple(left))


def _write_owners(folder: Path, public: Sequence[str]) -> None:
    """Write down who can open recordings; until all is done, both old and new."""
    write_whole(
        folder / "keys" / "recipients.txt", "".join(f"{line}\n" for line in public).encode()
    )


def _seal_all(
    folder: Path, opener: str, recipients: Sequence[str], step: Callable[[], None]
) -> list[str]:
    """Seal every episode's key and summary; gives the ids of those that do not open."""
    owner = Owner(manifest_signer(folder), tuple(recipients), manifest_checker(folder))
    left = []
    for home in episode_homes(folder):
        if (home / KEY_FILE).exists() and not _seal(folder, home, opener, owner):
            left.append(home.name)
        step()
    return left


def _seal(folder: Path, home: Path, opener: str, owner: Owner) -> bool:
    try:
        episode = open_episode(home, folder=folder, identity=opener)
    except (DamagedFile, NotUnlocked):
        return False
    with changing(episode, owner) as change:
        change.rewrap()
        change.commit()
    return True
