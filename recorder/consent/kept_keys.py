"""Every user key in a folder: one's own, those of studies, and those that gave way to others.

Who joins a study anew, because its chain was damaged or lost, gets new keys and with them a new
pseudonym: the study holds the old chain to the old one. The old keys stay in
`keys/earlier/<study>.<8 hex>/`, since what was shared under them is erased with them alone.
"""

import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyrage

from recorder.consent.keys import STUDIES, USER_KEY, KeyUnusable, UserKey, keys_folder, unsealed_key
from recorder.files import private_folder, sync_folder, write_whole

_EARLIER: Final = "earlier"


def put_aside(folder: Path, study: str) -> None:
    """Make place for new keys of a study, where there are any.

    Raises:
        OSError: The folder cannot be written; they are where they were.
    """
    keys = keys_folder(folder, study)
    if keys.is_symlink() or keys.exists():
        place = private_folder(folder / "keys" / _EARLIER)
        keys.rename(place / f"{study}.{secrets.token_hex(4)}")
        sync_folder(place)


def user_key_of(folder: Path, identity: str, study: str, public: str) -> UserKey:
    """Give the user key of a study that a bundle names, be it the present one or an earlier.

    Args:
        folder: The recordings' folder.
        identity: The unlocked `AGE-SECRET-KEY-…`.
        study: Its id.
        public: The hex public key.

    Raises:
        KeyUnusable: None of those that open is it.
    """
    for key in _user_keys(folder, identity, study):
        if key.public.public == public:
            return key
    raise KeyUnusable(USER_KEY, f"by which {study} knew you is gone", "put it back from a backup")


def reseal_user_keys(folder: Path, identity: str, recipients: Sequence[str]) -> None:
    """Seal the user key, and those for studies, to other recipients.

    One that gave way to another, and does not open, is left as it is.

    Args:
        folder: The recordings' folder.
        identity: What opens it now.
        recipients: `age1…` strings of those who shall open it.

    Raises:
        KeyUnusable: One is missing, damaged, or sealed to someone else.
        OSError: One cannot be written; it is as it was.
    """
    public = [pyrage.x25519.Recipient.from_str(r) for r in recipients]
    keys = keys_folder(folder)
    in_use = [keys / USER_KEY, *sorted((keys / STUDIES).glob(f"*/{USER_KEY}"))]
    for path in (*in_use, *_earlier(folder)):
        try:
            pem = UserKey(unsealed_key(path, identity)).pem()
        except KeyUnusable:
            if path in in_use:
                raise
            continue
        write_whole(path, pyrage.encrypt(pem, public))


def _earlier(folder: Path, study: str = "*") -> list[Path]:
    """Give the sealed keys that gave way, of one study or of all."""
    return sorted((folder / "keys" / _EARLIER).glob(f"{study}.*/{USER_KEY}"))


def _user_keys(folder: Path, identity: str, study: str) -> Iterator[UserKey]:
    for path in (keys_folder(folder, study) / USER_KEY, *_earlier(folder, study)):
        try:
            yield UserKey(unsealed_key(path, identity))
        except KeyUnusable:
            continue
