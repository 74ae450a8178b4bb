"""Forgetting the last minutes in closed episodes: whole files, by the times in their names.

No private key is needed, so a file goes whole: up to 60 s more than asked. The open
episode is the writer's, which forgets exactly.
"""

from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recorder.core.each_alone import EachAlone
from recorder.core.ids import ulid_wall_ns
from recorder.episodes.copies import drop_copies
from recorder.episodes.holding import held
from recorder.episodes.homes import EpisodeUnknown, episode_homes, sweep
from recorder.episodes.manifest import Anchor, Manifest, Removed, manifest_bytes
from recorder.episodes.names import (
    MANIFEST_FILE,
    SEALED_SUMMARY_FILE,
    SUMMARY_FILE,
    PartName,
    parse_part,
)
from recorder.episodes.owner import Owner
from recorder.episodes.rows import KEY_GRID_NS
from recorder.episodes.store import delete_episode, file_sizes, manifest_of
from recorder.episodes.table_files import DamagedFile, writing
from recorder.files import sync_folder, write_whole

_SECOND_NS: Final = 1_000_000_000
_SUMMARIES: Final = (SEALED_SUMMARY_FILE, SUMMARY_FILE)


@dataclass(frozen=True, slots=True)
class Doomed:
    """What goes of one episode.

    Attributes:
        home: The episode's folder.
        parts: Table files that go.
        whole: Nothing else is left, so the episode goes with its key.
        more_s: Seconds before the range that go with it.
    """

    home: Path
    parts: tuple[PartName, ...]
    whole: bool
    more_s: float


def plan_forgetting(folder: Path, since_wall_ns: int, keep: str = "") -> list[Doomed]:
    """Say what would go of the closed and unfinished episodes; changes nothing.

    `keep`: the open episode's id, which is left to its writer. Key times are floored to
    a grid, so what begins one step before the range goes too.
    """
    since_wall_ns -= KEY_GRID_NS
    found = (_doomed(h, since_wall_ns) for h in episode_homes(folder) if h.name != keep)
    return [doomed for doomed in found if doomed is not None]


def forget_closed(folder: Path, plan: list[Doomed], owner: Owner) -> tuple[int, float]:
    """Remove what was planned; gives how many files and how many seconds too many.

    The summary, which tells of the whole episode, goes with them. The owner signs the
    manifest anew, so that `verify` says removed and not missing.

    One that cannot be cut does not keep the others.

    Raises:
        RecorderError: Of the first that could not be cut, when all others are; call again.
    """
    files = 0
    each = EachAlone()
    for doomed in plan:
        with each.trying(), writing(folder):
            files += _cut(folder, doomed, owner)
    each.end()
    return files, max((doomed.more_s for doomed in plan), default=0.0)


def _cut(folder: Path, doomed: Doomed, owner: Owner) -> int:
    if not doomed.whole:
        return _remove(doomed, owner)
    with suppress(EpisodeUnknown):  # somebody else deleted it meanwhile
        return delete_episode(folder, doomed.home.name).files
    return 0


def _doomed(home: Path, since_wall_ns: int) -> Doomed | None:
    try:
        manifest = manifest_of(home)
    except DamagedFile:
        manifest = None
    anchors = manifest.anchors if manifest else (Anchor(t_ns=0, wall_ns=ulid_wall_ns(home.name)),)
    parts = [part for part in map(parse_part, file_sizes(home)) if part is not None]
    going = [
        part
        for part in parts
        if _wall_ns(anchors, part.end_s) > since_wall_ns
        or (manifest is None and _written_ns(home / str(part)) > since_wall_ns)
    ]
    if not going:
        return None
    first_ns = min(_wall_ns(anchors, part.start_s) for part in going)
    more_s = max(0.0, (since_wall_ns - first_ns) / _SECOND_NS)
    return Doomed(home, tuple(going), len(going) == len(parts), more_s)


def _remove(doomed: Doomed, owner: Owner) -> int:
    sweep(doomed.home)
    names = [str(part) for part in doomed.parts]
    with held(doomed.home):
        gone = [n for n in (*names, *_SUMMARIES) if (doomed.home / n).exists()]
        for name in gone:
            (doomed.home / name).unlink(missing_ok=True)
        sync_folder(doomed.home)
        _renew(doomed, gone, owner)
        drop_copies(doomed.home)
    return len(gone)


def _renew(doomed: Doomed, gone: list[str], owner: Owner) -> None:
    """Sign the manifest anew, without the files that went and with a line that says so.

    One that was signed by nobody or by somebody else stays as it is.
    """
    try:
        manifest = manifest_of(doomed.home)
    except DamagedFile:
        return
    if manifest is None or owner.sign is None:
        return
    if not owner.signed((doomed.home / MANIFEST_FILE).read_bytes()):
        return
    removed = Removed(
        start_s=min(part.start_s for part in doomed.parts),
        end_s=max(part.end_s for part in doomed.parts),
        files=tuple(sorted(gone)),
    )
    kept = tuple(entry for entry in manifest.files if entry.name not in gone)
    renewed: Manifest = manifest.model_copy(
        update={"files": kept, "removed": (*manifest.removed, removed)}
    )
    write_whole(doomed.home / MANIFEST_FILE, owner.sign(manifest_bytes(renewed)))


def _wall_ns(anchors: tuple[Anchor, ...], second: int) -> int:
    """Give the wall clock at a second of the episode; across a jump the later reading."""
    t_ns = second * _SECOND_NS
    anchor = anchors[max(0, bisect_right([a.t_ns for a in anchors], t_ns) - 1)]
    return anchor.wall_ns + t_ns - anchor.t_ns


def _written_ns(path: Path) -> int:
    """Give when a file was written; of an unfinished episode, whose clock may have jumped."""
    try:
        return path.lstat().st_mtime_ns
    except FileNotFoundError:
        return 0
