"""Places outside of the collection that hold a dataset's files: a folder, or a store.

Below `data/` everything there is the dataset's: what its list does not name goes.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import sync_folder
from recorder.sharing.drops import Drop, open_drop
from recorder.sharing.folder_drop import FolderDrop

DATA: Final = "data"
GONE: Final = "gone"
"""A file with which a person says so: an empty folder is also what a disk leaves behind."""


class PlaceUnreachable(RecorderError):
    """Files of a dataset must go from a place that cannot be reached."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(
            f"Files of a dataset must be deleted in {place}, which cannot be reached: {why}",
            "bring it back and run the same command again; if that copy is gone for good, "
            f"make a folder there with an empty file {GONE}",
            ExitCode.UNWRITABLE,
        )


def clean_place(
    place: str, listed: Collection[str], owed: Iterable[str], *, held_files: bool = False
) -> None:
    """Delete what is owed, and everything below `data/` that is not listed; safe to call again.

    Args:
        place: A folder, or an address without credentials.
        listed: Files that stay.
        owed: Files that go, wherever they lie in it.
        held_files: There were files; an empty folder is where its disk is not mounted.

    Raises:
        PlaceUnreachable: It cannot be reached or changed now.
    """
    try:
        drop = open_drop(place)
        if held_files:
            _check_there(place, drop)
        for name in owed:
            drop.remove(name)
        _drop_begun(place, drop)
        for name in sorted(set(drop.names(DATA)) - set(listed)):
            drop.remove(name)
    except PlaceUnreachable:
        raise
    except RecorderError as cause:
        raise PlaceUnreachable(place, cause.message) from cause


def _check_there(place: str, drop: Drop) -> None:
    if isinstance(drop, FolderDrop) and not any(Path(place).iterdir()):
        raise PlaceUnreachable(place, "it is empty, as where a disk is not mounted")


def _drop_begun(place: str, drop: Drop) -> None:
    """Delete what a killed build had begun to write; a store keeps no such thing."""
    if not isinstance(drop, FolderDrop):
        return
    for path in sorted((Path(place) / DATA).rglob("*.tmp")):
        path.unlink()
        sync_folder(path.parent)
