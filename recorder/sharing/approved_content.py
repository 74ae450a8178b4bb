"""What a study would get: rows and pictures of an approval, read from its sealed bytes.

Held in memory are the rows without pictures, as compressed as they came; a picture is
decrypted when it is looked at. Nothing of it is written.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, ValidationError

from recorder.core.errors import ExitCode
from recorder.episodes.manifest import Summary
from recorder.episodes.marking import read_part
from recorder.episodes.names import TABLES, PartName
from recorder.episodes.reader import Episode
from recorder.episodes.schemas import SCHEMAS
from recorder.episodes.table_files import DamagedFile, TableFiles
from recorder.episodes.tally import summary, tally_of, total
from recorder.sharing.approval import Approval
from recorder.sharing.payload import INDEX
from recorder.sharing.unsealing import PayloadUnusable, read_checked, read_members

_MEMBER: Final = re.compile(r"(events|frames|context)-([0-9]{6})\.parquet")
_IMAGE: Final = "image"


@dataclass(frozen=True, slots=True)
class Content:
    """What an approval holds, counted in its sealed bytes.

    Attributes:
        told: Rows by table and kind, apps, tasks, what was taken out.
        duration_ns: Sum of its ranges.
        first_picture_wall_ns: When its first picture was grabbed; None without pictures.
        last_picture_wall_ns: Likewise.
    """

    told: Summary
    duration_ns: int
    first_picture_wall_ns: int | None
    last_picture_wall_ns: int | None


class _Index(BaseModel):
    """As much of the payload's first member as is needed here."""

    model_config = ConfigDict(frozen=True)

    episode_id: str
    ranges: tuple[tuple[int, int], ...]


def open_approved(approval: Approval, identity: str) -> Episode:
    """Give what an approval holds as an episode to look at; close it to let go of it.

    Args:
        approval: As `approvals` gives it.
        identity: Opens the payload.

    Raises:
        PayloadUnusable: It is not what was approved, or not sealed to this identity.
    """
    files = _ContentFiles(approval, identity)
    return Episode(approval.path.with_name(approval.episode_id), None, None, files)


def content_of(episode: Episode) -> Content:
    """Count what an approval holds. `episode`: as `open_approved` gives it."""
    tallies = []
    for part in episode.files.names():
        names = [name for name in SCHEMAS[part.table].names if name != _IMAGE]
        tallies.append(tally_of(part.table, read_part(episode, part, names)))
    times = episode.read("frames", ["t_grab_end_ns"]).column("t_grab_end_ns").to_pylist()
    found = [episode.wall_ns(t_ns) for t_ns in (times[:1] + times[-1:])]
    files = episode.files
    return Content(
        told=summary(episode.episode_id, total(tallies)),
        duration_ns=files.duration_ns if isinstance(files, _ContentFiles) else 0,
        first_picture_wall_ns=found[0] if found else None,
        last_picture_wall_ns=found[-1] if found else None,
    )


class _ContentFiles(TableFiles):
    """The members of one payload in place of an episode's table files."""

    def __init__(self, approval: Approval, identity: str) -> None:
        super().__init__(approval.path.parent, approval.episode_id, None)
        if approval.statement is None:
            raise PayloadUnusable("belongs to no statement that you signed", ExitCode.SIGNATURE)
        self._sealed, self._identity = approval.payload, identity
        self._rows: dict[PartName, bytes | pa.Table] = {}
        self._digests: dict[PartName, str] = {}
        self.duration_ns = 0
        digest = approval.statement.payload_sha256
        read_checked(self._sealed, identity, digest, lambda _name: True, self._keep)

    def names(self) -> list[PartName]:
        """Give the members that hold rows."""
        return sorted(self._rows, key=lambda part: (TABLES.index(part.table), part.segment))

    def read(self, part: PartName, columns: Sequence[str] | None = None) -> pa.Table:
        """Read one member's rows; of pictures the sealed file is decrypted again."""
        held = self._rows.get(part)
        if held is None:
            raise DamagedFile(str(part), "missing")
        if isinstance(held, bytes):
            return _table(part, held, columns)
        if columns is not None and _IMAGE not in columns:
            return held.select([name for name in columns if name in held.column_names])
        return _table(part, self._again(part), columns)

    def close(self) -> None:
        """Let go of what was read, and of what opens the rest."""
        self._identity = ""
        self._rows.clear()

    def _keep(self, name: str, data: bytes) -> bool:
        part = _part_of(name)
        if name == INDEX:
            self.duration_ns = _duration_ns(data)
        if part is None:
            return True
        if part.table == "frames":
            names = pq.read_schema(pa.BufferReader(data)).names
            self._rows[part] = _table(part, data, [name for name in names if name != _IMAGE])
            self._digests[part] = hashlib.sha256(data).hexdigest()
        else:
            self._rows[part] = data
        return True

    def _again(self, part: PartName) -> bytes:
        """Decrypt up to a member that was seen before; gives its bytes, checked."""
        found: list[bytes] = []

        def take(_name: str, data: bytes) -> bool:
            found.append(data)
            return False

        read_members(self._sealed, self._identity, lambda name: _part_of(name) == part, take)
        if [hashlib.sha256(data).hexdigest() for data in found] != [self._digests[part]]:
            raise PayloadUnusable("was changed meanwhile", ExitCode.HASH)
        return found[0]


def _part_of(name: str) -> PartName | None:
    """Give the table and number of a member; None for what holds no rows."""
    found = _MEMBER.fullmatch(name)
    if found is None:
        return None
    return PartName(next(t for t in TABLES if t == found[1]), int(found[2]), 0, 0)


def _table(part: PartName, data: bytes, columns: Sequence[str] | None) -> pa.Table:
    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            wanted = None if columns is None else list(columns)
            return file.read(columns=wanted, use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as cause:
        raise DamagedFile(str(part), "damaged") from cause


def _duration_ns(index: bytes) -> int:
    try:
        ranges = _Index.model_validate_json(index).ranges
    except ValidationError as cause:
        raise PayloadUnusable("is of another kind") from cause
    return sum(end_ns - start_ns for start_ns, end_ns in ranges)
