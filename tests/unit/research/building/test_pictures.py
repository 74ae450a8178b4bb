"""Finding the pictures of frames in their files, in any order."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recorder.episodes.schemas import IMAGE
from recorder.research.building.pictures import Pictures
from recorder.sharing.age_chunks import SealedParts


def _file(*pictures: bytes | None) -> bytes:
    images = [one and {"bytes": one, "path": None} for one in pictures]
    file = io.BytesIO()
    pq.write_table(pa.table({"image": pa.array(images, IMAGE)}), file, row_group_size=2)
    return file.getvalue()


@pytest.fixture
def pictures() -> Pictures:
    """Two files of frames: 10, 11, 12 without a picture, 13; then 20, 21."""
    found = Pictures(SealedParts.__new__(SealedParts))
    found.add(0, _file(b"a", b"b", None, b"d"), [10, 11, 12, 13])
    found.add(1, _file(b"e", b"f"), [20, 21])
    return found


@pytest.mark.parametrize(
    ("ids", "wanted"),
    [
        ([], []),
        ([None], [None]),
        ([None, None, 11], [None, None, b"b"]),
        ([10, 11, 12, 13], [b"a", b"b", None, b"d"]),
        ([13, 20, 21], [b"d", b"e", b"f"]),
        ([11, 11, 10, None, 11], [b"b", b"b", b"a", None, b"b"]),
        ([21, 20, 13], [b"f", b"e", b"d"]),
        ([10, None, 11], [b"a", None, b"b"]),
    ],
)
def test_each_frame_gets_its_picture(
    pictures: Pictures, ids: list[int | None], wanted: list[bytes | None]
) -> None:
    found = pictures.of(ids)
    assert found.type == pa.binary()
    assert found.to_pylist() == wanted


def test_frames_in_a_row_are_not_copied(pictures: Pictures) -> None:
    whole = pictures.of([10, 11, 12, 13])
    assert pictures.of([11, 12]).buffers()[2].address == whole.buffers()[2].address
