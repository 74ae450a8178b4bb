"""What a participant remembers of sharing: one file a bundle, below `shared/<study>/`.

```
<bundle_id>.json                 what was sent, where and when; the signed manifest
<episode_id>.<bundle_id>.tar     the bundle itself, only until it was sent
owed/<bundle_id>.json            it is taken back, and may still lie in its drop
```
A file of the second kind without one of the first is what a killed program left.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import is_ulid
from recorder.core.strict import Strict
from recorder.episodes.copies import SHARED
from recorder.files import lock_within, private_folder, read_regular, sync_folder, write_whole
from recorder.sharing.statements import BundleManifest, Digest, Pseudonym, StudyId, Ulid

MOST_BYTES: Final = 64 * 1024
OWED: Final = "owed"
State = Literal["sending", "sent", "revoked"]


class BundleUnknown(RecorderError):
    """Nothing was shared under that id."""

    def __init__(self) -> None:
        super().__init__("Nothing was shared under that id", "recorder share list", ExitCode.USAGE)


class SharingGoesOn(RecorderError):
    """Another program shares with that study."""

    def __init__(self, study: str) -> None:
        super().__init__(
            f"Another recorder share or unshare is at work with {study} now",
            "wait until it ends, then try again",
            ExitCode.FOLDER_HELD,
        )


class Shared(Strict):
    """One bundle, as its participant remembers it.

    Attributes:
        episode_id: The person's own; the study's is in the manifest.
        content_sha256: Of the approved content; sharing it again sends nothing.
        bundle_sha256: Of the whole file.
        drop: Where it went, without credentials.
        sent: When, UTC; null until then.
        revoked: When it was taken back, UTC; it may still lie in the drop, see `owed`.
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
    """The memory of one study; its notes are read once, `alone` reads them again."""

    def __init__(self, folder: Path, study: str) -> None:
        self.folder = folder
        self.study = study
        self.path = folder / SHARED / study
        self._known: dict[str, Shared] | None = None
        self._episodes: dict[str, list[str]] = {}

    def bundle(self, one: Shared) -> Path:
        """Give where a bundle waits until it is sent."""
        return self.path / f"{one.episode_id}.{one.bundle_id}.tar"

    def make(self) -> None:
        """Make the folder where it is missing."""
        private_folder(self.path)

    def all(self) -> Iterator[Shared]:
        """Give what was shared, the oldest first; what is damaged is left out."""
        known = self._read()
        yield from [known[bundle_id] for bundle_id in sorted(known)]

    def of_episode(self, episode_id: str) -> list[Shared]:
        """Give what was shared of one episode, in the order in which it was."""
        known = self._read()
        return [known[bundle_id] for bundle_id in sorted(self._episodes.get(episode_id, ()))]

    def keep(self, one: Shared) -> None:
        """Write how it stands now."""
        write_whole(self.path / f"{one.bundle_id}.json", _written(one))
        if self._known is not None:
            self._note(one)

    def drop_bundle(self, one: Shared) -> None:
        """Remove a bundle that waits; it is never needed again."""
        self.bundle(one).unlink(missing_ok=True)
        sync_folder(self.path)

    def owe(self, one: Shared) -> None:
        """Note that a bundle is to be taken out of its drop; until `settle`."""
        write_whole(private_folder(self.path / OWED) / f"{one.bundle_id}.json", _written(one))

    def owed(self) -> list[Shared]:
        """Give what is to be taken out of its drop, the oldest first."""
        found = [_read(path, self.study) for path in sorted((self.path / OWED).glob("*.json"))]
        return [one for one in found if one is not None]

    def settle(self, one: Shared) -> None:
        """Note that a bundle is in its drop no more."""
        (self.path / OWED / f"{one.bundle_id}.json").unlink(missing_ok=True)

    def tidy(self) -> None:
        """Remove what killed programs left: half bundles, and bundles nobody remembers."""
        self._known = None
        waiting = {self.bundle(one) for one in self.all() if one.state == "sending"}
        for path in (*self.path.glob("*.tar"), *self.path.glob("*.tmp")):
            if path not in waiting:
                path.unlink(missing_ok=True)

    def _read(self) -> dict[str, Shared]:
        if self._known is None:
            self._known, self._episodes = {}, {}
            for path in self.path.glob("*.json"):
                found = _read(path, self.study) if is_ulid(path.stem) else None
                if found is not None:
                    self._note(found)
        return self._known

    def _note(self, one: Shared) -> None:
        known = self._read()
        if one.bundle_id not in known:
            self._episodes.setdefault(one.episode_id, []).append(one.bundle_id)
        known[one.bundle_id] = one


@contextmanager
def alone(memory: SharedFolder, wait_s: float = 0.0) -> Iterator[None]:
    """Share with one study in one program at a time; what a killed one left is removed.

    Raises:
        SharingGoesOn: Another one does, for longer than `wait_s`.
    """
    memory.make()
    descriptor = os.open(memory.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        try:
            lock_within(descriptor, wait_s)
        except BlockingIOError as cause:
            raise SharingGoesOn(memory.study) from cause
        memory.tidy()
        yield
    finally:
        os.close(descriptor)


def studies_shared_with(folder: Path) -> list[str]:
    """Give the studies of which there is a memory."""
    places = (folder / SHARED).glob("*/")
    return sorted(path.name for path in places if not path.is_symlink())


def find_shared(folder: Path, wanted: str, study: str | None = None) -> list[Shared]:
    """Give what was shared as a bundle, or all that was of an episode, the oldest first.

    Args:
        folder: The recording folder.
        wanted: Id of a bundle, or of an episode, one's own or the study's.
        study: With this study alone.

    Raises:
        BundleUnknown: Nothing was.
    """
    memories = [
        SharedFolder(folder, one) for one in studies_shared_with(folder) if study in {None, one}
    ]
    found = [one for memory in memories for one in memory.all() if wanted in one.ids]
    if not found:
        raise BundleUnknown
    return found


def _written(one: Shared) -> bytes:
    return one.model_dump_json(by_alias=True).encode() + b"\n"


def _read(path: Path, study: str) -> Shared | None:
    try:
        found = Shared.model_validate_json(read_regular(path, MOST_BYTES))
    except (OSError, ValidationError):
        return None
    return found if found.bundle_id == path.stem and found.study == study else None
