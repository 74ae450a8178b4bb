"""What a collection remembers of one participant: keys, ledger, erasures, drop.

`participants/<pseudonym>/` holds `keys.json`, `ledger.jsonl`, `erased.json` and `drop.txt`. None
of it tells what was recorded; it stays when recordings go, or an erased one could come again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from recorder.consent.chain import MAX_LEDGER_BYTES
from recorder.consent.pseudonym import pseudonym_of
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.strict import Strict
from recorder.files import private_folder, read_regular, write_whole
from recorder.sharing.statements import Digest, Time, Ulid

_LIMIT_BYTES: Final = 16_000_000
_KEYS: Final = "keys.json"
MOST_EPISODES: Final = 100_000
"""In what a participant had erased: eight megabytes at the most, half of what is read."""
_LONGEST_URL: Final = 4096
_K = TypeVar("_K", bound=BaseModel)


class CollectionDamaged(RecorderError):
    """A file of the collection is not as it was written."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is missing or damaged",
            "put it back from a backup; recorder collection verify shows more",
            ExitCode.CHECKS_FAILED,
        )


class Keys(Strict):
    """The public keys from which the pseudonym follows: with them the kept ledger is checked.

    Whose a bundle or notice is, it tells by itself; nothing is trusted for being here.
    """

    schema_name: Literal["recorder.keys/1"] = Field("recorder.keys/1", alias="schema")
    user_key: Digest
    device_key: Digest


class Erased(Strict):
    """What a participant had erased: ids and times only, and no more than can be read again.

    Attributes:
        everything: Of all that was shared until then; None when it was not asked.
        episodes: {episode: when it was asked}; such an episode never comes again.
        parts: {episode: newest wish for a part of it}; what was shared after it leaves that out.
    """

    schema_name: Literal["recorder.erased/1"] = Field("recorder.erased/1", alias="schema")
    everything: Time | None = None
    episodes: dict[Ulid, Time] = Field(default_factory=dict)
    parts: dict[Ulid, Time] = Field(default_factory=dict)

    @property
    def is_too_long(self) -> bool:
        """Tell whether it names more episodes than one participant can have."""
        return len(self.episodes) + len(self.parts) > MOST_EPISODES

    def covers(self, episode_id: str, created: str) -> bool:
        """Tell whether a bundle of an episode, made at a time, must not be held."""
        if episode_id in self.episodes:
            return True
        ends = [end for end in (self.everything, self.parts.get(episode_id)) if end]
        return any(moment(created) <= moment(end) for end in ends)

    def with_everything(self, at: str) -> "Erased":
        """Give it with all that was shared until then; a part that was asked before is in it."""
        end = _later(self.everything, at)
        left = {one: part for one, part in self.parts.items() if moment(part) > moment(end)}
        return self.model_copy(update={"everything": end, "parts": left})

    def with_episodes(self, episodes: Sequence[str], at: str) -> "Erased":
        """Give it with these episodes, each with the parts that were asked of it."""
        gone = {**dict.fromkeys(episodes, at), **self.episodes}
        left = {one: part for one, part in self.parts.items() if one not in gone}
        return self.model_copy(update={"episodes": gone, "parts": left})

    def with_part(self, episode_id: str, at: str) -> "Erased":
        """Give it with a part of an episode."""
        if episode_id in self.episodes:
            return self
        end = _later(self.parts.get(episode_id), at)
        return self.model_copy(update={"parts": {**self.parts, episode_id: end}})


class Participant:
    """One participant's folder; files are written whole, by one program at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def keys(self) -> Keys | None:
        """The participant's keys; None when nothing came yet.

        Raises:
            CollectionDamaged: They are not those of the pseudonym.
        """
        data = self._read(_KEYS)
        found = None if data is None else self._parsed(Keys, _KEYS, data)
        if found and pseudonym_of(found.user_key, found.device_key) != self.folder.name:
            raise CollectionDamaged(self.folder / _KEYS)
        return found

    def keep_keys(self, user_key: str, device_key: str) -> None:
        """Keep the keys of what was checked to be this participant's."""
        found = Keys(user_key=user_key, device_key=device_key)
        data = found.model_dump_json(by_alias=True).encode()
        if self._read(_KEYS) != data:
            self._write(_KEYS, data)

    @property
    def ledger(self) -> bytes:
        """The longest ledger seen; b"" when none was."""
        return self._read("ledger.jsonl", MAX_LEDGER_BYTES) or b""

    def keep_ledger(self, ledger: bytes) -> None:
        """Keep a ledger that is longer than the one seen before."""
        known = self.ledger
        if len(ledger) > len(known) and ledger.startswith(known):
            self._write("ledger.jsonl", ledger)

    @property
    def erased(self) -> Erased:
        """What must not come again."""
        data = self._read("erased.json")
        return Erased() if data is None else self._parsed(Erased, "erased.json", data)

    def keep_erased(self, erased: Erased) -> None:
        """Remember what must not come again."""
        self._write("erased.json", erased.model_dump_json(by_alias=True).encode())

    @property
    def drop(self) -> str:
        """The drop that the participant's last bundle or notice came through; "" if unknown."""
        return (self._read("drop.txt", _LONGEST_URL) or b"").decode("utf-8", "replace").strip()

    def keep_drop(self, address: str) -> None:
        """Remember where answers go; `address` holds no credentials."""
        if address != self.drop:
            self._write("drop.txt", address.encode() + b"\n")

    def _read(self, name: str, limit_bytes: int = _LIMIT_BYTES) -> bytes | None:
        try:
            return read_regular(self.folder / name, limit_bytes)
        except FileNotFoundError:
            return None
        except OSError as cause:
            raise CollectionDamaged(self.folder / name) from cause

    def _write(self, name: str, data: bytes) -> None:
        write_whole(private_folder(self.folder) / name, data)

    def _parsed(self, kind: type[_K], name: str, data: bytes) -> _K:
        try:
            return kind.model_validate_json(data)
        except ValidationError as cause:
            raise CollectionDamaged(self.folder / name) from cause


def moment(time: str) -> datetime:
    """Give the instant of an ISO 8601 time; without a zone it is UTC.

    Raises:
        ValueError: It is no time.
    """
    found = datetime.fromisoformat(time)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _later(one: str | None, other: str) -> str:
    return other if one is None or moment(other) > moment(one) else one
