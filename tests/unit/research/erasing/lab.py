"""A small collection, a drop beside it, and participants who want things erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyrage

from recorder.consent.keys import SigningKey, verify_envelope
from recorder.core.ids import ulid
from recorder.research.collection import Arrival, Collection, utc_now
from recorder.research.datasets import DATASETS, Dataset, Shard, Source
from recorder.research.erasing import AppliedErasure, Office, erase_for
from recorder.sharing.bundle import PAYLOAD
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.erasing import Scope, ask_erasure, deliver_erasures
from recorder.sharing.folder_drop import FolderDrop
from recorder.sharing.statements import RECEIPT_TYPE, BundleManifest, Receipt
from recorder.sharing.ustar import BLOCK, size_told, taken
from tests.unit.sharing.shared_study import STUDY, MadeStudy, Participant

CANARY = b"CANARY-7f3a"
FIRST, SECOND, THIRD = (ulid(1_795_000_000 * 10**9 + n * 10**9, b"e" * 10) for n in range(3))


@dataclass
class Lab:
    """A collection, its drop, and the receipts that its researcher gave."""

    home: Path
    study: MadeStudy

    def __post_init__(self) -> None:
        self.collection = Collection.create(self.home / "collection", STUDY, utc_now())
        self.office = Office(self.collection, [self.study.public], self.study.key.sign)
        self.drop_folder = self.home / "drop"
        self.drop_folder.mkdir()
        self.drop = FolderDrop(self.drop_folder)

    def hand_over(self, manifest: BundleManifest) -> Path:
        """Put the bundle's file into the drop too, as sharing does."""
        name = drop_path("bundles", STUDY, manifest.pseudonym, manifest.bundle_id)
        held = next(one for one in self.collection.bundles() if one.manifest == manifest)
        self.drop.put(name, held.path)
        return self.drop_folder / name

    @property
    def receipts(self) -> list[Receipt]:
        """What waits for participants, its signature checked."""
        key = self.study.key.public
        paths = sorted((self.collection.folder / "outbox/receipts").glob("*/*.dsse.json"))
        found = (verify_envelope(path.read_bytes(), key, RECEIPT_TYPE) for path in paths)
        return [Receipt.model_validate_json(data) for data in found]

    def hold(self, person: Participant, episode_id: str, content: bytes = CANARY) -> BundleManifest:
        path = self.home / "arriving.tar"
        manifest = person.bundle(path, episode_id, content)
        ledger = person.place.ledger.read_bytes()
        assert self.collection.add(Arrival(manifest, ledger, path, 1, "drop"), utc_now())
        return manifest

    def erase(
        self, person: Participant, scope: Scope | None = None, key: SigningKey | None = None
    ) -> AppliedErasure:
        return erase_for(self.office, notice(person, scope, key), self.drop)

    def dataset(
        self, shards: Sequence[tuple[str, Sequence[BundleManifest]]], **more: object
    ) -> Path:
        folder = self.collection.folder / DATASETS / "paper"
        folder.mkdir(parents=True)
        listed = []
        for name, made_from in shards:
            (folder / name).write_bytes(CANARY)
            sources = [Source(bundle_id=m.bundle_id, episode_id=m.episode_id) for m in made_from]
            listed.append(
                Shard(file=name, pseudonym=made_from[0].pseudonym, sources=tuple(sources))
            )
        (folder / "statistics.json").write_bytes(CANARY)
        told = Dataset.model_validate(
            {"name": "paper", "created": "2026-11-22T00:00:00+00:00", "shards": listed,
             "derived": ["statistics.json"], **more}
        )  # fmt: skip
        (folder / "dataset.json").write_text(told.model_dump_json(by_alias=True))
        return folder

    def readable(self) -> list[bytes]:
        """Give every byte in the collection, and what the study's key opens of it."""
        found = []
        for path in filter(Path.is_file, self.collection.folder.rglob("*")):
            data = path.read_bytes()
            found.append(data)
            if path.suffix == ".tar":
                found.append(pyrage.decrypt(payload(data), [self.study.sealed_to]))
        return found

    @property
    def held(self) -> list[str]:
        return [one.bundle_id for one in self.collection.bundles()]


def payload(bundle: bytes) -> bytes:
    at = 0
    for name in ("manifest.dsse.json", "ledger.jsonl"):
        at += taken(size_told(bundle[at : at + BLOCK], name) or 0)
    size = size_told(bundle[at : at + BLOCK], PAYLOAD) or 0
    return bundle[at + BLOCK : at + BLOCK + size]


def notice(person: Participant, scope: Scope | None = None, key: SigningKey | None = None) -> bytes:
    wish = ask_erasure(person.folder, person.asker, scope or Scope(), key or person.user, ["d"])
    found: dict[str, bytes] = {}
    deliver_erasures(person.folder, STUDY, lambda _, path, data: found.update({path: data}))
    return next(data for path, data in found.items() if wish.notice.notice_id in path)
