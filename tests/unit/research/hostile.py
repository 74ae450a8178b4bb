"""Bad bundles, case by case: what each is, and under which code it must be refused."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind
from recorder.core.frames import FrameRow
from recorder.core.levels import KeyboardLevel, Levels, ScreenLevel, TitlesLevel
from recorder.episodes.rows import Row, to_table
from recorder.episodes.schemas import SCHEMAS, file_schema
from recorder.research.tables_check import MOST_ROWS
from recorder.sharing.payload import INDEX
from recorder.sharing.statements import ContentFile
from tests.unit.research.bundles import (
    CONTEXT,
    EVENTS,
    Content,
    a_frame,
    parquet,
    parquet_of,
    picture,
    rows_of,
)  # fmt: skip

FRAMES, EVENTS_FILE, CONTEXT_FILE = (
    f"{name}-000000.parquet" for name in ("frames", "events", "context")
)
TEXT = Levels(keyboard=KeyboardLevel.TEXT)
NARROW = Levels(keyboard=KeyboardLevel.CLASS, screen=ScreenLevel.LAYOUT)
HOSTS = Levels(keyboard=KeyboardLevel.TEXT, titles=TitlesLevel.HOST)
APPS = ("xterm", "chromium:*.example.com")


@dataclass(frozen=True)
class Bad:
    """A content that must be refused. `levels`, `apps`: what its participant agreed to."""

    code: int
    make: Callable[[], Content]
    levels: Levels = TEXT
    apps: tuple[str, ...] = ("*",)


def _file(
    name: str, make: Callable[[str], bytes], rows: int | None = None
) -> Callable[[], Content]:
    """Give a content with one file that is another; it says the right number of rows."""

    def made() -> Content:
        content = Content()
        content.files[name] = make(content.episode_id)
        if rows is not None:
            table = name.partition("-")[0]
            told = {one: len(found) for one, found in content.rows.items()}
            content.manifest["rows"] = {**told, table: rows}
        return content

    return made


def _rows(**rows: tuple[Row, ...]) -> Callable[[], Content]:
    return lambda: Content(rows=rows_of(**rows))


def _index(**fields: object) -> Callable[[], Content]:
    return lambda: Content(index=fields)


def _focus(app: str, host: str | None = None) -> tuple[ContextRow, ...]:
    return (*CONTEXT, ContextRow(2, ContextKind.FOCUS, app_id=app, url_host=host))


def _typed(key: str) -> tuple[EventRow, ...]:
    return (*EVENTS, EventRow(9, Kind.KEY_DOWN, key=key, key_class=KeyClass.CHAR, mods=0))


def _framed(image: bytes, **fields: Any) -> tuple[FrameRow, ...]:  # noqa: ANN401 - of a frame
    return (replace(a_frame(image), **fields),)


def _webp(width: int, height: int) -> bytes:
    """Give a picture that says to be of another size than it is."""
    data = bytearray(picture())
    data[21:25] = ((width - 1) | (height - 1) << 14).to_bytes(4, "little")
    return bytes(data)


def _extended() -> bytes:
    chunk = b"VP8X" + (10).to_bytes(4, "little") + bytes(10)
    return b"RIFF" + (len(chunk) + 4).to_bytes(4, "little") + b"WEBP" + chunk


def _titles(texts: pa.Array, episode_id: str) -> pa.Table:
    """Give context rows with these titles."""
    rows = to_table("context", (CONTEXT[1],) * len(texts), range(len(texts)), episode_id, 0)
    at = rows.schema.get_field_index("window_title")
    return rows.set_column(at, "window_title", texts)


def _dictionary_bomb(episode_id: str) -> bytes:
    """Give 4,096 titles of a megabyte each that are one and the same: four kilobytes."""
    count = 4096
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), ["a" * 1_000_000])
    rows = _titles(texts, episode_id)
    schema = rows.schema.with_metadata(file_schema("context", episode_id, 0).metadata)
    file = io.BytesIO()
    with pq.ParquetWriter(
        file, schema, compression="ZSTD", store_schema=False, dictionary_pagesize_limit=1 << 21
    ) as out:
        out.write_table(rows.replace_schema_metadata(schema.metadata))
        out.add_key_value_metadata(dict(schema.metadata))
    return file.getvalue()


def _boxes(episode_id: str) -> bytes:
    """Give a frame with a million and one boxes that are all the same."""
    count = 1_000_001
    rows = to_table("frames", (a_frame(),), (0,), episode_id, 0)
    kind = SCHEMAS["frames"].field("redacted_boxes").type
    zeros = pa.array(memoryview(bytes(4 * count)).cast("i"), pa.int32())
    boxes = pa.StructArray.from_arrays(
        [zeros] * 4 + [pa.nulls(count, pa.string())], fields=list(kind.value_type)
    )
    at = rows.schema.get_field_index("redacted_boxes")
    lists = pa.ListArray.from_arrays(pa.array([0, count], pa.int32()), boxes).cast(kind)
    return parquet_of("frames", rows.set_column(at, SCHEMAS["frames"].field(at), lists), episode_id)


def _many_frames(episode_id: str) -> bytes:
    row = replace(a_frame(), image=None)
    one = to_table("frames", (row,), (0,), episode_id, 0)
    return parquet_of("frames", one.take([0] * (MOST_ROWS["frames"] + 1)), episode_id)


def _columns(change: Callable[[pa.Table], pa.Table]) -> Callable[[str], bytes]:
    def make(episode_id: str) -> bytes:
        rows = change(to_table("events", EVENTS, range(len(EVENTS)), episode_id, 0))
        file, metadata = io.BytesIO(), file_schema("events", episode_id, 0).metadata
        pq.write_table(rows.replace_schema_metadata(metadata), file, compression="ZSTD")
        return file.getvalue()

    return make


def _renamed(name: str) -> Callable[[], Content]:
    """Give a content with one more file of this name."""
    return lambda: Content(files={name: b"x"})


def _flipped(episode_id: str) -> bytes:
    data = bytearray(parquet("events", EVENTS, episode_id))
    data[len(data) // 8] ^= 1
    return bytes(data)


def _listed(
    change: Callable[[tuple[ContentFile, ...]], tuple[ContentFile, ...]],
) -> Callable[[], Content]:
    """Give a content whose list of files says something else."""

    def made() -> Content:
        content = Content()
        content.manifest["files"] = change(content.made()[0].files)
        return content

    return made


def _told(**fields: object) -> Callable[[], Content]:
    return lambda: Content(manifest=dict(fields))


BAD: dict[str, Bad] = {
    "a demonstration": Bad(33, _index(grant="demo")),
    "typed text, agreed to the kind of key": Bad(33, _rows(events=_typed("a")), NARROW),
    "a text in place of a key": Bad(33, _rows(events=_typed("pass word")), NARROW),
    "keys, agreed to none": Bad(33, Content, Levels(keyboard=KeyboardLevel.OFF)),
    "pictures with text, agreed to layout": Bad(33, Content, NARROW),
    "pictures, agreed to none": Bad(33, Content, Levels(screen=ScreenLevel.OFF)),
    "titles, agreed to apps": Bad(
        33, _rows(context=(*CONTEXT, replace(CONTEXT[1], window_title="Mail"))), Levels()
    ),
    "an app beyond the consent": Bad(33, _rows(context=_focus("signal")), apps=APPS),
    "a site beyond the consent": Bad(
        33, _rows(context=_focus("chromium", "bank.example.org")), HOSTS, APPS
    ),
    "a browser whose site is not told": Bad(33, _rows(context=_focus("chromium")), apps=APPS),
    "a picture of an app beyond the consent": Bad(
        33, _rows(frames=_framed(picture(), apps=("xterm", "signal"))), apps=APPS
    ),
    "a picture of a site beyond the consent": Bad(
        33, _rows(frames=_framed(picture(), apps=("chromium:bank.example.org",))), HOSTS, APPS
    ),
    "a picture of a browser whose site is not told": Bad(
        33, _rows(frames=_framed(picture(), apps=("chromium",))), apps=APPS
    ),
    "a picture of nobody knows what": Bad(33, _rows(frames=_framed(picture(), apps=None)), apps=APPS),
    "a picture that names a site, agreed to apps": Bad(
        33, _rows(frames=_framed(picture(), apps=("chromium:a.example.com",)))
    ),
    "a picture of a window that was not shown": Bad(
        30, _rows(frames=_framed(picture(), apps=("xterm", "zenity")))
    ),
    "a text bomb beside a picture": Bad(
        36, _rows(frames=_framed(picture(), apps=("a" * 20_001,)))
    ),
    "rows of another episode": Bad(
        30, _file(EVENTS_FILE, lambda _: parquet("events", EVENTS, "0" * 26))
    ),
    "an index of another episode": Bad(30, _index(episode_id="0" * 26)),
    "an index that is no JSON": Bad(30, _file(INDEX, lambda _: b"{")),
    "a JSON bomb, nested": Bad(30, _file(INDEX, lambda _: b"[" * 200_000)),
    "a JSON bomb, long": Bad(36, _file(INDEX, lambda _: b" " * 4_000_001)),
    "a JSON bomb, a number": Bad(30, _index(ranges=[[0, 10**4000]])),
    "ranges that overlap": Bad(30, _index(ranges=[[0, 5], [4, 9]])),
    "more time than was shown": Bad(30, _index(ranges=[[0, 6 * 10**9]])),
    "a path that leads out": Bad(30, _renamed("../../frames-000000.parquet")),
    "an absolute path": Bad(30, _renamed("/etc/cron.d/x")),
    "a file that is no table": Bad(30, _renamed("run.sh")),
    "a file twice": Bad(30, _listed(lambda files: (*files, files[-1]))),
    "a file that the list does not have": Bad(30, _listed(lambda files: files[:-1])),
    "more files than there may be": Bad(
        30, _told(files=tuple(
            ContentFile(name=f"events-{n:06d}.parquet", sha256="0" * 64, size_bytes=0)
            for n in range(20_001)
        ))
    ),
    "a file that is too large": Bad(
        36, _listed(lambda files: (files[0], *(
            one.model_copy(update={"size_bytes": 128_000_001}) for one in files[1:]
        )))
    ),
    "another content than was approved": Bad(32, _told(content_sha256="0" * 64)),
    "other rows than were shown": Bad(30, _told(rows={"events": 1})),
    "a window that was not shown": Bad(30, _told(apps=())),
    "no Parquet": Bad(30, _file(EVENTS_FILE, lambda _: b"PK\x03\x04" * 9)),
    "Parquet with a byte changed": Bad(30, _file(EVENTS_FILE, _flipped)),
    "Parquet with a huge footer": Bad(
        36, _file(EVENTS_FILE, lambda _: b"PAR1" + bytes(9) + b"\xff\xff\xff\x7fPAR1")
    ),
    "a column more": Bad(
        36, _file(EVENTS_FILE, _columns(lambda t: t.append_column("more", t.column("x"))))
    ),
    "a column less": Bad(36, _file(EVENTS_FILE, _columns(lambda t: t.drop_columns(["x"])))),
    "a column of another type": Bad(
        30,
        _file(EVENTS_FILE, _columns(
            lambda t: t.set_column(4, "x", t.column("x").cast(pa.int64()))
        )),
    ),
    "an unknown compression": Bad(
        30, _file(EVENTS_FILE, lambda e: parquet("events", EVENTS, e, compression="GZIP", compression_level=None))
    ),
    "a kind that nobody knows": Bad(
        30, _file(EVENTS_FILE, _columns(
            lambda t: t.set_column(3, t.schema.field("kind"), pa.array(["keys"] * t.num_rows))
        ))
    ),
    "too many rows": Bad(36, _file(FRAMES, _many_frames)),
    "a Parquet dictionary bomb": Bad(36, _file(CONTEXT_FILE, _dictionary_bomb, 4096)),
    "a Parquet RLE bomb": Bad(36, _file(FRAMES, _boxes)),
    "a Parquet ratio bomb": Bad(
        36, _file(CONTEXT_FILE, lambda e: parquet_of(
            "context", _titles(pa.array(["a" * 20_000_000]), e), e
        ))
    ),
    "a text bomb": Bad(
        36, _rows(context=(CONTEXT[0], replace(CONTEXT[1], instruction="a" * 20_001)))
    ),
    "a picture bomb": Bad(
        36, _rows(frames=_framed(_webp(16_000, 16_000), width=16_000, height=16_000))
    ),
    "a picture of another size than told": Bad(30, _rows(frames=_framed(_webp(33, 20)))),
    "a picture with parts beside it": Bad(30, _rows(frames=_framed(_extended()))),
    "a picture that is no WebP": Bad(30, _rows(frames=_framed(b"\x89PNG\r\n\x1a\n" + bytes(40)))),
    "a picture that was cut": Bad(30, _rows(frames=_framed(picture()[:-1]))),
}  # fmt: skip
