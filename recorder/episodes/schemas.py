"""The three tables as Arrow schemas, and how Parquet writes them.

`docs/tables.md` describes every column in words. Only nullable columns are ever added.
"""

import json
from typing import Any, Final

import pyarrow as pa

from recorder.episodes.names import Table

SCHEMA_VERSION: Final = "1.1.0"
ROW_GROUP_ROWS: Final[dict[Table, int]] = {"events": 65_536, "frames": 64, "context": 65_536}
ZSTD_LEVEL: Final = 3


def _needed(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


BOX: Final = pa.struct([(name, pa.int32()) for name in "xywh"] + [("reason", pa.string())])
MONITOR: Final = pa.struct(
    [("monitor_id", pa.int16())]
    + [(name, pa.int32()) for name in "xywh"]
    + [("scale", pa.float32()), ("is_primary", pa.bool_())]
)
IMAGE: Final = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
"""Hugging Face's `Image`."""

EVENTS: Final = pa.schema(
    [
        _needed("episode_id", pa.string()),
        _needed("seq", pa.int64()),
        _needed("t_ns", pa.int64()),
        _needed("kind", pa.string()),
        ("x", pa.int32()),
        ("y", pa.int32()),
        ("monitor_id", pa.int16()),
        ("button", pa.string()),
        ("dx", pa.float32()),
        ("dy", pa.float32()),
        ("key", pa.string()),
        ("key_class", pa.string()),
        ("mods", pa.int16()),
        ("is_repeat", pa.bool_()),
        _needed("redaction", pa.string()),
        ("entity", pa.string()),
        ("reason", pa.string()),
        ("count", pa.int64()),
        ("frame_id", pa.int64()),
        ("target_role", pa.string()),
        ("target_name", pa.string()),
        ("target_x", pa.int32()),
        ("target_y", pa.int32()),
        ("target_w", pa.int32()),
        ("target_h", pa.int32()),
        ("window_seq", pa.int32()),
    ]
)

FRAMES: Final = pa.schema(
    [
        _needed("episode_id", pa.string()),
        _needed("frame_id", pa.int64()),
        _needed("t_grab_start_ns", pa.int64()),
        _needed("t_grab_end_ns", pa.int64()),
        ("t_valid_from_ns", pa.int64()),
        ("t_valid_to_ns", pa.int64()),
        _needed("monitor_id", pa.int16()),
        _needed("width", pa.int32()),
        _needed("height", pa.int32()),
        _needed("origin_x", pa.int32()),
        _needed("origin_y", pa.int32()),
        _needed("scale", pa.float32()),
        _needed("triggers", pa.list_(pa.string())),
        ("image", IMAGE),
        _needed("sha256", pa.string()),
        _needed("phash64", pa.int64()),
        ("dup_of_frame_id", pa.int64()),
        _needed("level", pa.string()),
        _needed("redacted_boxes", pa.list_(BOX)),
        ("apps", pa.list_(pa.string())),
    ]
)

CONTEXT: Final = pa.schema(
    [
        _needed("episode_id", pa.string()),
        _needed("seq", pa.int32()),
        _needed("t_ns", pa.int64()),
        _needed("kind", pa.string()),
        ("app_id", pa.string()),
        ("app_name", pa.string()),
        ("window_title", pa.string()),
        ("title_redaction", pa.string()),
        ("url_host", pa.string()),
        ("x", pa.int32()),
        ("y", pa.int32()),
        ("w", pa.int32()),
        ("h", pa.int32()),
        ("monitors", pa.list_(MONITOR)),
        ("wall_ns", pa.int64()),
        ("consent_id", pa.string()),
        ("instruction", pa.string()),
        ("outcome", pa.string()),
    ]
)

SCHEMAS: Final[dict[Table, pa.Schema]] = {"events": EVENTS, "frames": FRAMES, "context": CONTEXT}

ORDER: Final[dict[Table, tuple[str, str]]] = {
    "events": ("t_ns", "seq"),
    "frames": ("t_grab_end_ns", "frame_id"),
    "context": ("t_ns", "seq"),
}
"""Rows are sorted by the first column, then by the second; the first is the row's time."""

_DELTA: Final = {
    "seq", "t_ns", "x", "y", "frame_id", "t_grab_start_ns", "t_grab_end_ns", "t_valid_from_ns",
    "t_valid_to_ns", "wall_ns",
}  # fmt: skip
_BARE: Final = {"image.bytes"}
"""Already compressed: no dictionary, no compression, no statistics."""


def file_schema(table: Table, episode_id: str, segment: int) -> pa.Schema:
    """Give a table's schema with the metadata of one file."""
    metadata = {
        "recorder.schema_version": SCHEMA_VERSION,
        "recorder.episode_id": episode_id,
        "recorder.segment": str(segment),
    }
    if table == "frames":
        metadata["huggingface"] = json.dumps({"info": {"features": features(FRAMES)}})
    return SCHEMAS[table].with_metadata(metadata)


def writer_options(table: Table, *, is_batch: bool = False) -> dict[str, Any]:
    """Give the arguments of `pyarrow.parquet.ParquetWriter` for a table.

    DELTA_BINARY_PACKED on counters, times and positions: 2.7 bytes per event against 13.8
    with snappy defaults. Images bare: reading 1.3 instead of 22.8 ms (both measured).

    `is_batch`: a micro-batch, of few rows and for a minute. Dictionaries, statistics and a
    copy of the schema were most of it: 100 events take 6 kB instead of 10 (measured).
    """
    options = parquet_options(SCHEMAS[table])
    if is_batch:
        options |= {"use_dictionary": False, "write_statistics": False, "store_schema": False}
    return options


def parquet_options(schema: pa.Schema) -> dict[str, Any]:
    """Give the same for any schema of which columns have the same names."""
    leaves = [leaf for field in schema for leaf in _leaves(field.name, field.type)]
    delta = [name for name in leaves if name in _DELTA]
    plain = _BARE.intersection(leaves)
    return {
        "version": "2.6",
        "compression": {name: "NONE" if name in plain else "ZSTD" for name in leaves},
        "compression_level": {name: ZSTD_LEVEL for name in leaves if name not in plain},
        "use_dictionary": [n for n in leaves if n not in plain and n not in delta],
        "column_encoding": dict.fromkeys(delta, "DELTA_BINARY_PACKED"),
        "write_statistics": [name for name in leaves if name not in plain],
        "write_page_checksum": True,
    }


def features(schema: pa.Schema) -> dict[str, Any]:
    """Give Hugging Face's `features` of a schema, with images decoded on reading."""
    return {field.name: _feature(field.type) for field in schema}


def _feature(kind: pa.DataType) -> Any:  # noqa: ANN401 - nested JSON
    if kind == IMAGE:
        return {"_type": "Image"}
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    if pa.types.is_list(kind):
        return [_feature(kind.value_type)]
    return {"dtype": {"float": "float32"}.get(str(kind), str(kind)), "_type": "Value"}


def _leaves(path: str, kind: pa.DataType) -> list[str]:
    if pa.types.is_struct(kind):
        return [leaf for f in kind for leaf in _leaves(f"{path}.{f.name}", f.type)]
    if pa.types.is_list(kind):
        return _leaves(f"{path}.list.element", kind.value_type)
    return [path]
