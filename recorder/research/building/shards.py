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
_PIECE_BYTES: Final = 1 << 18
"""Handed to Python at once: a row group has forty small columns, each with pages of its own."""
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


class _Sink:
    """Counts and hashes what a Parquet writer writes to a file.

    Arrow holds it where no garbage collector looks: it must not know who writes, else the two
    keep each other, with the footer of the whole shard, for as long as the process lives.
    """

    closed = False

    def __init__(self, into: Writable) -> None:
        self._into: Writable | None = into
        self._digest = hashlib.sha256()
        self._size_bytes = 0

    def write(self, data: bytes) -> int:
        """Take some bytes; dropped after `end`, as a writer that is given up writes its last."""
        if self._into is not None:
            self._digest.update(data)
            self._into.write(data)
            self._size_bytes += len(data)
        return len(data)

    def tell(self) -> int:
        """Give how many bytes were written."""
        return self._size_bytes

    def flush(self) -> None:
        """Leave it to the file."""

    def close(self) -> None:
        """Leave it to whoever opened the file."""

    def end(self) -> str:
        """Let go of the file; gives the hex SHA-256 of what went through."""
        self._into = None
        return self._digest.hexdigest()


class _ShardFile:
    """One file while it is written."""

    def __init__(self, into: Writable, name: str) -> None:
        self._name = name
        self._sink = _Sink(into)
        self._sha256 = ""
        self._hashes: set[Hash] = set()
        self._sources: dict[str, Source] = {}
        self._recorded: dict[str, Recorded] = {}
        self._rows = 0
        self._pieces = pa.BufferedOutputStream(pa.PythonFile(self._sink, mode="w"), _PIECE_BYTES)
        self._parquet = pq.ParquetWriter(self._pieces, STEPS, **parquet_options(STEPS))

    @property
    def size_bytes(self) -> int:
        """What was written so far."""
        return int(self._pieces.tell())

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
        self._pieces.flush()

    def end(self) -> None:
        """Let go of the file, whole or not."""
        self._sha256 = self._sink.end()

    def shard(self, pseudonym: str) -> Shard:
        """Give how it is listed."""
        return Shard(
            file=self._name,
            pseudonym=pseudonym,
            sources=tuple(self._sources.values()),
            sha256=self._sha256,
            size_bytes=self.size_bytes,
            rows=self._rows,
        )


@contextmanager
def _shard_file(place: Drop, name: str) -> Iterator[_ShardFile]:
    """Open a shard; it appears complete at the block's end, or not at all."""
    with place.writing(name) as into:
        file = _ShardFile(into, name)
        try:
            yield file
            file.finish()
        finally:
            file.end()


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
