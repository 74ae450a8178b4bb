"""A bundle of a collection: the sealed tar, and what stands beside it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, get_args

from pydantic import Field

from recorder.core.strict import Strict
from recorder.files import read_regular
from recorder.research.participants import CollectionDamaged, moment
from recorder.sharing.bundle_gate import Refused, read_manifest
from recorder.sharing.statements import BundleManifest, Time

Why = Literal["expired", "erased", "replaced"]
"""Why a bundle went."""
_LIMIT_BYTES: Final = 100_000


class HeldFile(Strict):
    """What stands beside each bundle.

    Attributes:
        manifest: As signed; the signature is in the bundle.
        arrived: Retention counts from here.
        duration_ns: How much time was shared.
    """

    schema_name: Literal["recorder.held/1"] = Field("recorder.held/1", alias="schema")
    manifest: BundleManifest
    arrived: Time
    duration_ns: int = Field(ge=0)


class RecordDamaged(CollectionDamaged):
    """What stands beside a bundle is missing, damaged, or another's; the bundle is there."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        bundle = path.with_suffix(".tar")
        self.fix = (
            f"put it back from a backup; or move {bundle.name} from beside it to another place, "
            "and name it there as a source of recorder collect"
        )


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bundle is held, and whose it is by the names there. `path`: the sealed tar."""

    pseudonym: str
    episode_id: str
    bundle_id: str
    path: Path

    @property
    def key(self) -> tuple[str, str]:
        """Whose it is and its id: an id alone is anybody's to choose."""
        return self.pseudonym, self.bundle_id


@dataclass(frozen=True, slots=True)
class Held(Place):
    """A bundle of the collection."""

    manifest: BundleManifest
    arrived: datetime
    duration_ns: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A bundle that passed every check. `path`: our copy, on the collection's disk."""

    manifest: BundleManifest
    ledger: bytes
    path: Path
    duration_ns: int
    drop: str


def made(manifest: BundleManifest) -> tuple[datetime, str]:
    """Give by what the later one of two bundles is told; ids sort by time too."""
    return moment(manifest.created), manifest.bundle_id


def place_of(collection: Path, pseudonym: str, episode_id: str, bundle_id: str) -> Path:
    """Give where a collection's folder holds a bundle."""
    return collection / "bundles" / pseudonym / episode_id / f"{bundle_id}.tar"


def place_at(path: Path) -> Place:
    """Give what the names of a path of the collection tell; nothing is read."""
    return Place(path.parent.parent.name, path.parent.name, path.stem, path)


def held_at(path: Path) -> Held:
    """Give the bundle at a path of the collection.

    Raises:
        RecordDamaged: What stands beside it is missing, damaged, or another's.
    """
    beside = path.with_suffix(".json")
    try:
        found = HeldFile.model_validate_json(read_regular(beside, _LIMIT_BYTES))
        arrived = moment(found.arrived)
    except (OSError, ValueError) as cause:
        raise RecordDamaged(beside) from cause
    return _held(path, found.manifest, arrived, found.duration_ns)


def recovered_at(path: Path) -> Held:
    """Give a bundle whose record is damaged, from the sealed file alone; its length is unknown.

    It arrived when the file was written, which is when it was fetched.

    Raises:
        RecordDamaged: The bundle is damaged too.
    """
    try:
        manifest = read_manifest(path)
        written_s = path.lstat().st_mtime
    except (OSError, Refused) as cause:
        raise RecordDamaged(path.with_suffix(".json")) from cause
    return _held(path, manifest, datetime.fromtimestamp(written_s, UTC), 0)


def _held(path: Path, told: BundleManifest, arrived: datetime, duration_ns: int) -> Held:
    place = place_at(path)
    names = (place.pseudonym, place.episode_id, place.bundle_id)
    if (told.pseudonym, told.episode_id, told.bundle_id) != names:
        raise RecordDamaged(path.with_suffix(".json"))
    return Held(*names, path, told, arrived, duration_ns)


def why_at(path: Path) -> Why:
    """Give why a bundle went, as noted at a path; a damaged note says `expired`."""
    told = path.read_text("ascii", "replace")
    return next((why for why in get_args(Why) if why == told), "expired")
