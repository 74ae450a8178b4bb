"""Whether train shows what validation or test shows: the same picture, or nearly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from recorder.research.building.near import Hashes, NearSet, unpacked
from recorder.research.building.shards import PICTURES_KEY
from recorder.research.building.splits import Split
from recorder.research.datasets import Shard
from recorder.sharing.drops import Drop

Pictures = npt.NDArray[np.void]
"""Rows of `phash`, and `sha` as a number."""


@dataclass(frozen=True, slots=True)
class Leaks:
    """Pictures of train that validation or test has too.

    Attributes:
        pictures: Different pictures in train.
        same: To the last pixel.
        near: Nearly, the same ones included.
    """

    pictures: int = 0
    same: int = 0
    near: int = 0


def leaks(place: Drop, shards: Iterable[Shard]) -> Leaks:
    """Compare the pictures of all shards, from their footers alone."""
    listed = list(shards)
    train = _pictures(place, (one for one in listed if split_of(one) == "train"))
    other = _pictures(place, (one for one in listed if split_of(one) != "train"))
    return compared(train, other)


def compared(train: Pictures, other: Pictures) -> Leaks:
    """Compare pictures by their hashes, each named once."""
    same = np.isin(train["sha"], other["sha"])
    near = NearSet(other["phash"].tolist()).has_near(train["phash"])
    return Leaks(len(train), int(same.sum()), int((same | near).sum()))


def hashes_of(place: Drop, shards: Iterable[Shard], splits: Iterable[Split]) -> Hashes:
    """Give the difference hashes of all pictures in some splits, sorted."""
    wanted = set(splits)
    found = _pictures(place, (one for one in shards if split_of(one) in wanted))
    return np.unique(found["phash"].astype(np.int64))


def split_of(shard: Shard) -> str:
    """Give the split in which a shard lies."""
    return shard.file.split("/")[1]


def pictures_of(noted: Iterable[Mapping[bytes, bytes] | None]) -> Pictures:
    """Give the different pictures that the metadata of shards tells."""
    found = [np.empty(0, [("phash", "<i8"), ("sha", "<u8")])]
    found += [unpacked((one or {}).get(PICTURES_KEY, b"")) for one in noted]
    return np.unique(np.concatenate(found))


def _pictures(place: Drop, shards: Iterable[Shard]) -> Pictures:
    noted = []
    for shard in shards:
        with place.opened(shard.file) as file:
            noted.append(pq.read_metadata(file).metadata)
    return pictures_of(noted)
