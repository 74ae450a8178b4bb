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


def listed_in(dataset: Path, collection: Path | None) -> Path | None:
    """Give the folder of the list that names a dataset; None where there is none.

    Args:
        dataset: The folder of its files.
        collection: Whose lists are looked through; None: the one that the dataset lies in.

    Raises:
        CollectionUnknown, CollectionDamaged: The collection is none.
    """
    place = dataset.resolve()
    if collection is not None:
        Collection.open(collection)
    if collection is None:
        is_inside = place.parent.name == DATASETS and (place / LIST_FILE).is_file()
        return place if is_inside else None
    for folder in dataset_folders(collection):
        if folder.resolve() == place or _is_at(read_dataset(folder), place):
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


def _is_at(found: Dataset | None, place: Path) -> bool:
    at = None if found is None else found.place
    return at is not None and "://" not in at and Path(at).resolve() == place
