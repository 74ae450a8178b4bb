"""Reading an episode: finished or not, whole or damaged, without writing plaintext.

episode = recorder.open_episode("01K…", passphrase="…")
episode.events, episode.frames, episode.context     pyarrow tables
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from pydantic import ValidationError

from recorder.consent.folder import chosen_folder
from recorder.core.ids import is_ulid, ulid_wall_ns
from recorder.episodes.columns import empty, numbers
from recorder.episodes.evolution import conform
from recorder.episodes.holding import settle
from recorder.episodes.homes import EpisodeUnknown, find_home
from recorder.episodes.identity import unlock
from recorder.episodes.manifest import (
    MANIFEST_LIMIT_BYTES,
    Anchor,
    Manifest,
    Summary,
    read_manifest,
)
from recorder.episodes.names import (
    KEY_FILE,
    MANIFEST_FILE,
    SEALED_SUMMARY_FILE,
    SUMMARY_FILE,
    PartName,
    Table,
)
from recorder.episodes.schemas import ORDER, SCHEMAS
from recorder.episodes.sealing import EpisodeKey, open_sealed
from recorder.episodes.segments import sort_rows
from recorder.episodes.table_files import DamagedFile, TableFiles, read_regular
from recorder.places import places

if TYPE_CHECKING:
    import duckdb

__all__ = ["DamagedFile", "Episode", "EpisodeUnknown", "Problem", "open_episode"]

_TRIES: Final = 5
"""A segment is sealed once a minute; a second time while reading is rare."""
_KEY_LIMIT_BYTES: Final = 100_000
_SUMMARY_LIMIT_BYTES: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read; the rest of the episode can."""

    file: str
    why: str


class Episode:
    """One episode. Tables are read when first asked for and then kept.

    Attributes:
        path: The episode's folder.
        episode_id: Its ULID.
        manifest: As it stands; `recorder verify` checks its signature. None when the
            episode was not closed.
        files: Its table files, to read them one by one.
        sealed: They are encrypted.
    """

    def __init__(
        self,
        path: Path,
        key: EpisodeKey | None,
        identity: str | None,
        files: TableFiles | None = None,
    ) -> None:
        self.path = path
        self.episode_id = path.name
        self._identity = identity
        self.files = files or TableFiles(path, path.name, key)
        self.sealed = key is not None
        self._problems: dict[str, str] = {}
        self.manifest = self._manifest()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read of what was asked for so far."""
        return tuple(Problem(file, why) for file, why in sorted(self._problems.items()))

    @property
    def finished(self) -> bool:
        """Whether the episode was closed."""
        return (self.path / MANIFEST_FILE).is_file()

    @cached_property
    def events(self) -> pa.Table:
        """Input events, sorted by time."""
        return self.read("events")

    @cached_property
    def frames(self) -> pa.Table:
        """Frames with their images, sorted by time; can be large."""
        return self.read("frames")

    @cached_property
    def context(self) -> pa.Table:
        """Focus, titles, geometry, clock, consent, tasks, sorted by time."""
        return self.read("context")

    @cached_property
    def summary(self) -> Summary | None:
        """The owner's summary; None when the episode was not closed."""
        for name in (SEALED_SUMMARY_FILE, SUMMARY_FILE):
            if (self.path / name).exists():
                return self._summary(name)
        return None

    def read(self, table: Table, columns: Sequence[str] | None = None) -> pa.Table:
        """Give a table, or some of its columns, without keeping it.

        Every column of the present schema is there, null where an older version had
        none. Files that cannot be read are named in `problems`.
        """
        schema = SCHEMAS[table]
        wanted = list(schema.names if columns is None else columns)
        needed = list(dict.fromkeys([*wanted, *ORDER[table]]))
        found = self._parts(table, needed)
        whole = pa.schema([schema.field(name) for name in needed])
        return sort_rows(table, pa.concat_tables([empty(whole), *found])).select(wanted)

    def pieces(self, table: Table, columns: Sequence[str]) -> Iterator[tuple[PartName, pa.Table]]:
        """Give some columns of a table file by file, by number; rows are sorted within one.

        Files that cannot be read, or went meanwhile, are named in `problems`.
        """
        for part in self.files.names():
            if part.table == table and (rows := self.piece(part, columns)) is not None:
                yield part, rows

    def piece(self, part: PartName, columns: Sequence[str]) -> pa.Table | None:
        """Give some columns of one file; None when it cannot be read."""
        return self._rows(part, columns)

    def wall_ns(self, t_ns: int) -> int:
        """Give the wall clock at an instant of the episode, nanoseconds since the epoch, UTC."""
        anchors = [a for a in self._anchors if a.t_ns <= t_ns] or self._anchors[:1]
        return anchors[-1].wall_ns + t_ns - anchors[-1].t_ns

    def close(self) -> None:
        """Let go of the key and of what was read; nothing more can be read."""
        self.files.close()
        self._identity = None
        for name in ("events", "frames", "context", "summary"):
            self.__dict__.pop(name, None)

    def with_wall_time(self, rows: pa.Table) -> pa.Table:
        """Give the rows with a column `wall_time` (UTC) in front.

        `rows`: of `events` or `context`, or of `frames` by the end of their grab.
        """
        name = "t_ns" if "t_ns" in rows.column_names else "t_grab_end_ns"
        time = numbers(rows, name)
        begins = np.array([anchor.t_ns for anchor in self._anchors], np.int64)
        walls = np.array([anchor.wall_ns for anchor in self._anchors], np.int64)
        at = np.maximum(np.searchsorted(begins, time, side="right") - 1, 0)
        wall = pa.array(time - begins[at] + walls[at]).cast(pa.timestamp("ns", "UTC"))
        return rows.add_column(0, "wall_time", wall)

    def duckdb(self) -> "duckdb.DuckDBPyConnection":
        """Give an in-memory DuckDB with the three tables and no way to the disk."""
        from recorder.episodes.query import connect  # noqa: PLC0415 - most readers need no DuckDB

        return connect({"events": self.events, "frames": self.frames, "context": self.context})

    def refresh(self) -> None:
        """Let go of what was read: the files changed."""
        for name in ("events", "frames", "context", "summary", "_anchors"):
            self.__dict__.pop(name, None)
        self._problems = {}
        self.manifest = self._manifest()

    @cached_property
    def _anchors(self) -> tuple[Anchor, ...]:
        if self.manifest is not None:
            return self.manifest.anchors
        rows = self.read("context", ["t_ns", "wall_ns"]).to_pylist()
        found = [Anchor(**row) for row in rows if row["wall_ns"] is not None]
        return tuple(found) or (Anchor(t_ns=0, wall_ns=ulid_wall_ns(self.episode_id)),)

    def _parts(self, table: Table, columns: Sequence[str]) -> list[pa.Table]:
        """Give the rows of each file; again where its writer sealed it under our hands."""
        for _ in range(_TRIES):
            parts = [part for part in self.files.names() if part.table == table]
            found = [rows for part in parts if (rows := self._rows(part, columns)) is not None]
            gone = set(map(str, set(parts) - set(self.files.names())))
            if not gone:
                break
            self._problems = {k: v for k, v in self._problems.items() if k not in gone}
        return found

    def _rows(self, part: PartName, columns: Sequence[str]) -> pa.Table | None:
        try:
            return conform(self.files.read(part, columns), part, columns)
        except DamagedFile as error:
            self._problems[error.name] = error.why
            return None

    def _manifest(self) -> Manifest | None:
        if not self.finished:
            return None
        try:
            return read_manifest(read_regular(self.path / MANIFEST_FILE, MANIFEST_LIMIT_BYTES))
        except DamagedFile as error:
            self._problems[error.name] = error.why
            return None

    def _summary(self, name: str) -> Summary | None:
        try:
            data = read_regular(self.path / name, _SUMMARY_LIMIT_BYTES)
            if name == SEALED_SUMMARY_FILE:
                data = open_sealed(data, self._identity or "", self.episode_id)
            return Summary.model_validate_json(data)
        except DamagedFile as error:
            self._problems[error.name] = error.why
        except ValidationError:
            self._problems[name] = "damaged"
        return None

    def __repr__(self) -> str:
        return f"Episode({self.episode_id})"


