"""Erasing from datasets: shards, what was derived from them, and files that nobody listed.

Beside their list or in another place; what cannot be reached is noted in the list first and
stays owed until it is gone.
"""

import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from recorder.core.each_alone import EachAlone
from recorder.core.errors import RecorderError
from recorder.files import sync_folder
from recorder.research.dataset_places import clean_place
from recorder.research.datasets import (
    CACHE,
    LIST_FILE,
    PLACE_FILE,
    Built,
    Dataset,
    LostSource,
    Source,
    dataset_folders,
    read_dataset,
    write_dataset,
)

IsGone = Callable[[str, str], bool]
"""Tells of a bundle and its episode, both by id, whether it must go."""


@dataclass(slots=True)
class Cleaned:
    """What erasing did to the datasets.

    Attributes:
        lost_whole: Those whose list could not be read.
        unreachable: Why the place of a dataset was not cleaned; its files are owed still.
    """

    shards: int = 0
    lost_whole: list[str] = field(default_factory=list)
    unreachable: dict[str, RecorderError] = field(default_factory=dict)


def erase_from_datasets(collection: Path, pseudonym: str, is_gone: IsGone) -> Cleaned:
    """Delete what the datasets hold of a participant's bundles; safe to call again.

    Raises:
        OSError: Something is left; call again.
    """
    done = Cleaned()
    for folder in dataset_folders(collection):
        found = read_dataset(folder)
        cut = None if found is None else _without(found, pseudonym, is_gone)
        if found is not None and cut is not None and cut != found:
            done.shards += len(found.shards) - len(cut.shards)
            write_dataset(folder, cut)
        try:
            _clean_or_drop(folder, cut, done)
        except RecorderError as error:
            done.unreachable[folder.name] = error
    return done


def clean(folder: Path, dataset: Dataset) -> None:
    """Delete the files that a dataset does not list, beside the list or in its place.

    Raises:
        RecorderError: The place cannot be reached; call again, what must go is noted.
        OSError: Something is left; call again.
    """
    if dataset.place is None:
        _drop_unlisted(folder, {shard.file for shard in dataset.shards} | {*dataset.derived})
        return
    listed = {shard.file for shard in dataset.shards}
    clean_place(dataset.place, listed, dataset.owed, held_files=bool(dataset.owed))
    _drop_unlisted(folder, set())
    if dataset.owed:
        write_dataset(folder, dataset.model_copy(update={"owed": ()}))


def pay_owed(collection: Path, failed: EachAlone) -> None:
    """Delete what earlier erasures could not reach; a place that is still away is noted.

    Raises:
        OSError: A list cannot be written.
    """
    for folder in dataset_folders(collection):
        found = read_dataset(folder)
        if found is not None and found.owed:
            with failed.trying(f"dataset {folder.name}"):
                clean(folder, found)


def erase_from_cache(collection: Path, pseudonym: str, episodes: Collection[str] | None) -> None:
    """Delete what was worked out of episodes; None: of all the participant's.

    Raises:
        OSError: Something is left; call again.
    """
    place = collection / CACHE / pseudonym
    for gone in [place] if episodes is None else [place / one for one in episodes]:
        if gone.is_dir() and not gone.is_symlink():
            shutil.rmtree(gone)
            sync_folder(gone.parent)


def _clean_or_drop(folder: Path, found: Dataset | None, done: Cleaned) -> None:
    """Delete what is not listed; all of a dataset whose list cannot be read."""
    if found is not None:
        clean(folder, found)
        return
    place = folder / PLACE_FILE
    if place.exists():
        clean_place(place.read_text("utf-8").strip(), (), (), held_files=True)
    shutil.rmtree(folder)
    sync_folder(folder.parent)
    done.lost_whole.append(folder.name)


def _without(found: Dataset, pseudonym: str, is_gone: IsGone) -> Dataset:
    """Give the list without the shards that hold what must go."""

    def lost(source: Source) -> bool:
        return is_gone(source.bundle_id, source.episode_id)

    gone = [s for s in found.shards if s.pseudonym == pseudonym and any(map(lost, s.sources))]
    waiting = {s for s in found.to_rebuild if s.pseudonym != pseudonym or not lost(s)}
    waiting |= {
        LostSource(**source.model_dump(), pseudonym=pseudonym)
        for shard in gone
        for source in shard.sources
        if not lost(source)
    }
    files = {shard.file for shard in gone}
    owed = {*found.owed, *files, *(found.derived if gone else ())} if found.place else set()
    return found.model_copy(
        update={
            "shards": tuple(shard for shard in found.shards if shard.file not in files),
            "derived": () if gone else found.derived,
            "to_rebuild": tuple(sorted(waiting, key=lambda one: (one.pseudonym, one.bundle_id))),
            "owed": tuple(sorted(owed)),
            "built": tuple(b for b in found.built if not _is_touched(b, pseudonym, files, is_gone)),
        }
    )


def _is_touched(built: Built, pseudonym: str, files: Collection[str], is_gone: IsGone) -> bool:
    """Tell whether a part lost a file, or speaks of a bundle that must go."""
    if built.pseudonym != pseudonym:
        return False
    told = any(is_gone(one.bundle_id, one.episode_id) for one in built.left_out)
    return told or any(file in files for file in built.files)


def _drop_unlisted(folder: Path, listed: Collection[str]) -> None:
    """Delete files that the list does not name: also those that a run left that died."""
    named = {folder / LIST_FILE, folder / PLACE_FILE, *(folder / name for name in listed)}
    for above, _, names in os.walk(folder, topdown=False):
        place = Path(above)
        left = [place / name for name in names if place / name not in named]
        for path in left:
            path.unlink()
        if left:
            sync_folder(place)
