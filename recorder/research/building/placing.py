"""Where a dataset may be built: an empty place of its own, which others cannot read."""

from pathlib import Path

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import private_folder
from recorder.research.datasets import dataset_folders, read_dataset
from recorder.sharing.drops import Drop, open_drop

_ADDRESS = "://"


class PlaceTaken(RecorderError):
    """A dataset cannot be built there."""

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(f"The dataset cannot be built there: {why}", fix, ExitCode.USAGE)


def true_place(out: str | Path) -> str:
    """Give the one name of a place: a folder without links and dots, or an address.

    Under two names, a dataset's own folder would pass for another, whose files it may delete.
    """
    text = str(out)
    if text.startswith("file:///"):
        text = text.removeprefix("file://")
    if _ADDRESS in text:
        return text.rstrip("/")
    return str(Path(text).expanduser().resolve())


def check_free(collection: Path, folder: Path, place: str) -> None:
    """See that a dataset gets in no other's way; what its list does not name is deleted there.

    Args:
        collection: Its collection's folder.
        folder: Of its list.
        place: As `true_place` gives it.

    Raises:
        PlaceTaken: It lies in the collection, or in or above another dataset.
    """
    own = true_place(folder)
    if place != own and _overlap(place, true_place(collection)):
        raise PlaceTaken("it lies in the collection, or around it", f"--out elsewhere, or {own}")
    for other in dataset_folders(collection):
        found = None if other == folder else read_dataset(other)
        if found is not None and found.place and _overlap(place, true_place(found.place)):
            raise PlaceTaken(
                f"{found.name} lies in {found.place}",
                f"--out with another folder, or --name {found.name}",
            )


def opened_place(place: str, *, is_new: bool) -> Drop:
    """Open the place; a folder is made when it is not there.

    A new dataset's folder is made the owner's alone: files in it get its rights, and who may
    read them is what consent says. Who opens it to a group afterwards keeps that.

    Raises:
        PlaceTaken: A new dataset would lie among other files, or where others can read.
        DropUnreachable, DropAddressWrong: It cannot be used.
    """
    is_folder = _ADDRESS not in place
    if is_folder:
        private_folder(Path(place))
    drop = open_drop(place)
    if not is_new:
        return drop
    if next(iter(drop.names("")), None) is not None:
        raise PlaceTaken("it holds something else", "--out with an empty folder")
    return _made_private(Path(place)) if is_folder else drop


def _made_private(folder: Path) -> Drop:
    try:
        folder.chmod(0o700)
    except PermissionError as cause:
        raise PlaceTaken(
            "the folder is another person's, who could read it", "--out with a folder of your own"
        ) from cause
    return open_drop(folder)


def _overlap(one: str, other: str) -> bool:
    """Tell whether two places are the same, or one lies in the other."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