def open_episode(
    path_or_id: str | Path,
    *,
    folder: Path | None = None,
    identity: str | None = None,
    passphrase: str | None = None,
) -> Episode:
    """Open an episode for reading; nothing is written, but a deletion cut short is finished.

    Args:
        path_or_id: An episode's folder or its id.
        folder: The recording folder; the chosen one when not given.
        identity: `AGE-SECRET-KEY-1…`: the identity or the recovery key.
        passphrase: Unlocks the identity where `identity` is not given; takes seconds.

    Raises:
        EpisodeUnknown: There is no such episode.
        NotUnlocked: The identity is not one of its owner's.
        WrongPassphrase: The passphrase does not unlock the identity.
        DamagedFile: The episode's key is gone or damaged.
        EpisodeBusy: Another program has been changing it for long.
    """
    home = _home(path_or_id, folder)
    settle(home)
    if not os.path.lexists(home / KEY_FILE):
        return _plain(home)
    wrapped = read_regular(home / KEY_FILE, _KEY_LIMIT_BYTES)
    if identity is None:
        identity = unlock(folder or home.parents[2], passphrase)
    return Episode(home, EpisodeKey.unwrap(home.name, wrapped, identity), identity)


def _plain(home: Path) -> Episode:
    """Open an episode that was never sealed; one whose key was taken away is damaged."""
    episode = Episode(home, None, None)
    listed = episode.manifest.files if episode.manifest else ()
    if any(entry.name == KEY_FILE for entry in listed):
        raise DamagedFile(KEY_FILE, "missing")
    return episode


def _home(path_or_id: str | Path, folder: Path | None) -> Path:
    path = Path(path_or_id)
    if isinstance(path_or_id, str) and is_ulid(path_or_id):
        return find_home(chosen_folder(places(), folder), path_or_id)
    path = path.absolute()
    if not is_ulid(path.name) or path.is_symlink() or not path.is_dir():
        raise EpisodeUnknown
    return path
