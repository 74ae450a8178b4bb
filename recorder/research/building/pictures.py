"""Pictures of one sealed bundle, decoded when a step shows them; memory stays flat."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core.errors import ExitCode
from recorder.research.content_verdict import ContentRefused
from recorder.research.tables_check import BROKEN
from recorder.sharing.age_chunks import SealedParts

_KEPT_BYTES: Final = 64_000_000
"""Files as they are stored; one holds a minute, and steps come in the order of time."""
_DECODED_BYTES: Final = 64_000_000


@dataclass(slots=True)
class Pictures:
    """Where each picture stands in the sealed payload, and the last ones used.

    Attributes:
        sealed: The payload; read again where a file was let go.
    """

    sealed: SealedParts
    _files: list[tuple[int, int]] = field(default_factory=list)
    """Where each file of frames begins in the plain payload, and its length, bytes."""
    _rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    """{frame: its file, its row}"""
    _kept: OrderedDict[int, bytes] = field(default_factory=OrderedDict)
    _decoded: OrderedDict[int, Any] = field(default_factory=OrderedDict)

    def add(self, at: int, data: bytes, ids: Sequence[int]) -> None:
        """Note a file of frames. `at`: where it stands; `ids`: its frames, row by row."""
        number = len(self._files)
        self._files.append((at, len(data)))
        self._rows |= {one: (number, row) for row, one in enumerate(ids)}
        self._keep(number, data)

    def of(self, ids: Sequence[int | None]) -> pa.Array:
        """Give the pictures of frames as binary; null for None.

        Raises:
            ContentRefused: One cannot be decoded.
            NotSealedToYou: The payload changed since it was read.
        """
        parts = [self._part(*run) for run in self._runs(ids)]
        if len(parts) == 1:
            return parts[0]
        return pa.concat_arrays(parts) if parts else pa.array([], pa.binary())

    def _runs(self, ids: Sequence[int | None]) -> list[tuple[int | None, int, int]]:
        """Give what stands together as file, first row, rows; so much need not be copied."""
        runs: list[tuple[int | None, int, int]] = []
        for one in ids:
            number, row = (None, 0) if one is None else self._rows[one]
            last, first, count = runs[-1] if runs else (None, 0, 0)
            if number is not None and (number, row) == (last, first + count):
                runs[-1] = (number, first, count + 1)
            else:
                runs.append((number, row, 1))
        return runs

    def _part(self, number: int | None, first: int, count: int) -> pa.Array:
        if number is None:
            return pa.nulls(count, pa.binary())
        if number in self._decoded:
            self._decoded.move_to_end(number)
        else:
            self._decoded[number] = _images(self._file(number))
            _shrink(self._decoded, _DECODED_BYTES)
        return self._decoded[number].slice(first, count)

    def _file(self, number: int) -> bytes:
        if number not in self._kept:
            at, size_bytes = self._files[number]
            self.sealed.seek(at)
            self._keep(number, self.sealed.read(size_bytes))
        self._kept.move_to_end(number)
        return self._kept[number]

    def _keep(self, number: int, data: bytes) -> None:
        self._kept[number] = data
        _shrink(self._kept, _KEPT_BYTES)


def _shrink(cache: OrderedDict[int, Any], most_bytes: int) -> None:
    """Let the oldest go; the newest stays however large it is."""
    held = sum(_size(one) for one in cache.values())
    while held > most_bytes and len(cache) > 1:
        held -= _size(cache.popitem(last=False)[1])


def _size(one: Any) -> int:  # noqa: ANN401 - bytes, or an array of pyarrow
    return len(one) if isinstance(one, bytes) else int(one.nbytes)


def _images(data: bytes) -> pa.Array:
    try:
        with pq.ParquetFile(pa.BufferReader(data), pre_buffer=False) as file:
            found = file.read(["image.bytes"], use_threads=False)
    except BROKEN as cause:
        raise ContentRefused(ExitCode.FORMAT, "a picture in it cannot be read") from cause
    images = found.column("image")
    whole = images.chunk(0) if images.num_chunks == 1 else images.combine_chunks()
    return whole.field("bytes")
