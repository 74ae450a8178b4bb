"""What datasets of a collection must tell, so that erasing reaches them.

`<collection>/datasets/<name>/dataset.json` lists every file: a *shard* holds rows of one
participant only and names their bundles; a *derived* file (statistics, plots, an index) was
made from several participants. Erasing deletes the shards that hold an erased bundle and all
derived files, and writes `dataset.json` anew; what else the shards held stands in `to_rebuild`.
A file that is not listed may hold anything, so it goes as well; so does a dataset whose list
cannot be read.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from recorder.core.strict import Strict
from recorder.files import read_regular, sync_folder, write_whole
from recorder.sharing.statements import Pseudonym, Time, Ulid, Use

DATASETS: Final = "datasets"
CACHE: Final = "cache"
"""`<collection>/cache/<pseudonym>/<episode_id>/`: what was worked out of an episode."""
USES_FILE: Final = "uses.jsonl"
"""One `Use` a line, as signed for each participant."""
LIST_FILE: Final = "dataset.json"
_LIST_BYTES: Final = 64_000_000
_PATH: Final = r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*){0,7}$"

FilePath = Annotated[str, Field(pattern=_PATH, max_length=200)]
"""Below the dataset's folder; no part of it begins with a dot."""


class Source(Strict):
    """Which bundle, of which episode, rows were made from."""

    bundle_id: Ulid
    episode_id: Ulid


class LostSource(Source):
    """A source whose shard went, and whose it is."""

    pseudonym: Pseudonym


class Shard(Strict):
    """A file with rows of one participant."""

    file: FilePath
    pseudonym: Pseudonym
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]


class Dataset(Strict):
    """What `dataset.json` says.

    Attributes:
        derived: Files that were made from several participants.
        handed_to: Roles of those who got a copy, which erasing cannot reach.
        to_rebuild: Sources that may be used still and lost their shard to an erasure.
    """

    schema_name: Literal["recorder.dataset/1"] = Field("recorder.dataset/1", alias="schema")
    name: Annotated[str, Field(max_length=200)]
    created: Time
    shards: tuple[Shard, ...] = ()
    derived: tuple[FilePath, ...] = ()
    handed_to: tuple[Annotated[str, Field(max_length=200)], ...] = ()
    to_rebuild: tuple[LostSource, ...] = ()

    def holds(self, pseudonym: str, bundles: Collection[str]) -> bool:
        """Tell whether a shard was made from one of these bundles."""
        return any(
            shard.pseudonym == pseudonym and any(one.bundle_id in bundles for one in shard.sources)
            for shard in self.shards
        )


@dataclass(slots=True)
class Cleaned:
    """What erasing did to the datasets. `lost_whole`: their list could not be read."""

    shards: int = 0
    lost_whole: list[str] = field(default_factory=list)


def uses(collection: Path) -> Iterator[Use]:
    """Give the uses that participants were told of; a line that a kill cut short is left out."""
    try:
        with (collection / USES_FILE).open("rb") as file:
            for line in file:
                with contextlib.suppress(ValidationError):
                    yield Use.model_validate_json(line)
    except FileNotFoundError:
        return


def dataset_folders(collection: Path) -> Iterator[Path]:
    """Give the folders of the datasets."""
    yield from _folders(collection / DATASETS)


def read_dataset(folder: Path) -> Dataset | None:
    """Give a dataset's list; None when it cannot be read."""
    try:
        return Dataset.model_validate_json(read_regular(folder / LIST_FILE, _LIST_BYTES))
    except (OSError, ValidationError):
        return None


IsGone = Callable[[str, str], bool]
"""Tells of a bundle and its episode, both by id, whether it must go."""


def erase_from_datasets(collection: Path, pseudonym: str, is_gone: IsGone) -> Cleaned:
    """Delete what the datasets hold of a participant's bundles; safe to call again.

    Raises:
        OSError: Something is left; call again.
    """
    done = Cleaned()
    for folder in dataset_folders(collection):
        found = read_dataset(folder)
        if found is None:
            shutil.rmtree(folder)
            sync_folder(folder.parent)
            done.lost_whole.append(folder.name)
            continue
        cut = _without(found, pseudonym, is_gone)
        if cut != found:
            done.shards += len(found.shards) - len(cut.shards)
            write_whole(folder / LIST_FILE, cut.model_dump_json(by_alias=True).encode())
        _drop_unlisted(folder, cut)
    return done


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
    return found.model_copy(
        update={
            "shards": tuple(shard for shard in found.shards if shard not in gone),
            "derived": () if gone else found.derived,
            "to_rebuild": tuple(sorted(waiting, key=lambda one: (one.pseudonym, one.bundle_id))),
        }
    )


def _drop_unlisted(folder: Path, found: Dataset) -> None:
    """Delete files that the list does not name: also those that a run left that died."""
    named = {folder / LIST_FILE, *(folder / shard.file for shard in found.shards)}
    named |= {folder / name for name in found.derived}
    for above, _, names in os.walk(folder, topdown=False):
        place = Path(above)
        left = [place / name for name in names if place / name not in named]
        for path in left:
            path.unlink()
        if left:
            sync_folder(place)


def _folders(path: Path) -> list[Path]:
    try:
        entries = list(os.scandir(path))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [Path(e.path) for e in sorted(entries, key=_name) if e.is_dir(follow_symlinks=False)]


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
