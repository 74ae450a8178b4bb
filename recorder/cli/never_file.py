"""The person's own words: `never.json` beside the settings, its key apart in the state folder.

The list holds digests under the key, no word. Whoever has both files can try names until one
fits; whoever has one of them cannot.
"""

import json
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import private_folder, read_regular, write_whole
from recorder.places import Places
from recorder.redaction.hits import Hit
from recorder.redaction.personal_words import (
    DIGEST_BYTES,
    KEY_BYTES,
    MOST_PARTS,
    Entry,
    PersonalWords,
    check_of,
)

FILE_NAME: Final = "never.json"
KEY_NAME: Final = "never.key"
_LARGEST_BYTES: Final = 1 << 20


class NeverFileUnusable(RecorderError):
    """The person's own words cannot be read; nothing is recorded without them."""

    def __init__(self, file: Path, what: str) -> None:
        super().__init__(
            f"The list of personal words {what}",
            f"bring {file} back, or recorder never clear and add the words again",
            ExitCode.USAGE,
        )


def read_entries(where: Places) -> tuple[bytes, tuple[Entry, ...]]:
    """Give key and entries; a new key, not yet written, while there is neither.

    Raises:
        NeverFileUnusable: A file is damaged, missing or does not fit the other.
    """
    file, key_file = where.config / FILE_NAME, where.state / KEY_NAME
    try:
        data = read_regular(file, _LARGEST_BYTES)
    except FileNotFoundError as cause:
        if os.path.lexists(key_file):
            raise NeverFileUnusable(file, "is gone, but its key is there") from cause
        return secrets.token_bytes(KEY_BYTES), ()
    except OSError as cause:
        raise NeverFileUnusable(file, "cannot be read") from cause
    try:
        key = read_regular(key_file, KEY_BYTES)
    except OSError as cause:
        raise NeverFileUnusable(key_file, "has lost its key") from cause
    try:
        told = json.loads(data)
        found = tuple(_entry(one) for one in told["words"])
        check = _digest(told["check"])
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise NeverFileUnusable(file, "is damaged") from cause
    if len(key) != KEY_BYTES or check != check_of(key):
        raise NeverFileUnusable(key_file, "has another key")
    return key, found


def write_entries(where: Places, key: bytes, entries: Iterable[Entry]) -> None:
    """Replace the list; both files are 0600, in folders of 0700."""
    words = sorted([e.parts, *sorted(d.hex() for d in e.digests)] for e in set(entries))
    told = {"about": "Digests of words that are never stored. Change it with: recorder never"}
    text = json.dumps({**told, "check": check_of(key).hex(), "words": words}, indent=1)
    private_folder(where.state)
    write_whole(where.state / KEY_NAME, key)
    private_folder(where.config)
    write_whole(where.config / FILE_NAME, text.encode() + b"\n")


def remove_files(where: Places) -> None:
    """Take list and key away."""
    (where.config / FILE_NAME).unlink(missing_ok=True)
    (where.state / KEY_NAME).unlink(missing_ok=True)


class OwnWords:
    """The list as it is now: read anew when its file changed."""

    def __init__(self, where: Places) -> None:
        self._where = where
        self._sign: object = ()
        self._words = PersonalWords(b"", frozenset())

    def find(self, text: str) -> Iterator[Hit]:
        """Give the words met in the text.

        Raises:
            NeverFileUnusable: The list cannot be read; the caller drops the text.
        """
        return self.current().find(text)

    def current(self) -> PersonalWords:
        """Give the list; the same object while it is unchanged.

        Raises:
            NeverFileUnusable: As `read_entries`.
        """
        sign = _sign(self._where.config / FILE_NAME)
        if sign != self._sign:
            key, entries = read_entries(self._where)
            digests = frozenset().union(*(entry.digests for entry in entries))
            reach = max((entry.parts for entry in entries), default=0) + 1
            self._words = PersonalWords(key, digests, min(reach, MOST_PARTS))
            self._sign = sign
        return self._words


def _sign(path: Path) -> object:
    """Give what changes with the file, None while there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for every text
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _entry(told: list[object]) -> Entry:
    parts, *digests = told
    if not isinstance(parts, int) or not 1 <= parts <= MOST_PARTS or not digests:
        raise ValueError("no entry")
    return Entry(frozenset(_digest(str(digest)) for digest in digests), parts)


def _digest(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != DIGEST_BYTES:
        raise ValueError("no digest")
    return found
