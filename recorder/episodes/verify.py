"""Checking a closed episode against its signed manifest; needs no private key."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from recorder.episodes.holding import settle
from recorder.episodes.manifest import MANIFEST_LIMIT_BYTES, Manifest
from recorder.episodes.names import MANIFEST_FILE, is_temporary, parse_part
from recorder.episodes.table_files import DamagedFile, read_regular, sha256_of


@dataclass(frozen=True, slots=True)
class Verification:
    """What stands against the manifest; file names.

    Attributes:
        manifest: As signed.
        changed: Other bytes than when it was signed.
        missing: Not there, and not removed by their owner.
        foreign: Table files that the manifest does not know.
        removed: Deleted by their owner after closing, as a later signature says.
    """

    manifest: Manifest
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    foreign: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was changed, lost or added."""
        return not (self.changed or self.missing or self.foreign)


def verify(home: Path, check: Callable[[bytes], bytes]) -> Verification:
    """Compare an episode's files with its manifest.

    Args:
        home: The episode's folder.
        check: Gives an envelope's payload when its signature holds, else raises.

    Raises:
        DamagedFile: There is no manifest, or it is none of ours.
        EpisodeBusy: Another program has been changing it for long.
    """
    settle(home)
    payload = check(read_regular(home / MANIFEST_FILE, MANIFEST_LIMIT_BYTES))
    try:
        manifest = Manifest.model_validate_json(payload)
    except ValidationError as cause:
        raise DamagedFile(MANIFEST_FILE, "of another kind") from cause
    if manifest.episode_id != home.name:
        raise DamagedFile(MANIFEST_FILE, "of another episode")
    here = {path.name for path in home.iterdir()}
    listed = {entry.name for entry in manifest.files}
    changed = [
        e.name for e in manifest.files if e.name in here and _digest(home / e.name) != e.sha256
    ]
    foreign = [n for n in here - listed if parse_part(n) is not None or is_temporary(n)]
    return Verification(
        manifest,
        changed=tuple(sorted(changed)),
        missing=tuple(sorted(listed - here)),
        foreign=tuple(sorted(foreign)),
        removed=tuple(name for removed in manifest.removed for name in removed.files),
    )


def _digest(path: Path) -> str:
    """Give the digest, "" for what is no regular file."""
    try:
        return sha256_of(path)
    except OSError:
        return ""
