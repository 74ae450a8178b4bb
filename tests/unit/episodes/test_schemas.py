"""The tables as documented and as written: names, types, encodings, metadata."""

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recorder.core.losses import Losses
from recorder.episodes.names import TABLES, Table
from recorder.episodes.schemas import SCHEMAS, features
from tests.unit.episodes.studio import Studio, add, focus, frame, moves

TABLES_PAGE = Path(__file__).parents[3] / "docs" / "tables.md"


def _documented(table: Table) -> list[tuple[str, str, bool]]:
    """Give name, type and whether it may be null of each row of a table of the page."""
    section = TABLES_PAGE.read_text().partition(f"\n## {table}\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^\| `(\w+)` \| `([^`]+)` \| (yes|no) \|", section, re.MULTILINE)
    return [(name, kind, null == "yes") for name, kind, null in lines]


def _type_name(kind: pa.DataType) -> str:
    return str(kind).replace("item: ", "").replace("element: ", "")


@pytest.mark.parametrize("table", TABLES)
def test_the_page_says_what_the_code_writes(table: Table) -> None:
    expected = [(f.name, _type_name(f.type), f.nullable) for f in SCHEMAS[table]]
    assert _documented(table) == expected


def _closed(studio: Studio) -> Path:
    writer = studio.begin()
    add(writer, events=moves(0, 5), frames=[frame(1, 1)], context=[focus(1)])
    return writer.close(Losses())


def test_parquet_is_written_as_chosen(plain_studio: Studio) -> None:
    home = _closed(plain_studio)
    (events,), (frames,) = home.glob("events-*"), home.glob("frames-*")
    columns = _columns(events)
    assert "DELTA_BINARY_PACKED" in columns["t_ns"].encodings
    assert "DELTA_BINARY_PACKED" in columns["seq"].encodings
    assert "RLE_DICTIONARY" in columns["kind"].encodings
    assert columns["kind"].compression == "ZSTD"
    image = _columns(frames)["image.bytes"]
    assert (image.compression, image.is_stats_set) == ("UNCOMPRESSED", False)
    assert "RLE_DICTIONARY" not in image.encodings


def _columns(path: Path) -> dict[str, pq.ColumnChunkMetaData]:
    group = pq.ParquetFile(path).metadata.row_group(0)
    found = [group.column(i) for i in range(group.num_columns)]
    return {column.path_in_schema: column for column in found}


def test_the_footer_names_version_episode_and_segment(plain_studio: Studio) -> None:
    home = _closed(plain_studio)
    metadata = pq.read_schema(next(home.glob("frames-*"))).metadata
    assert metadata[b"recorder.schema_version"] == b"1.1.0"
    assert metadata[b"recorder.episode_id"] == home.name.encode()
    assert metadata[b"recorder.segment"] == b"0"
    told = json.loads(metadata[b"huggingface"])["info"]["features"]
    assert told["image"] == {"_type": "Image"}
    assert told["triggers"] == [{"dtype": "string", "_type": "Value"}]


def test_the_sealed_footer_cannot_be_read_without_the_key(studio: Studio) -> None:
    home = _closed(studio)
    for path in home.glob("*.parquet"):
        assert path.read_bytes()[-4:] == b"PARE"
        with pytest.raises((OSError, ValueError)):
            pq.read_schema(path)


def test_no_type_that_downstream_loaders_refuse_is_used() -> None:
    for schema in SCHEMAS.values():
        assert not any(pa.types.is_dictionary(f.type) or pa.types.is_map(f.type) for f in schema)
        assert set(features(schema)) == set(schema.names)
