"""Which rows teach and which judge: by participant, by app, or by time.

A participant's or an app's split is drawn by a keyed hash, so it stays the same when others
come, and nobody can tell it from the pseudonym without the collection's salt.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import ulid_wall_ns
from recorder.core.strict import Strict
from recorder.files import read_regular, write_whole

Split = Literal["train", "validation", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "validation", "test")
SplitBy = Literal["participant", "app", "time"]
SALT_FILE: Final = "split-salt"
_SALT_BYTES: Final = 32
_HUNDRED: Final = 100


class SplitUnknown(RecorderError):
    """The shares make no sense."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"--split {text} is no split", "three shares that sum to 100: --split 80,10,10",
            ExitCode.USAGE,
        )  # fmt: skip


class Rule(Strict):
    """How rows are split.

    Attributes:
        shares: Percent of train, validation and test.
        salt: Hex; keeps draws from being repeated by others.
        until_ns: By time: the last wall times of train and of validation.
    """

    by: SplitBy
    shares: tuple[int, int, int]
    salt: str = Field(repr=False)
    until_ns: tuple[int, int] = (0, 0)

    def of_name(self, name: str) -> Split:
        """Give the split of a pseudonym or an app."""
        digest = hmac.new(bytes.fromhex(self.salt), name.encode(), hashlib.sha256).digest()
        place = int.from_bytes(digest[:8], "big") * _HUNDRED >> 64
        return SPLITS[(place >= self.shares[0]) + (place >= self.shares[0] + self.shares[1])]

    def of_episode(self, pseudonym: str, episode_id: str) -> Split | None:
        """Give the split of a whole episode; None where each row's app decides."""
        if self.by == "app":
            return None
        if self.by == "participant":
            return self.of_name(pseudonym)
        began_ns = ulid_wall_ns(episode_id)
        return SPLITS[(began_ns > self.until_ns[0]) + (began_ns > self.until_ns[1])]


def parse_shares(text: str) -> tuple[int, int, int]:
    """Give the shares of `80,10,10`.

    Raises:
        SplitUnknown: They are not three whole numbers that sum to 100.
    """
    words = text.split(",")
    if len(words) != len(SPLITS) or not all(word.strip().isdecimal() for word in words):
        raise SplitUnknown(text)
    train, validation, test = (int(word) for word in words)
    if train + validation + test != _HUNDRED:
        raise SplitUnknown(text)
    return train, validation, test


def split_salt(collection: Path) -> str:
    """Give the collection's salt in hex; made once, so that nobody changes splits later.

    Raises:
        OSError: It cannot be read or written.
    """
    path = collection / SALT_FILE
    if not path.exists():
        write_whole(path, secrets.token_hex(_SALT_BYTES).encode())
    return read_regular(path, 2 * _SALT_BYTES).decode("ascii")


def rule_of(by: SplitBy, shares: tuple[int, int, int], salt: str, ids: Iterable[str]) -> Rule:
    """Give the rule; by time, the ids of all episodes decide where a split ends."""
    if by != "time":
        return Rule(by=by, shares=shares, salt=salt)
    began = sorted(map(ulid_wall_ns, ids))
    ends = (shares[0], shares[0] + shares[1])
    first, second = (_at_share(began, end) for end in ends)
    return Rule(by=by, shares=shares, salt=salt, until_ns=(first, second))


def _at_share(began: list[int], percent: int) -> int:
    """Give when the last of that share of the episodes began; what began then stays together."""
    at = len(began) * percent // _HUNDRED
    return began[at - 1] if at else -1
