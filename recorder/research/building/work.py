"""What a worker is asked and what it answers; JSON on every way between processes."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from recorder.core.strict import Strict
from recorder.research.building.splits import Rule, Split
from recorder.research.datasets import FilePath, LeftOut, Shard
from recorder.research.held import Held
from recorder.sharing.statements import Digest, Pseudonym, Ulid


@dataclass(frozen=True, slots=True)
class Task:
    """Episodes of one participant that go into a shard together.

    Attributes:
        number: Of the participant's shards, from 0.
        splits: Those that are written; others' rows are left to another task.
        made_of: Digest of everything that decides the bytes.
    """

    pseudonym: str
    number: int
    bundles: tuple[Held, ...]
    splits: tuple[Split, ...]
    made_of: str

    @property
    def files(self) -> tuple[tuple[Split, str], ...]:
        """Give the shards it may write, unless one grows too large."""
        return tuple(
            (split, shard_file(split, self.pseudonym, self.number)) for split in self.splits
        )


class SealedBundle(Strict):
    """One bundle that may be opened, and the key of its payload alone.

    Attributes:
        path: The sealed tar.
        payload_at: Where the age file begins in it, bytes.
        file_key: Hex; opens this payload and nothing else.
    """

    bundle_id: Ulid
    episode_id: Ulid
    user_key: Digest
    path: str
    payload_at: int = Field(ge=0)
    payload_bytes: int = Field(ge=0)
    file_key: Annotated[str, Field(repr=False)]


class Work(Strict):
    """One task with its keys.

    Attributes:
        place: Where shards go.
        without: Difference hashes of pictures that train must not have, sorted.
        left_out: Bundles that were not let in.
    """

    pseudonym: Pseudonym
    number: int
    splits: tuple[Split, ...]
    rule: Rule
    profile: str
    place: str
    bundles: tuple[SealedBundle, ...]
    without: tuple[int, ...] = Field((), repr=False)
    left_out: tuple[LeftOut, ...] = ()

    def refused(self, bundle: SealedBundle, code: int, reason: str) -> LeftOut:
        """Give the row that says why one of the bundles is left out."""
        return LeftOut(
            pseudonym=self.pseudonym,
            episode_id=bundle.episode_id,
            bundle_id=bundle.bundle_id,
            code=code,
            reason=reason,
        )


class Done(Strict):
    """What became of a task.

    Attributes:
        counts: What the reduction kept and left out, by name.
    """

    shards: tuple[Shard, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)


class Answer(Strict):
    """What a worker says. `failed`: sentence, fix and code when it could not write."""

    done: Done | None = None
    failed: tuple[str, str, int] | None = None


def shard_file(split: Split, pseudonym: str, number: int, part: int = 0) -> FilePath:
    """Give a shard's path below the dataset. `part`: above 0 where one file was not enough."""
    more = f"_{part:03d}" if part else ""  # "_" sorts behind ".", so parts are read in order
    return f"data/{split}/{pseudonym}-{number:05d}{more}.parquet"
