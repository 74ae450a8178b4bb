"""The list of a dataset's files, written before the files are: an erasure finds all of them."""

import re
import time
from collections.abc import Collection as Names
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import private_folder, write_whole
from recorder.research.building.placing import PlaceTaken, check_free, opened_place, true_place
from recorder.research.building.work import Done, Task
from recorder.research.collection import Collection
from recorder.research.dataset_erasing import clean
from recorder.research.datasets import (
    DATASETS,
    LIST_BYTES,
    LIST_FILE,
    PLACE_FILE,
    Built,
    Dataset,
    Drawn,
    ListTooLong,
    Shard,
    Source,
    read_dataset,
    write_dataset,
)
from recorder.research.participants import CollectionDamaged
from recorder.sharing.drops import Drop

_TASK_BYTES: Final = 1_200
_SHARD_BYTES: Final = 330
_LEFT_BYTES: Final = 400
_SOURCE_BYTES: Final = 90
"""The most that a task takes in the list; each of its shards; a bundle, left out or in a shard."""
_WRITTEN_EVERY_S: Final = 1.0
"""The list of ten thousand people is long; what a kill loses of it is built again."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class DatasetNameWrong(RecorderError):
    """A dataset cannot have that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name!r} is no name for a dataset", "--name with letters, digits and hyphens",
            ExitCode.USAGE,
        )  # fmt: skip


class Registry:
    """One dataset's list, while it is built; changed by one thread.

    Attributes:
        dataset: As it was written last.
        place: Where the files go.
    """

    def __init__(self, folder: Path, dataset: Dataset, place: Drop) -> None:
        self._folder = folder
        self._shards = {shard.file: shard for shard in dataset.shards}
        self._built = list(dataset.built)
        self._written_s = 0.0
        self.dataset = dataset
        self.place = place

    @classmethod
    def open(cls, collection: Collection, name: str, out: str, now: datetime) -> "Registry":
        """Open a dataset's list, or begin one; nothing is written yet.

        Raises:
            DatasetNameWrong, PlaceTaken: It cannot be built under that name, or there.
            CollectionDamaged: Its list cannot be read.
            DropUnreachable, DropAddressWrong: The place cannot be used.
        """
        if not _NAME.fullmatch(name):
            raise DatasetNameWrong(name)
        folder = collection.folder / DATASETS / name
        found = read_dataset(folder)
        if found is None and folder.exists():
            raise CollectionDamaged(folder / LIST_FILE)
        at = true_place(out)
        check_free(collection.folder, folder, at)
        place = opened_place(at, is_new=found is None)
        beside = None if at == true_place(folder) else at
        if found is None:
            created = now.isoformat(timespec="seconds")
            found = Dataset(name=name, created=created, place=beside)
        if (found.place and true_place(found.place)) != beside:
            raise PlaceTaken(
                f"{name} lies in {found.place or folder}",
                "--name with another name, or --out there",
            )
        return cls(folder, found, place)

    def draw(self, drawn: Drawn) -> None:
        """Note how the dataset is made from now on; written with the next list."""
        self.dataset = self.dataset.model_copy(update={"drawn": drawn})

    def done(self, tasks: Sequence[Task]) -> dict[str, Built]:
        """Give what of the tasks is complete already, by `made_of`; faults are looked at again."""
        wanted = {task.made_of for task in tasks}
        sizes = {shard.file: shard.size_bytes for shard in self.dataset.shards if shard.sha256}
        return {
            one.made_of: one
            for one in self.dataset.built
            if one.made_of in wanted
            and not any(left.code for left in one.left_out)
            and all(self.place.size(file) == sizes.get(file, -1) for file in one.files)
        }

    def begin(self, tasks: Sequence[Task], kept: Names[str]) -> None:
        """List what will be written, and delete what is not in the plan any more.

        Args:
            tasks: Of this phase.
            kept: `made_of` of what is complete and stays.

        Raises:
            ListTooLong: It would be more than a list can name.
            OSError: It cannot be listed, so nothing may be written.
            RecorderError: The place cannot be cleaned.
        """
        self._check_length(tasks, kept)
        private_folder(self._folder)
        if self.dataset.place is not None:
            write_whole(self._folder / PLACE_FILE, self.dataset.place.encode())
        self._built = [one for one in self.dataset.built if one.made_of in kept]
        files = {file for one in self._built for file in one.files}
        self._shards = {name: one for name, one in self._shards.items() if name in files}
        for task in tasks:
            if task.made_of not in kept:
                self._shards |= {one.file: one for one in _planned(task)}
        self._write(to_rebuild=())
        self._clean()

    def _check_length(self, tasks: Sequence[Task], kept: Names[str]) -> None:
        """See that the list can be read when everything is built, before anything is written."""
        built = [one for one in self.dataset.built if one.made_of in kept]
        files = {file for one in built for file in one.files}
        shards = tuple(one for name, one in self._shards.items() if name in files)
        listed = self.dataset.model_copy(
            update={"built": tuple(built), "shards": shards, "to_rebuild": ()}
        )
        planned = (_most_bytes(task) for task in tasks if task.made_of not in kept)
        if len(listed.model_dump_json(by_alias=True)) + sum(planned) > LIST_BYTES:
            raise ListTooLong(self.dataset.name)

    def add(self, task: Task, done: Done) -> None:
        """List a task's shards as they are."""
        for _, file in task.files:
            self._shards.pop(file, None)
        self._shards |= {shard.file: shard for shard in done.shards}
        built = Built(
            made_of=task.made_of,
            pseudonym=task.pseudonym,
            files=tuple(shard.file for shard in done.shards),
            left_out=done.left_out,
            counts=done.counts,
        )
        self._built.append(built)
        if time.monotonic() - self._written_s > _WRITTEN_EVERY_S:
            self._write()

    def save(self) -> None:
        """List what was added."""
        self._write()

    def finish(self, derived: Names[str]) -> None:
        """List everything, and delete what a killed run left.

        Args:
            derived: Files that were made from several participants.

        Raises:
            OSError: It cannot be listed.
            RecorderError: The place cannot be cleaned.
        """
        self._write(derived=tuple(sorted({*self.dataset.derived, *derived})))
        self._clean()

    def _clean(self) -> None:
        clean(self._folder, self.dataset)
        self.dataset = self.dataset.model_copy(update={"owed": ()})

    def _write(self, **changed: object) -> None:
        shards = tuple(self._shards[name] for name in sorted(self._shards))
        built = tuple(sorted(self._built, key=lambda one: (one.pseudonym, one.made_of)))
        told = {"shards": shards, "built": built, **changed}
        self.dataset = self.dataset.model_copy(update=told)
        write_dataset(self._folder, self.dataset)
        self._written_s = time.monotonic()


def _planned(task: Task) -> list[Shard]:
    sources = tuple(
        Source(bundle_id=one.bundle_id, episode_id=one.episode_id) for one in task.bundles
    )
    return [Shard(file=file, pseudonym=task.pseudonym, sources=sources) for _, file in task.files]


def _most_bytes(task: Task) -> int:
    """Give how long a task's part of the list can become, in bytes."""
    files = len(task.files)
    bundle = max(_LEFT_BYTES, _SOURCE_BYTES * files)
    return _TASK_BYTES + _SHARD_BYTES * files + bundle * len(task.bundles)
