"""Noting a copy in the dataset's list, so that an erasure names it."""

from pathlib import Path

from recorder.research.collection import Collection
from recorder.research.datasets import (
    DATASETS,
    LIST_FILE,
    MOST_HANDED,
    Dataset,
    dataset_folders,
    read_dataset,
    write_dataset,
)
from recorder.research.participants import CollectionDamaged
from recorder.sharing.drops import Drop
from recorder.sharing.folder_drop import FolderDrop


def listed_in(place: Drop, collection: Path | None) -> Path | None:
    """Give the folder of the list that names a dataset; None where there is none.

    Args:
        place: Where its files lie.
        collection: Whose lists are looked through; None: the one that the dataset lies in.

    Raises:
        CollectionUnknown, CollectionDamaged: The collection is none.
    """
    here = Path(place.url).resolve() if isinstance(place, FolderDrop) else None
    if collection is None:
        is_inside = here is not None and here.parent.name == DATASETS
        return here if is_inside and here is not None and (here / LIST_FILE).is_file() else None
    Collection.open(collection)
    for folder in dataset_folders(collection):
        if folder.resolve() == here or _is_at(read_dataset(folder), place.url, here):
            return folder
    return None


def note_copy(listed: Path, told: str) -> None:
    """Add a copy to a dataset's list.

    Args:
        listed: The folder of the list, `<collection>/datasets/<name>`.
        told: Which copy; longer than any path may be, it is cut.

    Raises:
        CollectionUnknown, CollectionDamaged, CollectionHeld: The list cannot be changed now.
        OSError: As above.
    """
    with Collection.open(listed.parent.parent).held():
        found = read_dataset(listed)
        if found is None:
            raise CollectionDamaged(listed / LIST_FILE)
        if told[:MOST_HANDED] not in found.handed_to:
            handed = (*found.handed_to, told[:MOST_HANDED])
            write_dataset(listed, found.model_copy(update={"handed_to": handed}))


def _is_at(found: Dataset | None, url: str, here: Path | None) -> bool:
    at = None if found is None else found.place
    if at is None or here is None or "://" in at:
        return at == url
    return Path(at).resolve() == here
