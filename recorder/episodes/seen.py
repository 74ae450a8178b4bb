"""Marking an episode as seen, for those who record for themselves and approve nothing."""

import errno
import json
from datetime import datetime
from pathlib import Path

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.copies import drop_seen
from recorder.episodes.holding import held
from recorder.episodes.reviewed import SCHEMA, manifest_digest, mark_of
from recorder.episodes.table_files import writing
from recorder.files import private_folder, write_whole


class NotClosed(RecorderError):
    """The episode has no manifest that could be named."""

    def __init__(self) -> None:
        super().__init__(
            "That episode was not closed, so it can still change",
            "recorder stop, then try again; one that a crash left can be deleted",
            ExitCode.USAGE,
        )


class ChangedMeanwhile(RecorderError):
    """The episode is not the one that was looked at."""

    def __init__(self) -> None:
        super().__init__(
            "That episode changed since you looked at it", "look at it again", ExitCode.HASH
        )


def mark_seen(home: Path, today: datetime, manifest_sha256: str | None = None) -> None:
    """Mark an episode as seen; holds until it changes.

    Args:
        home: The episode's folder.
        today: The date that is noted, UTC.
        manifest_sha256: What was looked at; None for what is there now.

    Raises:
        NotClosed: It has no manifest.
        ChangedMeanwhile: It is another one by now.
        EpisodeBusy: It is being recorded or changed by another program.
        FolderUnwritable: The mark was not written.
    """
    folder, path = home.parents[2], mark_of(home)
    with held(home):
        digest = manifest_digest(home)
        if not digest:
            raise NotClosed
        if manifest_sha256 not in {None, digest}:
            raise ChangedMeanwhile
        mark = {"schema": SCHEMA, "manifest_sha256": digest, "seen": today.date().isoformat()}
        with writing(folder):
            if path.parent.is_symlink():
                raise NotADirectoryError(errno.ENOTDIR, "a link stands in the way")
            private_folder(path.parent)
            drop_seen(home)
            write_whole(path, json.dumps(mark).encode(), begun=home.name)


def unmark_seen(home: Path) -> bool:
    """Take the mark of an episode away; tells whether there was one.

    Raises:
        EpisodeBusy: It is being changed by another program.
        FolderUnwritable: It is still there.
    """
    with held(home), writing(home.parents[2]):
        return drop_seen(home) > 0
