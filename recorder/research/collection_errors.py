"""Why a folder cannot be used as a collection now."""

from pathlib import Path

from recorder.core.errors import ExitCode, RecorderError
from recorder.sharing.drops import names_store


def check_here(folder: Path) -> None:
    """Refuse an address of a store where a collection's folder is named.

    Raises:
        CollectionAway: It is one.
    """
    if names_store(folder):
        raise CollectionAway


class CollectionUnknown(RecorderError):
    """The folder is no collection."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is no collection", "name the folder of recorder collect --into",
            ExitCode.NO_FOLDER,
        )  # fmt: skip


class CollectionAway(RecorderError):
    """The collection would lie in a store, where no lock holds and no erasure is sure."""

    def __init__(self) -> None:
        super().__init__(
            "A collection is a folder on this computer, never a store",
            "bring bundles here with recorder collect s3://bucket/folder --into data, "
            "and name data",
            ExitCode.USAGE,
        )


class CollectionOfAnother(RecorderError):
    """The collection belongs to another study."""

    def __init__(self, folder: Path, study: str) -> None:
        super().__init__(
            f"{folder} is the collection of study {study}",
            "choose another folder with --into",
            ExitCode.USAGE,
        )


class CollectionHeld(RecorderError):
    """Another program changes the collection."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Another recorder collect or erase works on {folder}",
            "wait until it is done, then try again",
            ExitCode.FOLDER_HELD,
        )
