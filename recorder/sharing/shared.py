"""What a participant remembers of sharing: one file a bundle, below `shared/<study>/`.

```
<bundle_id>.json                 what was sent, where and when; the signed manifest
<episode_id>.<bundle_id>.tar     the bundle itself, only until it was sent
```
A file of the second kind without one of the first is what a killed program left.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import is_ulid
from recorder.core.strict import Strict
from recorder.episodes.copies import SHARED
from recorder.files import private_folder, read_regular, sync_folder, write_whole
from recorder.sharing.statements import BundleManifest, Digest, Pseudonym, StudyId, Ulid

MOST_BYTES: Final = 64 * 1024
State = Literal["sending", "sent", "revoked"]


class BundleUnknown(RecorderError):
    """Nothing was shared under that id."""

    def __init__(self) -> None:
        super().__init__("Nothing was shared under that id", "recorder share list", ExitCode.USAGE)


class Shared(Strict):
    """One bundle, as its participant remembers it.

    Attributes:
        episode_id: The person's own; the study's is in the manifest.
        content_sha256: Of the approved content; sharing it again sends nothing.
        bundle_sha256: Of the whole file.
        drop: Where it went, without credentials.
        sent: When, UTC; null until then.
    """

    schema_name: Literal["recorder.shared/1"] = Field("recorder.shared/1", alias="schema")
    bundle_id: Ulid
    episode_id: Ulid
    study: StudyId
    pseudonym: Pseudonym
    manifest: BundleManifest
    content_sha256: Digest
    bundle_bytes: int = Field(ge=1)
    minutes: float = Field(ge=0)
    drop: str
    state: State
    made: str
    sent: str | None = None
    revoked: str | None = None

    @property
    def study_episode_id(self) -> str:
        """The id by which the study knows the episode."""
        return self.manifest.episode_id

    @property
    def ids(self) -> frozenset[str]:
        """Everything that it may be called by."""
        return frozenset({self.bundle_id, self.episode_id, self.study_episode_id})


class SharedFolder:
    """The memory of one study."""

    def __init__(self, folder: Path, study: str) -> None:
        self.path = folder / SHARED / study

    def bundle(self, one: Shared) -> Path:
        """Give where a bundle waits until it is sent."""
        return self.path / f"{one.episode_id}.{one.bundle_id}.tar"

    def make(self) -> None:
        """Make the folder where it is missing."""
        private_folder(self.path)

    def all(self) -> Iterator[Shared]:
        """Give what was shared, the oldest first; what is damaged is left out."""
        for path in sorted(self.path.glob("*.json")):
            found = _read(path) if is_ulid(path.stem) else None
            if found is not None:
                yield found

    def keep(self, one: Shared) -> None:
        """Write how it stands now."""
        write_whole(
            self.path / f"{one.bundle_id}.json", one.model_dump_json(by_alias=True).encode() + b"\n"
        )

    def drop_bundle(self, one: Shared) -> None:
        """Remove a bundle that waits; it is never needed again."""
        self.bundle(one).unlink(missing_ok=True)
        sync_folder(self.path)

    def tidy(self) -> None:
        """Remove what killed programs left: half bundles, and bundles nobody remembers."""
        waiting = {self.bundle(one) for one in self.all() if one.state == "sending"}
        for path in (*self.path.glob("*.tar"), *self.path.glob("*.tmp")):
            if path not in waiting:
                path.unlink(missing_ok=True)


def studies_shared_with(folder: Path) -> list[str]:
    """Give the studies of which there is a memory."""
    places = (folder / SHARED).glob("*/")
    return sorted(path.name for path in places if not path.is_symlink())


def find_shared(folder: Path, wanted: str) -> Shared:
    """Give what was shared as a bundle, or of an episode under any id; the newest of several.

    Raises:
        BundleUnknown: Nothing was.
    """
    found = [
        one
        for study in studies_shared_with(folder)
        for one in SharedFolder(folder, study).all()
        if wanted in one.ids
    ]
    if not found:
        raise BundleUnknown
    return max(found, key=lambda one: one.bundle_id)


def _read(path: Path) -> Shared | None:
    try:
        found = Shared.model_validate_json(read_regular(path, MOST_BYTES))
    except (OSError, ValidationError):
        return None
    return found if found.bundle_id == path.stem and found.study == path.parent.name else None
