"""What datasets of a collection must tell, so that erasing reaches them.

`<collection>/datasets/<name>/dataset.json` lists every file: a *shard* holds rows of one
participant only and names their bundles; a *derived* file (statistics, plots, an index) was
made from several participants. Erasing deletes the shards that hold an erased bundle and all
derived files, and writes `dataset.json` anew; what else the shards held stands in `to_rebuild`.
A file that is not listed may hold anything, so it goes as well; so does a dataset whose list
cannot be read. `dataset_erasing` does it, and `dataset_places` where the files lie elsewhere.
"""

import contextlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.strict import Strict
from recorder.files import read_regular, write_whole
from recorder.research.building.splits import SplitBy
from recorder.sharing.statements import Digest, Pseudonym, Time, Ulid, Use

DATASETS: Final = "datasets"
CACHE: Final = "cache"
"""`<collection>/cache/<pseudonym>/<episode_id>/`: what was worked out of an episode."""
USES_FILE: Final = "uses.jsonl"
"""One `Use` a line, as signed for each participant."""
LIST_FILE: Final = "dataset.json"
PLACE_FILE: Final = "place.txt"
"""The place once more, for when the list cannot be read."""
LIST_BYTES: Final = 64_000_000
"""The longest list that is read."""
MOST_HANDED: Final = 4_200
"""Characters: a form, and a path of which none is cut."""
_PATH: Final = r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*){0,7}$"

FilePath = Annotated[str, Field(pattern=_PATH, max_length=200)]
"""Below the dataset's folder; no part of it begins with a dot."""


class ListTooLong(RecorderError):
    """A dataset has more files than one list can name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} would have more files and episodes than the list of one dataset can name",
            "recorder collect --into several collections, and build one dataset of each with its "
            "own --name and --out",
            ExitCode.LIMITS,
        )


class Source(Strict):
    """Which bundle, of which episode, rows were made from."""

    bundle_id: Ulid
    episode_id: Ulid


class LostSource(Source):
    """A source whose shard went, and whose it is."""

    pseudonym: Pseudonym


class Shard(Strict):
    """A file with rows of one participant.

    Attributes:
        sha256: Of the whole file; "" while it is planned or being written.
        rows: Steps in it.
    """

    file: FilePath
    pseudonym: Pseudonym
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    size_bytes: int = Field(0, ge=0)
    rows: int = Field(0, ge=0)


class LeftOut(Strict):
    """A bundle that a build left out, and why, without anything of its content."""

    schema_name: Literal["recorder.left-out/1"] = Field("recorder.left-out/1", alias="schema")
    pseudonym: Pseudonym
    episode_id: Ulid
    bundle_id: Ulid
    code: int = Field(ge=0, le=255)
    reason: Annotated[str, Field(max_length=200)]


class Built(Strict):
    """A part of a dataset that is complete; the same part is not built again.

    Attributes:
        made_of: Digest of everything that decides its bytes.
        files: Its shards.
        counts: What the reduction left out and kept, by name.
    """

    made_of: Digest
    pseudonym: Pseudonym
    files: tuple[FilePath, ...]
    left_out: tuple[LeftOut, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)


class Drawn(Strict):
    """How a dataset's steps were made and put into splits.

    Attributes:
        split_by: What is kept whole in one split.
        shares: Percent of train, validation and test.
        dedup: Whether train is without what the others nearly show.
        profile: Whose rules make actions of events.
        reducer: Version of the reduction; `builder` of the build.
    """

    split_by: SplitBy
    shares: tuple[int, int, int]
    dedup: bool
    profile: Annotated[str, Field(max_length=40)]
    reducer: Annotated[str, Field(max_length=40)]
    builder: Annotated[str, Field(max_length=40)]


class Dataset(Strict):
    """What `dataset.json` says.

    Attributes:
        derived: Files that were made from several participants.
        handed_to: Copies, which erasing cannot reach; each says what and where.
        to_rebuild: Sources that may be used still and lost their shard to an erasure.
        place: Where the files lie when not beside the list: a folder, or an address without
            credentials.
        owed: Files that must go from there and could not be reached yet.
        built: What is complete.
        drawn: How the last build made it; None in lists of before.
    """

    schema_name: Literal["recorder.dataset/1"] = Field("recorder.dataset/1", alias="schema")
    name: Annotated[str, Field(max_length=200)]
    created: Time
    shards: tuple[Shard, ...] = ()
    derived: tuple[FilePath, ...] = ()
    handed_to: tuple[Annotated[str, Field(max_length=MOST_HANDED)], ...] = ()
    to_rebuild: tuple[LostSource, ...] = ()
    place: Annotated[str, Field(max_length=4096)] | None = None
    owed: tuple[FilePath, ...] = ()
    built: tuple[Built, ...] = ()
    drawn: Drawn | None = None

    def holds(self, pseudonym: str, bundles: Collection[str]) -> bool:
        """Tell whether a shard was made from one of these bundles."""
        return any(
            shard.pseudonym == pseudonym and any(one.bundle_id in bundles for one in shard.sources)
            for shard in self.shards
        )


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
        return Dataset.model_validate_json(read_regular(folder / LIST_FILE, LIST_BYTES))
    except (OSError, ValidationError):
        return None


def handed_on(collection: Path) -> dict[str, tuple[str, ...]]:
    """Give the copies that were made of each dataset, by its name."""
    found = filter(None, map(read_dataset, dataset_folders(collection)))
    return {one.name: one.handed_to for one in found}


def write_dataset(folder: Path, dataset: Dataset) -> None:
    """Write a dataset's list; killed at any instant, it is the old or the new one.

    A list that could not be read again would cost the whole dataset at the next erasure, so
    one that erasing makes too long loses `to_rebuild`, which any build finds out anew.

    Raises:
        ListTooLong: It is too long all the same; the old one holds.
        OSError: It cannot be written; the old one holds.
    """
    data = dataset.model_dump_json(by_alias=True).encode()
    if len(data) > LIST_BYTES and dataset.to_rebuild:
        data = dataset.model_copy(update={"to_rebuild": ()}).model_dump_json(by_alias=True).encode()
    if len(data) > LIST_BYTES:
        raise ListTooLong(dataset.name)
    write_whole(folder / LIST_FILE, data)


def _folders(path: Path) -> list[Path]:
    try:
        entries = list(os.scandir(path))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [Path(e.path) for e in sorted(entries, key=_name) if e.is_dir(follow_symlinks=False)]


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
