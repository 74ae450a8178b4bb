"""Writing a shard: whole or not at all, and gone from memory afterwards."""

import gc
import hashlib
import weakref
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recorder.core.ids import ulid
from recorder.episodes.columns import column
from recorder.research.building.pictures import Pictures
from recorder.research.building.shards import EpisodeRows, ShardWriter
from recorder.research.datasets import Source
from recorder.research.looking.recorded import Recorded
from recorder.research.reduction.schema import STEPS
from recorder.sharing.age_chunks import SealedParts
from recorder.sharing.folder_drop import FolderDrop

PSEUDONYM = "p" + "ab" * 16
ID = ulid(1, bytes(10))


def _value(field: pa.Field) -> object:
    if field.nullable:
        return None
    return "x" if field.type == pa.string() else 0


def _episode() -> EpisodeRows:
    rows = pa.Table.from_arrays(
        [column([_value(field)], field.type) for field in STEPS], schema=STEPS
    )
    noted = Recorded(episode_id=ID, duration_s=1.0, events=1)
    pictures = Pictures(SealedParts.__new__(SealedParts))
    return EpisodeRows(Source(bundle_id=ID, episode_id=ID), rows, (None,), pictures, noted)


def _writer(folder: Path) -> ShardWriter:
    return ShardWriter(FolderDrop(folder), "train", PSEUDONYM, 0)


def test_a_shard_is_listed_as_it_is(tmp_path: Path) -> None:
    with _writer(tmp_path) as writer:
        writer.write(_episode())
        writer.write(_episode())
    (shard,) = writer.shards
    data = (tmp_path / shard.file).read_bytes()
    assert (shard.size_bytes, shard.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (shard.rows, pq.read_metadata(tmp_path / shard.file).num_rows) == (2, 2)


def test_a_shard_that_is_written_goes_from_memory(tmp_path: Path) -> None:
    """A circle through Arrow is not collected; a worker kept 2.4 MB a shard by one."""
    episode = _episode()
    noted = weakref.ref(episode.recorded)
    before_bytes = pa.total_allocated_bytes()
    with _writer(tmp_path) as writer:
        writer.write(episode)
    del episode
    gc.collect(1)
    assert noted() is None
    assert pa.total_allocated_bytes() <= before_bytes


@pytest.mark.parametrize("gone", [ValueError, KeyboardInterrupt])
def test_a_shard_that_is_given_up_leaves_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], gone: type[BaseException]
) -> None:
    def broken() -> None:
        with _writer(tmp_path) as writer:
            writer.write(_episode())
            raise gone

    with pytest.raises(gone):
        broken()
    gc.collect(1)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert capfd.readouterr() == ("", "")
