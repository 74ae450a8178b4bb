"""A collection: a study's bundles, sealed as they came, and what it must remember.

```
collection.json                                  study, when it was made
bundles/<pseudonym>/<episode_id>/<bundle_id>.tar and .json: manifest, arrival, length
participants/<pseudonym>/                        keys, longest ledger, erasures (`participants`)
nonces/<2>/<30 hex>                              the bundle that used it; a digest with its pseudonym
settled/<pseudonym>/<bundle_id>                  bundles that were here and went: why
quarantine/<name>.json                           refused: reason and code, no content
access.jsonl   last-run.json   outbox/   sent/   incoming/
```
One program changes it at a time. A bundle is held from the instant its .tar has its name.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.core.each_alone import EachAlone
from recorder.core.ids import is_ulid
from recorder.core.strict import Strict
from recorder.files import private_folder, read_regular, sync_folder, write_whole
from recorder.research.collection_errors import (
    CollectionHeld,
    CollectionOfAnother,
    CollectionUnknown,
    check_here,
)  # fmt: skip
from recorder.research.held import (
    Arrival,
    Held,
    HeldFile,
    Place,
    RecordDamaged,
    Why,
    held_at,
    made,
    place_at,
    place_of,
    why_at,
)  # fmt: skip
from recorder.research.nonces import note_nonce
from recorder.research.participants import CollectionDamaged, Participant, moment
from recorder.sharing.statements import BundleManifest, StudyId, Time

__all__ = [
    "Arrival", "Collection", "CollectionHeld", "CollectionOfAnother", "CollectionUnknown", "Held",
    "Place", "Why", "held_at", "utc_now",
]  # fmt: skip

_LIMIT_BYTES: Final = 100_000
_OURS: Final = frozenset({".json", ".tmp"})
"""Ends what a killed run may leave beside the bundles."""


class CollectionFile(Strict):
    """`collection.json`."""

    schema_name: Literal["recorder.collection/1"] = Field("recorder.collection/1", alias="schema")
    study: StudyId
    created: Time


class Collection:
    """A collection's folder.

    Attributes:
        folder: Where it is.
        study: Whose it is.
        created: When it was made, by the clock of then.
    """

    def __init__(self, folder: Path, study: str, created: datetime) -> None:
        self.folder = folder
        self.study = study
        self.created = created

    @classmethod
    def open(cls, folder: Path) -> "Collection":
        """Open a collection.

        Raises:
            CollectionUnknown: It is none.
            CollectionAway: It is the address of a store.
            CollectionDamaged: Its first file is damaged.
        """
        check_here(folder)
        path = folder / "collection.json"
        try:
            found = CollectionFile.model_validate_json(read_regular(path, _LIMIT_BYTES))
        except (FileNotFoundError, NotADirectoryError) as cause:
            raise CollectionUnknown(folder) from cause
        except (OSError, ValidationError) as cause:
            raise CollectionDamaged(path) from cause
        return cls(folder, found.study, moment(found.created))

    @classmethod
    def create(cls, folder: Path, study: str, now: datetime) -> "Collection":
        """Open a study's collection; make it where there is none.

        Raises:
            CollectionOfAnother: It belongs to another study.
            CollectionUnknown: The folder holds something else.
            CollectionAway: It is the address of a store.
            OSError: It cannot be written.
        """
        check_here(folder)
        if not (folder / "collection.json").exists():
            if folder.exists() and any(folder.iterdir()):
                raise CollectionUnknown(folder)
            made = CollectionFile(study=study, created=now.isoformat(timespec="seconds"))
            data = made.model_dump_json(by_alias=True).encode()
            write_whole(private_folder(folder) / "collection.json", data)
        found = cls.open(folder)
        if found.study != study:
            raise CollectionOfAnother(folder, found.study)
        return found

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it while it changes; leftovers of a killed run are taken away.

        Raises:
            CollectionHeld: Another program does.
        """
        descriptor = os.open(self.folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as cause:
                raise CollectionHeld(self.folder) from cause
            shutil.rmtree(self.incoming, ignore_errors=True)
            self._finish()
            yield
            shutil.rmtree(self.incoming, ignore_errors=True)
        finally:
            os.close(descriptor)

    @property
    def incoming(self) -> Path:
        """Where copies stand until they are decided upon."""
        return self.folder / "incoming"

    def participant(self, pseudonym: str) -> Participant:
        """Give what is remembered of a participant, also of one not seen yet."""
        return Participant(self.folder / "participants" / pseudonym)

    def participants(self) -> list[str]:
        """Give the pseudonyms of all that were ever seen."""
        return [path.name for path in _folders(self.folder / "participants")]

    def bundles(
        self, pseudonym: str | None = None, damaged: EachAlone | None = None
    ) -> Iterator[Held]:
        """Give what is held, by participant, episode and bundle; of one participant, or of all.

        `damaged`: Notes each bundle whose record cannot be read, and the others follow.

        Raises:
            RecordDamaged: One cannot, and nothing notes it.
        """
        for path in self.paths(pseudonym):
            with damaged.trying(self.name_of(path)) if damaged else nullcontext():
                yield held_at(path)

    def name_of(self, path: Path) -> str:
        """Give how a file of the collection is called where one is named."""
        return str(path.relative_to(self.folder))

    def paths(self, pseudonym: str | None = None) -> Iterator[Path]:
        """Give the sealed tars, in the order of `bundles`, without reading a file."""
        for person in [pseudonym] if pseudonym else self.held_of():
            for episode in _folders(self.folder / "bundles" / person):
                yield from sorted(episode.glob("*.tar"))

    def held_of(self) -> list[str]:
        """Give the pseudonyms of those of whom something is held."""
        return [path.name for path in _folders(self.folder / "bundles")]

    def is_erased(self, pseudonym: str, episode_id: str, created: str) -> bool:
        """Tell whether a bundle of an episode, made at a time, was erased."""
        return self.participant(pseudonym).erased.covers(episode_id, created)

    def settled(self) -> dict[tuple[str, str], Why]:
        """Give why each bundle went that was here once, by its pseudonym and id."""
        places = _folders(self.folder / "settled")
        found = [path for place in places for path in place.iterdir() if is_ulid(path.name)]
        return {(path.parent.name, path.name): why_at(path) for path in found}

    def why_gone(self, pseudonym: str, bundle_id: str) -> Why | None:
        """Give why a bundle went that was here once; None when none did."""
        path = self.folder / "settled" / pseudonym / bundle_id
        return why_at(path) if path.is_file() else None

    def add(self, arrival: Arrival, now: datetime) -> bool:
        """Hold a bundle; False when a later one of its episode is held already.

        Killed at any instant, it is held or not, and adding it again goes on.
        """
        manifest = arrival.manifest
        participant = self.participant(manifest.pseudonym)
        participant.keep_keys(manifest.user_key, manifest.device_key)
        participant.keep_ledger(arrival.ledger)
        participant.keep_drop(arrival.drop)
        note_nonce(self.folder, manifest)
        others = self._others(manifest)
        if any(made(one.manifest) > made(manifest) for one in others):
            self.settle(manifest.pseudonym, manifest.bundle_id, "replaced")
            return False
        self._place(arrival, now)
        for one in others:
            self.remove(one, "replaced")
        return True

    def remove(self, held: Place, why: Why) -> None:
        """Take a bundle out of the collection; it is remembered that it went."""
        self.settle(held.pseudonym, held.bundle_id, why)
        for path in (held.path, held.path.with_suffix(".json")):
            path.unlink(missing_ok=True)  # in this order: what stands beside it is read first
        sync_folder(held.path.parent)
        _drop_empty(held.path.parent, held.path.parent.parent)

    def settle(self, pseudonym: str, bundle_id: str, why: Why) -> None:
        """Remember why a bundle is not held, so that it is not looked at again."""
        place = private_folder(self.folder / "settled" / pseudonym)
        write_whole(place / bundle_id, why.encode("ascii"))

    def _place(self, arrival: Arrival, now: datetime) -> None:
        manifest = arrival.manifest
        names = manifest.pseudonym, manifest.episode_id, manifest.bundle_id
        path = place_of(self.folder, *names)
        private_folder(path.parent)
        beside = HeldFile(
            manifest=manifest,
            arrived=now.isoformat(timespec="seconds"),
            duration_ns=arrival.duration_ns,
        )
        write_whole(path.with_suffix(".json"), beside.model_dump_json(by_alias=True).encode())
        arrival.path.replace(path)
        sync_folder(path.parent)

    def _finish(self) -> None:
        """Take away what a killed run had decided to, or had begun."""
        gone = self.settled()
        for person in _folders(self.folder / "bundles"):
            for home in _folders(person):
                for path in home.iterdir():
                    if path.suffix in _OURS and not path.with_suffix(".tar").exists():
                        path.unlink()
                for place in map(place_at, sorted(home.glob("*.tar"))):
                    if place.key in gone:
                        self.remove(place, gone[place.key])
                self._keep_newest(sorted(home.glob("*.tar")))
                _drop_empty(home, person)

    def _keep_newest(self, paths: Sequence[Path]) -> None:
        """Keep the bundle of an episode that was made last; all while one has a damaged record."""
        if len(paths) <= 1:
            return
        try:
            held = sorted(map(held_at, paths), key=lambda one: made(one.manifest))
        except RecordDamaged:
            return  # nobody can tell which one it is
        for one in held[:-1]:
            self.remove(one, "replaced")

    def _others(self, manifest: BundleManifest) -> list[Held]:
        home = self.folder / "bundles" / manifest.pseudonym / manifest.episode_id
        found = [held_at(path) for path in sorted(home.glob("*.tar"))]
        return [one for one in found if one.bundle_id != manifest.bundle_id]


def _drop_empty(*folders: Path) -> None:
    for folder in folders:
        if folder.exists() and not any(folder.iterdir()):
            folder.rmdir()


def _folders(place: Path) -> list[Path]:
    try:
        entries = [entry for entry in os.scandir(place) if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    return sorted(Path(entry.path) for entry in entries)


def utc_now() -> datetime:
    """Give the present time."""
    return datetime.now(UTC)
