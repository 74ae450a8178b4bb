"""Segments of the open episode: micro-batches that grow, are sealed, and can be cut."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa

from recorder.episodes.columns import column, numbers
from recorder.episodes.manifest import FileEntry
from recorder.episodes.names import TABLES, PartName, Table, is_temporary, parse_part
from recorder.episodes.rows import LASTING
from recorder.episodes.schemas import ORDER
from recorder.episodes.table_files import DamagedFile, TableFiles, sha256_of
from recorder.episodes.tally import Tally, tally_of, total

SECOND_NS: Final = 1_000_000_000
SEGMENT_S: Final = 60
SEGMENT_BYTES: Final = 32_000_000


_Ends = tuple[tuple[int, int], tuple[int, int]]


@dataclass(slots=True)
class _Open:
    """The segment that takes rows now; times in whole seconds of the episode."""

    number: int
    start_s: int | None = None
    end_s: int = 0
    size_bytes: int = 0
    batches: Counter[str] = field(default_factory=Counter)

    def grown(self, start_s: int, end_s: int) -> tuple[int, int]:
        """Give the times with a span added."""
        return min(start_s, start_s if self.start_s is None else self.start_s), max(
            end_s, self.end_s
        )


@dataclass(slots=True)
class _Written:
    """A file of ours: what its rows add up to, their order, its size, its manifest line."""

    tally: Tally
    first: tuple[int, int]
    last: tuple[int, int]
    """Time and number of the first and the last row; the rows between are in order."""
    size_bytes: int
    entry: FileEntry | None = None


class Segments:
    """Adds rows to the open segment and seals it when it is long or large enough."""

    def __init__(self, files: TableFiles) -> None:
        self._files = files
        self._open = _Open(0)
        self._unsealed: list[int] = []
        self._written: dict[PartName, _Written] = {}
        self._total: Tally | None = Tally()

    @property
    def tally(self) -> Tally:
        """What everything that is written adds up to."""
        if self._total is None:
            self._total = total(written.tally for written in self._written.values())
        return self._total

    @property
    def size_bytes(self) -> int:
        """Bytes of the table files."""
        return sum(written.size_bytes for written in self._written.values())

    def add(self, table: Table, rows: pa.Table) -> None:
        """Write rows as the next micro-batch; seals first where they do not fit.

        Args:
            table: Whose rows they are.
            rows: Not empty, and spanning at most `SEGMENT_S` seconds.

        Raises:
            OSError: Nothing of these rows was written.
        """
        start_s, end_s = _seconds(table, rows)
        first, last = self._open.grown(start_s, end_s)
        size_bytes = self._open.size_bytes + rows.nbytes
        if self._open.start_s is not None and (
            last - first > SEGMENT_S or size_bytes > SEGMENT_BYTES
        ):
            self.seal()
            first, last, size_bytes = start_s, end_s, rows.nbytes
        batch = self._open.batches[table]
        part = PartName(table, self._open.number, start_s, end_s, batch)
        try:
            self._files.write(part, [rows])
        except OSError:
            self._take_away(part)
            raise
        tally = tally_of(table, rows)
        self.tally.add(tally)
        self._note(part, tally, _ends(table, rows))
        self._open.batches[table] += 1
        self._open.start_s, self._open.end_s, self._open.size_bytes = first, last, size_bytes

    def seal(self) -> None:
        """Replace the open segment's micro-batches by one file a table.

        A table with a micro-batch that cannot be read back stays as it is.

        Raises:
            OSError: What is not sealed stays in its micro-batches; `seal_rest` tries again.
        """
        if self._open.start_s is None:
            return
        self._unsealed.append(self._open.number)
        self._open = _Open(self._open.number + 1)
        self.seal_rest()

    def seal_rest(self) -> None:
        """Seal the segments that are full but not sealed.

        Raises:
            OSError: As in `seal`.
        """
        while self._unsealed:
            number = self._unsealed[0]
            batches = [p for p in self._written if p.segment == number and p.batch is not None]
            for table in TABLES:
                self._seal_table([p for p in batches if p.table == table])
            self._unsealed.pop(0)

    def cut(self, since_ns: int) -> Counter[str]:
        """Remove every row from an instant of the episode on; gives how many by table.

        Newest first, so that what a kill leaves has no hole. Files are rewritten without
        the rows, then the old ones removed. A file that cannot be read goes whole.

        Raises:
            OSError: Some are left; a second call takes them.
        """
        removed: Counter[str] = Counter()
        self._total = None
        self.sweep()
        for part in sorted(self._written, key=_age, reverse=True):
            if part.end_s * SECOND_NS > since_ns:
                removed[part.table] += self._cut_part(part, since_ns)
        if self._open.start_s is not None:
            self._open.end_s = max(self._open.start_s, -(-since_ns // SECOND_NS))
        return removed

    def sweep(self) -> None:
        """Remove table files that are not in force: what an earlier failure left."""
        names = [path.name for path in self._files.home.iterdir()]
        known = set(map(str, self._written))
        left = [n for n in names if is_temporary(n) or (parse_part(n) and n not in known)]
        self._files.remove(left)

    def entries(self) -> list[FileEntry]:
        """Give the files that hold the rows, as the manifest names them."""
        found = [written.entry or self._entry(p) for p, written in self._written.items()]
        return sorted(found, key=lambda entry: entry.name)

    def _take_away(self, part: PartName) -> None:
        """Remove a file whose writing failed late; its rows are written again."""
        with suppress(OSError):
            self._files.remove([part])

    def _seal_table(self, batches: Sequence[PartName]) -> None:
        if not batches:
            return
        start_s, end_s = min(b.start_s for b in batches), max(b.end_s for b in batches)
        part = replace(batches[0], start_s=start_s, end_s=end_s, batch=None)
        try:
            self._files.write(part, self._in_order(batches))
        except DamagedFile:
            return
        known = [self._written.pop(batch) for batch in batches]
        ends = (min(one.first for one in known), max(one.last for one in known))
        self._note(part, total(one.tally for one in known), ends)
        self._files.remove(batches)

    def _in_order(self, batches: Sequence[PartName]) -> Iterator[pa.Table]:
        """Give the rows sorted; batch by batch where the batches already are in order."""
        table = batches[0].table
        known = [self._written[batch] for batch in batches]
        if all(one.last <= next_one.first for one, next_one in pairwise(known)):
            yield from (self._files.read(batch) for batch in batches)
        else:
            yield sort_rows(table, pa.concat_tables(map(self._files.read, batches)))

    def _cut_part(self, part: PartName, since_ns: int) -> int:
        try:
            rows = self._files.read(part)
        except DamagedFile:
            return self._drop(part)
        keep = numbers(rows, ORDER[part.table][0]) < since_ns
        if part.table == "context":
            keep |= np.array([kind in LASTING for kind in rows.column("kind").to_pylist()])
        kept = pick(rows, np.flatnonzero(keep))
        if kept.num_rows == rows.num_rows:
            self._note(part, tally_of(part.table, rows), _ends(part.table, rows))
            return 0
        if kept.num_rows == 0:
            return self._drop(part)
        self._rewrite(part, kept)
        return int(rows.num_rows - kept.num_rows)

    def _rewrite(self, part: PartName, kept: pa.Table) -> None:
        start_s, end_s = _seconds(part.table, kept)
        shorter = replace(part, start_s=start_s, end_s=end_s)
        self._files.write(shorter, [kept])
        del self._written[part]
        self._note(shorter, tally_of(part.table, kept), _ends(part.table, kept))
        if shorter != part:
            self._files.remove([part])

    def _drop(self, part: PartName) -> int:
        self._files.remove([part])
        return self._written.pop(part).tally.rows[part.table]

    def _note(self, part: PartName, tally: Tally, ends: _Ends) -> None:
        """Remember a file that was just written; sealed ones with their digest."""
        size_bytes = (self._files.home / str(part)).stat().st_size
        self._written[part] = _Written(tally, *ends, size_bytes)
        if part.batch is None:
            self._written[part].entry = self._entry(part)

    def _entry(self, part: PartName) -> FileEntry:
        written = self._written[part]
        return FileEntry(
            name=str(part),
            sha256=sha256_of(self._files.home / str(part)),
            bytes=written.size_bytes,
            rows=written.tally.rows[part.table],
        )


def _age(part: PartName) -> tuple[int, int]:
    return part.segment, -1 if part.batch is None else part.batch


def sort_rows(table: Table, rows: pa.Table) -> pa.Table:
    """Give rows in the order of their table."""
    if _is_sorted(table, rows):
        return rows
    time, number = (numbers(rows, name) for name in ORDER[table])
    return pick(rows, np.lexsort((number, time)))


def pick(rows: pa.Table, places: "np.ndarray[Any, np.dtype[np.int64]]") -> pa.Table:
    """Give the rows at these places, in this order."""
    return rows.take(column(places.tolist(), pa.int64()))


def _is_sorted(table: Table, rows: pa.Table) -> bool:
    time, number = (numbers(rows, name) for name in ORDER[table])
    later = time[1:] > time[:-1]
    level = (time[1:] == time[:-1]) & (number[1:] >= number[:-1])
    return bool(np.all(later | level))


def _ends(table: Table, rows: pa.Table) -> _Ends:
    """Give time and number of the first and the last of rows that are in order."""
    time, number = (numbers(rows, name) for name in ORDER[table])
    return (int(time[0]), int(number[0])), (int(time[-1]), int(number[-1]))


def _seconds(table: Table, rows: pa.Table) -> tuple[int, int]:
    """Give the whole seconds of the episode that the rows touch: first, and one past last."""
    time = numbers(rows, ORDER[table][0])
    start_s = max(0, int(time.min()) // SECOND_NS)
    return start_s, max(start_s + 1, int(time.max()) // SECOND_NS + 1)
