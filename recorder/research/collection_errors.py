"""Why a folder cannot be used as a collection now."""

from pathlib import Path

from recorder.core.errors import ExitCode, RecorderError


class CollectionUnknown(RecorderError):
    """The folder is no collection."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} is no collection", "name the folder of recorder collect --into",
            ExitCode.NO_FOLDER,
        )  # fmt: skip


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
