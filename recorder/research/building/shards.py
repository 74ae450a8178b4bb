"""Writing shards: rows of one participant and split, streamed, each file whole or not at all."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.episodes.schemas import IMAGE, parquet_options
from recorder.research.building.near import packed
from recorder.research.building.pictures import Pictures
from recorder.research.building.splits import Split
from recorder.research.building.work import shard_file
from recorder.research.datasets import Shard, Source
from recorder.research.looking.recorded import RECORDED_KEY, Recorded
from recorder.research.reduction.schema import STEP_ROW_GROUP_ROWS, STEPS
from recorder.sharing.drops import Drop, Writable

MOST_BYTES: Final = 500_000_000
_GROUP_BYTES: Final = 48_000_000
"""Pictures in memory at once; fewer rows make a row group where they are larger."""
PICTURES_KEY: Final = b"recorder.pictures"
"""In a shard's metadata: hashes of the pictures in it, as `near.packed`."""
Hash = tuple[int, str]
"""A picture's difference hash, and its SHA-256."""


@dataclass(frozen=True, slots=True)
class EpisodeRows:
    """Steps of one episode.

    Attributes:
        rows: `STEPS`, but each `image` tells in `path` the frame that holds the picture.
        hashes: Of each row's picture; None where there is none.
        recorded: What steps cannot tell of it.
    """

    source: Source
    rows: pa.Table
    hashes: tuple[Hash | None, ...]
    pictures: Pictures
    recorded: Recorded


class ShardWriter:
    """Writes a participant's rows of one split; opens another file where one grows too large.

    Attributes:
        shards: Those that are complete; all of them after the block.
    """

    def __init__(self, place: Drop, split: Split, pseudonym: str, number: int) -> None:
        self._place = place
        self._named = (split, pseudonym, number)
        self._stack = ExitStack()
        self._file: _ShardFile | None = None
        self.shards: list[Shard] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if kind is None:
            self._close()
        else:
            self._stack.__exit__(kind, error, trace)

    def write(self, episode: EpisodeRows) -> None:
        """Write an episode's rows.

        Raises:
            ContentRefused: A picture of it cannot be decoded; the shard is worth nothing then.
            DropUnreachable: The place takes nothing.
        """
        for rows, hashes in _groups(episode):
            if self._file is None or self._file.size_bytes + rows.nbytes > MOST_BYTES:
                self._file = self._next()
            self._file.add(rows, hashes, episode)

    def _next(self) -> "_ShardFile":
        self._close()
        name = shard_file(*self._named, part=len(self.shards))
        return self._stack.enter_context(_shard_file(self._place, name))

    def _close(self) -> None:
        self._stack.close()
        if self._file is not None:
            self.shards.append(self._file.shard(self._named[1]))
            self._file = None


class _ShardFile:
    """One file while it is written; counts and hashes what goes through it."""

    closed = False

    def __init__(self, into: Writable, name: str) -> None:
        self._into = into
        self._name = name
        self._digest = hashlib.sha256()
        self._hashes: set[Hash] = set()
        self._sources: dict[str, Source] = {}
        self._recorded: dict[str, Recorded] = {}
        self._rows = 0
        self.size_bytes = 0
        self._parquet = pq.ParquetWriter(self, STEPS, **parquet_options(STEPS))

    def add(self, rows: pa.Table, hashes: Sequence[Hash | None], episode: EpisodeRows) -> None:
        """Write some rows of an episode as one row group."""
        self._parquet.write_table(rows, row_group_size=STEP_ROW_GROUP_ROWS)
        self._hashes.update(one for one in hashes if one is not None)
        self._sources[episode.source.bundle_id] = episode.source
        self._recorded[episode.recorded.episode_id] = episode.recorded
        self._rows += rows.num_rows

    def finish(self) -> None:
        """Write the footer."""
        noted = [one.model_dump(mode="json") for one in self._recorded.values()]
        self._parquet.add_key_value_metadata(
            {PICTURES_KEY: packed(self._hashes), RECORDED_KEY: json.dumps(noted).encode()}
        )
        self._parquet.close()

    def shard(self, pseudonym: str) -> Shard:
        """Give how it is listed."""
        return Shard(
            file=self._name,
            pseudonym=pseudonym,
            sources=tuple(self._sources.values()),
            sha256=self._digest.hexdigest(),
            size_bytes=self.size_bytes,
            rows=self._rows,
        )

    def write(self, data: bytes) -> int:
        """Take some bytes from the Parquet writer."""
        self._digest.update(data)
        self._into.write(data)
        self.size_bytes += len(data)
        return len(data)

    def tell(self) -> int:
        """Give how many bytes were written."""
        return self.size_bytes

    def flush(self) -> None:
        """Leave it to the file."""

    def close(self) -> None:
        """Leave it to whoever opened the file."""


@contextmanager
def _shard_file(place: Drop, name: str) -> Iterator[_ShardFile]:
    """Open a shard; it appears complete at the block's end, or not at all."""
    with place.writing(name) as into:
        file = _ShardFile(into, name)
        yield file
        file.finish()


def _groups(episode: EpisodeRows) -> Iterator[tuple[pa.Table, Sequence[Hash | None]]]:
    """Give rows with their pictures, as many as make a row group."""
    first, count = 0, STEP_ROW_GROUP_ROWS
    while first < episode.rows.num_rows:
        rows = episode.rows.slice(first, count)
        names = [image and int(image["path"]) for image in rows.column("image").to_pylist()]
        images = episode.pictures.of(names)
        if images.nbytes > _GROUP_BYTES and count > 1:
            count //= 2
            continue
        yield _with_images(rows, images), episode.hashes[first : first + rows.num_rows]
        first += rows.num_rows


def _with_images(rows: pa.Table, images: pa.Array) -> pa.Table:
    told = pa.StructArray.from_arrays(
        [images, pa.nulls(len(images), pa.string())], fields=list(IMAGE), mask=images.is_null()
    )
    return rows.set_column(rows.schema.get_field_index("image"), rows.schema.field("image"), told)
