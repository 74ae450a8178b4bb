"""One bundle's content as plain tables: checked like at collecting, pictures left sealed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recorder.core.errors import ExitCode
from recorder.episodes.names import Table
from recorder.episodes.schemas import FRAMES, IMAGE, SCHEMAS
from recorder.research.building.pictures import Pictures
from recorder.research.building.work import SealedBundle
from recorder.research.content_check import tables_in
from recorder.research.content_tar import ContentStream
from recorder.research.content_verdict import ContentRefused
from recorder.research.reduction.profiles import Settings
from recorder.research.tables_check import TableFile, batches
from recorder.sharing.age_chunks import SealedParts
from recorder.sharing.ustar import padding

_NO_PICTURES: Final = [name for name in FRAMES.names if name != "image"]
_REPEATED: Final = ("app_id", "window_title", "instruction")
_FRAME_ROWS: Final = 4_096
"""Read at once, without their pictures."""
_MOST_EVENTS: Final = 4_000_000
"""Of one episode: 2 hours with a 500 Hz mouse; beyond, a worker's memory would not be enough."""
_MOST_TABLE_BYTES: Final = 2_000_000_000
"""As unpacked: four million events take 1.2 GB. A file of kilobytes can hold one long text, named
a million times, which a check row by row lets pass."""
_MOST_TOLD_BYTES: Final = 4_000_000_000
"""Each step repeats the title and the task in force: events times the longest of those texts."""


class _Index(BaseModel):
    """As much of `index.json` as the reduction asks for."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    double_click_ms: int | None = Field(None, ge=0)
    drag_threshold_px: int | None = Field(None, ge=0)


@dataclass(frozen=True, slots=True)
class EpisodeTables:
    """What a bundle holds.

    Attributes:
        frames: As stored, but each `image` tells in `path` the frame that holds the picture.
        pictures: The pictures, by that frame.
    """

    events: pa.Table
    context: pa.Table
    frames: pa.Table
    pictures: Pictures
    settings: Settings


def read_episode(bundle: SealedBundle, sealed: SealedParts) -> EpisodeTables:
    """Read a bundle's payload once, front to back.

    Its sealed digest was checked when it was let in, and each of its digests when it was
    collected; age checks every chunk as it is opened.

    Raises:
        ContentRefused: It is not what was approved, is damaged, or asks for too much.
        NotSealedToYou: It is damaged, or sealed with another key.
    """
    stream = ContentStream(sealed, is_known=True)
    told = stream.manifest(bundle.user_key)
    if told.bundle_id != bundle.bundle_id:
        raise ContentRefused(ExitCode.AUDIENCE, "its content belongs to another bundle")
    if told.rows.get("events", 0) > _MOST_EVENTS:
        raise ContentRefused(ExitCode.LIMITS, "it has more events than a build can take")
    pictures, settings = Pictures(sealed), Settings()
    found: dict[Table, list[pa.RecordBatch]] = {"events": [], "frames": [], "context": []}
    room = _Room()
    for (file, data), table in zip(stream.members(told), tables_in(told), strict=True):
        if table is None:
            settings = _settings(data)
            continue
        table_file = TableFile(table, bundle.episode_id, data)
        if table != "frames":
            found[table].extend(room.within(batches(table_file)))
            continue
        slim = batches(table_file, [*_NO_PICTURES, "image.path"], _FRAME_ROWS)
        rows = list(room.within(slim))
        found["frames"].extend(_without_pictures(rows))
        at = sealed.tell() - padding(file.size_bytes) - file.size_bytes
        ids = [one for batch in rows for one in batch.column("frame_id").to_pylist()]
        pictures.add(at, data, ids)
    tables = EpisodeTables(
        _table("events", found), _table("context", found), _table("frames", found),
        pictures, settings,
    )  # fmt: skip
    _check_told(tables)
    return tables


@dataclass(slots=True)
class _Room:
    """How much an episode's tables may take. `bytes`: what they took so far."""

    bytes: int = 0

    def within(self, rows: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Give rows until there is no room for them.

        Raises:
            ContentRefused: There is none.
        """
        for batch in rows:
            self.bytes += batch.nbytes
            if self.bytes > _MOST_TABLE_BYTES:
                raise ContentRefused(ExitCode.LIMITS, "its tables ask for too much memory")
            yield batch


def _check_told(tables: EpisodeTables) -> None:
    """See that steps do not repeat long texts too often."""
    texts = (tables.context.column(name) for name in _REPEATED)
    longest = sum(pc.max(pc.binary_length(one)).as_py() or 0 for one in texts)
    if longest * tables.events.num_rows > _MOST_TOLD_BYTES:
        raise ContentRefused(ExitCode.LIMITS, "its texts are too long for so many events")


def _without_pictures(rows: list[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give frames of which each image is only the name of its frame."""
    for batch in rows:
        image = batch.column("image")
        names = batch.column("frame_id").cast(pa.string())
        nothing = pa.nulls(batch.num_rows, pa.binary())
        told = pa.StructArray.from_arrays(
            [nothing, names], fields=list(IMAGE), mask=image.is_null()
        )
        columns = [told if f.name == "image" else batch.column(f.name) for f in FRAMES]
        yield pa.RecordBatch.from_arrays(columns, schema=FRAMES)


def _table(table: Table, found: dict[Table, list[pa.RecordBatch]]) -> pa.Table:
    """Put pieces together; each has the table's columns, as was checked."""
    schema = SCHEMAS[table]
    rows = [pa.RecordBatch.from_arrays(one.columns, schema=schema) for one in found[table]]
    return pa.Table.from_batches(rows, schema)


def _settings(data: bytes) -> Settings:
    try:
        index = _Index.model_validate_json(data)
    except ValidationError as cause:
        raise ContentRefused(ExitCode.FORMAT, "its index cannot be read") from cause
    return Settings(index.double_click_ms, index.drag_threshold_px)
