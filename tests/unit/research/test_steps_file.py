"""A file of steps in a store: its figures are read without its pictures, an episode alone."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow.fs as pafs
import pytest

from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.steps_file import StepsFile
from recorder.sharing.store_drop import StoreDrop
from tests.unit.research.made_dataset import FIRST, SECOND, Step, step, write_shard

GROUP = 64
PICTURE_BYTES = 10_000
NAME = "data/train/p.parquet"


class Counting:
    """Files of a folder, as fsspec has them; counts what is read of them."""

    protocol = "counting"

    def __init__(self) -> None:
        self.read_bytes = 0

    def isfile(self, path: str) -> bool:
        return Path(f"/{path}").is_file()

    def open(self, path: str, mode: str) -> BinaryIO:
        return _Counted(path, mode, self)  # type: ignore[return-value]  # as far as it is used


class _Counted:
    def __init__(self, path: str, mode: str, told: Counting) -> None:
        self._file = Path(f"/{path}").open(mode)  # noqa: SIM115 - closed by pyarrow
        self._told = told

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._file.read(size)
        self._told.read_bytes += len(data)
        return data

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of the file
        return getattr(self._file, name)


@pytest.fixture
def stored(tmp_path: Path) -> tuple[StepsFile, Counting, int]:
    """Give a file with a row group for each of two episodes, what counts, and its bytes."""
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    write_shard(path, [_step(one, n) for one in (FIRST, SECOND) for n in range(GROUP)], ())
    counting = Counting()
    files = pafs.PyFileSystem(pafs.FSSpecHandler(counting))
    place = StoreDrop(files, "s3://lab/steps", str(tmp_path))
    return StepsFile(place, NAME), counting, path.stat().st_size


def _step(episode_id: str, number: int) -> Step:
    noise = np.random.default_rng([episode_id == FIRST, number]).bytes(PICTURE_BYTES)
    return step(episode_id, number, image={"bytes": noise, "path": None})


def test_columns_are_read_without_the_pictures(stored: tuple[StepsFile, Counting, int]) -> None:
    one, counting, size_bytes = stored
    found = one.columns(["action_type", "reducer_version"])
    assert found.num_rows == 2 * GROUP
    assert found["has_picture"].to_pylist() == [True] * 2 * GROUP
    assert counting.read_bytes < size_bytes / 2


def test_of_one_episode_the_others_are_not_read(stored: tuple[StepsFile, Counting, int]) -> None:
    one, counting, size_bytes = stored
    found = [row["episode_id"] for row in one.steps(SECOND)]
    assert found == [SECOND] * GROUP
    assert counting.read_bytes < size_bytes * 0.8
    assert len(list(one.steps())) == 2 * GROUP


def test_an_episode_within_a_group_of_others_is_found(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.parent.mkdir(parents=True)
    write_shard(path, [step(FIRST), step(SECOND), step(SECOND, 1)], ())
    found = DatasetFolder.open(tmp_path)
    assert [row["step_index"] for row in found.steps(SECOND)] == [0, 1]
    assert list(found.steps("nobody")) == []
