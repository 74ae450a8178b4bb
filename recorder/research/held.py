"""A bundle of a collection: the sealed tar, and what stands beside it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from recorder.core.strict import Strict
from recorder.files import read_regular
from recorder.research.participants import CollectionDamaged, moment
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


@dataclass(frozen=True, slots=True)
class Held:
    """A bundle of the collection. `path`: the sealed tar."""

    pseudonym: str
    episode_id: str
    bundle_id: str
    path: Path
    manifest: BundleManifest
    arrived: datetime
    duration_ns: int

    @property
    def key(self) -> tuple[str, str]:
        """Whose it is and its id: an id alone is anybody's to choose."""
        return self.pseudonym, self.bundle_id


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


def used(manifest: BundleManifest) -> str:
    """Give what a nonce remembers of the one bundle that may use it."""
    return f"{manifest.bundle_id} {manifest.payload_sha256}"


def held_at(path: Path) -> Held:
    """Give the bundle at a path of the collection.

    Raises:
        CollectionDamaged: What stands beside it is missing, damaged, or another's.
    """
    beside = path.with_suffix(".json")
    try:
        found = HeldFile.model_validate_json(read_regular(beside, _LIMIT_BYTES))
        arrived = moment(found.arrived)
    except (OSError, ValueError) as cause:
        raise CollectionDamaged(beside) from cause
    told = found.manifest
    names = (path.parent.parent.name, path.parent.name, path.stem)
    if (told.pseudonym, told.episode_id, told.bundle_id) != names:
        raise CollectionDamaged(beside)
    return Held(*names, path, told, arrived, found.duration_ns)
