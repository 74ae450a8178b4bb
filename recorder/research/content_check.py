"""Checking the plain content of a bundle; runs in a child that may use little and open nothing.

Order: the signed list, each file's digest, then its rows. Nothing is written, nothing is kept;
the answer is a code, a fixed sentence and two counts.
"""

import re
from typing import Final

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recorder.core.errors import ExitCode
from recorder.core.proofs import GrantKind
from recorder.episodes.names import TABLES, Table
from recorder.research.content_tar import ContentStream
from recorder.research.content_verdict import Asked, ContentRefused, ContentVerdict
from recorder.research.rows_check import RowsCheck
from recorder.research.tables_check import TableFile, batches
from recorder.sharing.payload import INDEX
from recorder.sharing.statements import ContentManifest
from recorder.sharing.ustar import Readable

_NAME: Final = re.compile(r"(events|frames|context)-([0-9]{6})\.parquet")
_MOST_FILES: Final = 20_000
_MOST_RANGES: Final = 100_000
_INDEX_BYTES: Final = 4_000_000
_LONGEST_NS: Final = 10**17
"""Three years."""


class _Index(BaseModel):
    """As much of `index.json` as decides; what a later version adds is let be."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    schema_name: str = Field(alias="schema", pattern=r"^recorder\.payload/1$")
    episode_id: str
    grant: GrantKind
    ranges: tuple[tuple[int, int], ...] = Field(max_length=_MOST_RANGES)


def check_content(asked: Asked, plain: Readable) -> ContentVerdict:
    """Give what becomes of a content: nothing of it is raised or told but the verdict."""
    try:
        return _checked(asked, ContentStream(plain))
    except ContentRefused as refused:
        return ContentVerdict(code=int(refused.code), reason=refused.reason)
    except MemoryError:
        return ContentVerdict(code=int(ExitCode.LIMITS), reason="it asks for too much memory")


def _checked(asked: Asked, stream: ContentStream) -> ContentVerdict:
    told = stream.manifest(asked.user_key)
    if told.bundle_id != asked.bundle_id:
        raise ContentRefused(ExitCode.AUDIENCE, "its content belongs to another bundle")
    tables = tables_in(told)
    rows = RowsCheck(asked.episode_id, asked.agreed)
    counts = dict.fromkeys(TABLES, 0)
    duration_ns = 0
    for (_, data), table in zip(stream.members(told), tables, strict=True):
        if table is None:
            duration_ns = _duration_ns(data, asked.episode_id)
            continue
        for batch in batches(TableFile(table, asked.episode_id, data)):
            counts[table] += batch.num_rows
            rows.look(table, pa.Table.from_batches([batch]))
    _compare(told, counts, rows.windows, duration_ns)
    return ContentVerdict(code=0, duration_ns=duration_ns, rows=sum(counts.values()))


def tables_in(told: ContentManifest) -> list[Table | None]:
    """Give whose rows each file holds, None for the index; in the one order that is taken."""
    if not told.files or told.files[0].name != INDEX or len(told.files) > _MOST_FILES:
        raise ContentRefused(ExitCode.FORMAT, "its content has no index, or too many files")
    if told.files[0].size_bytes > _INDEX_BYTES:
        raise ContentRefused(ExitCode.LIMITS, "its index is too large")
    found: list[Table | None] = [None]
    last = (-1, -1)
    for file in told.files[1:]:
        name = _NAME.fullmatch(file.name)
        if name is None:
            raise ContentRefused(ExitCode.FORMAT, "it holds a file that is no table")
        table = next(one for one in TABLES if one == name[1])
        place = (TABLES.index(table), int(name[2]))
        if place <= last:
            raise ContentRefused(ExitCode.FORMAT, "it holds a file twice, or out of order")
        last = place
        found.append(table)
    return found


def _duration_ns(data: bytes, episode_id: str) -> int:
    try:
        index = _Index.model_validate_json(data)
    except ValidationError as cause:
        raise ContentRefused(ExitCode.FORMAT, "its index cannot be read") from cause
    if index.grant is not GrantKind.PERSON:
        raise ContentRefused(
            ExitCode.CONSENT_MISMATCH, "it is a demonstration, to which nobody consented"
        )
    if index.episode_id != episode_id:
        raise ContentRefused(ExitCode.FORMAT, "its index is another episode's")
    ends = [one for pair in index.ranges for one in pair]
    if ends != sorted(set(ends)) or (ends and not 0 <= ends[0] < ends[-1] < _LONGEST_NS):
        raise ContentRefused(ExitCode.FORMAT, "its ranges are no times")
    return sum(last - first for first, last in index.ranges)


def _compare(
    told: ContentManifest, counts: dict[Table, int], windows: set[str], duration_ns: int
) -> None:
    """See that what was shown to the participant before sharing is what is there."""
    rows = {table: count for table, count in counts.items() if count}
    if {name: count for name, count in told.rows.items() if count} != rows:
        raise ContentRefused(ExitCode.FORMAT, "it has other rows than its manifest says")
    if not windows <= set(told.apps) or duration_ns != told.duration_ns:
        raise ContentRefused(ExitCode.FORMAT, "it holds more than its manifest says")
