"""Changing a stored episode: its files are replaced together, or none is.

New files are written under temporary names, then `change.json` says what replaces what.
Killed before that instant the episode is as it was, killed after it the next who opens it
carries the change out. Old bytes are gone when `commit` returns.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from recorder.episodes.holding import ChangeFile, carry_out, held
from recorder.episodes.manifest import FileEntry, Manifest, Removed, Summary, manifest_bytes
from recorder.episodes.names import (
    CHANGE_FILE,
    KEY_FILE,
    MANIFEST_FILE,
    SEALED_SUMMARY_FILE,
    SUMMARY_FILE,
    PartName,
    temporary_name,
)
from recorder.episodes.owner import Owner
from recorder.episodes.reader import Episode
from recorder.episodes.sealing import seal
from recorder.episodes.store import manifest_of
from recorder.episodes.table_files import DamagedFile, sha256_of, writing
from recorder.episodes.tally import Tally, summary_changed, tally_of
from recorder.files import write_whole


class Change:
    """One change of one episode, until `commit`. Use `changing`."""

    def __init__(self, episode: Episode, owner: Owner) -> None:
        self._episode = episode
        self._owner = owner
        self._home = episode.path
        self._ready: dict[str, str] = {}
        self._rows: dict[str, int] = {}
        self._remove: list[str] = []
        self._before = Tally()
        self._after = Tally()

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self._ready or self._remove)

    def replace(
        self, part: PartName, old: pa.Table, new: pa.Table, name: PartName | None = None
    ) -> None:
        """Let other rows stand in place of a file's; of none left the file goes.

        Args:
            part: The file that is there.
            old: Its rows.
            new: Rows in order; columns as `old`.
            name: What the file is called from now on, where its times change.
        """
        self._before.add(tally_of(part.table, old))
        if new.num_rows == 0:
            self._remove.append(str(part))
            return
        self._after.add(tally_of(part.table, new))
        self._write(name or part, new)
        if name is not None and name != part:
            self._remove.append(str(part))

    def create(self, part: PartName, rows: pa.Table) -> None:
        """Add a file that was not there."""
        self._after.add(tally_of(part.table, rows))
        self._write(part, rows)

    def drop(self, part: PartName) -> None:
        """Remove a file that cannot be read; what the summary counted of it stays unknown."""
        self._remove.append(str(part))

    def rewrap(self) -> None:
        """Seal the episode's key to the owner's recipients; of plain files there is none."""
        wrapped = self._episode.files.wrapped_key(self._owner.recipients)
        if wrapped is not None:
            with writing(self._home):
                write_whole(self._home / self._stage(KEY_FILE), wrapped)

    def commit(self, removed: Iterable[Removed] = ()) -> None:
        """Put the change in force; the episode reads anew from now on.

        Args:
            removed: Whole seconds that the manifest notes as removed by the owner.

        Raises:
            FolderUnwritable: Nothing changed, unless a later call finds `change.json`.
        """
        if self.is_empty:
            return
        with writing(self._home):
            self._stage_summary()
            self._stage_manifest(tuple(removed))
            decided = ChangeFile(replace=self._ready, remove=tuple(self._remove))
            data = decided.model_dump_json(by_alias=True).encode()
            write_whole(self._home / CHANGE_FILE, data)
            self._ready = {}
        carry_out(self._home)
        self._episode.refresh()

    def abandon(self) -> None:
        """Take away what was written and not put in force."""
        for ready in self._ready:
            (self._home / ready).unlink(missing_ok=True)
        self._ready = {}

    def _write(self, part: PartName, rows: pa.Table) -> None:
        ready = self._stage(str(part))
        with writing(self._home):
            self._episode.files.write(part, [rows], ready)
        self._rows[str(part)] = rows.num_rows

    def _stage(self, name: str) -> str:
        ready = temporary_name()
        self._ready[ready] = name
        return ready

    def _stage_summary(self) -> None:
        """Write the summary of what is left; without the old one there is no new one."""
        told = self._episode.summary
        name = SEALED_SUMMARY_FILE if self._episode.sealed else SUMMARY_FILE
        recipients = self._owner.recipients
        if told is None or (self._episode.sealed and not recipients):
            self._remove += [n for n in (SEALED_SUMMARY_FILE, SUMMARY_FILE) if self._has(n)]
            return
        data = _bytes(summary_changed(told, self._before, self._after))
        sealed = seal(data, recipients) if self._episode.sealed else data
        write_whole(self._home / self._stage(name), sealed)

    def _stage_manifest(self, removed: tuple[Removed, ...]) -> None:
        manifest = _manifest(self._home)
        if manifest is None or self._owner.sign is None:
            return
        if not self._owner.signed((self._home / MANIFEST_FILE).read_bytes()):
            return
        gone = {*self._remove, *self._ready.values()}
        kept = [entry for entry in manifest.files if entry.name not in gone]
        new = [self._entry(ready, name) for ready, name in self._ready.items()]
        files = sorted([*kept, *new], key=lambda entry: entry.name)
        note = _noted(removed, self._remove)
        renewed = manifest.model_copy(
            update={"files": tuple(files), "removed": (*manifest.removed, *note)}
        )
        envelope = self._owner.sign(manifest_bytes(renewed))
        write_whole(self._home / self._stage(MANIFEST_FILE), envelope)

    def _entry(self, ready: str, name: str) -> FileEntry:
        path = self._home / ready
        return FileEntry(
            name=name,
            sha256=sha256_of(path),
            bytes=path.stat().st_size,
            rows=self._rows.get(name, 0),
        )

    def _has(self, name: str) -> bool:
        return (self._home / name).exists()


@contextmanager
def changing(episode: Episode, owner: Owner) -> Iterator[Change]:
    """Hold the episode for one change; what was not put in force is taken away again.

    Raises:
        EpisodeBusy: It is being recorded, or changed by another program.
        FolderUnwritable: A change that was cut short cannot be finished.
    """
    with held(episode.path):
        episode.refresh()
        change = Change(episode, owner)
        try:
            yield change
        finally:
            change.abandon()


def _manifest(home: Path) -> Manifest | None:
    try:
        return manifest_of(home)
    except DamagedFile:
        return None


def _noted(removed: Sequence[Removed], files: Sequence[str]) -> tuple[Removed, ...]:
    """Give the notes; the first of them names the files that went whole."""
    if not removed:
        return ()
    first = removed[0].model_copy(update={"files": tuple(sorted(files))})
    return (first, *removed[1:])


def _bytes(summary: Summary) -> bytes:
    return summary.model_dump_json().encode()
