"""Keeping house: what takes space, what retention deletes and when, what the budget says.

Nothing goes silently. An episode is announced before it goes, in `announced.json`, which
`recorder status` and `recorder disk` read; what went stands in `housekeeping.log`, and in
`housekeeping.log.1` what stood there before it was full. All hold ids and dates, never content.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from recorder.core.each_alone import EachAlone
from recorder.core.ids import ulid_wall_ns
from recorder.episodes.copies import APPROVED, approved_ids
from recorder.episodes.homes import EpisodeUnknown, episode_homes
from recorder.episodes.store import Deleted, delete_episode, file_sizes
from recorder.files import read_regular, write_whole

ANNOUNCED_FILE: Final = "announced.json"
LOG_FILE: Final = "housekeeping.log"
OLD_LOG_FILE: Final = "housekeeping.log.1"
SIZES_FILE: Final = "sizes.json"
NOTICE: Final = timedelta(days=7)
"""So long before it goes an episode is announced, where the recorder is used then."""
SHORTEST_NOTICE: Final = timedelta(days=1)
"""So long at least, however late it was announced."""
_LARGEST: Final = 10
_WARN_SHARE: Final = 0.9
_WARN_FLOORS: Final = 4
_LIMIT_BYTES: Final = 32_000_000
_LOG_BYTES: Final = 256 * 1024
"""Of two lines an episode: some 1,200 episodes."""
_T = TypeVar("_T", bound=BaseModel)
_DAY_NS: Final = 86_400 * 1_000_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """What the recordings take.

    Attributes:
        size_bytes: Of the episodes' files.
        approved_bytes: Of the sealed copies of approvals.
        free_bytes: Left on the disk.
        largest: Ids and sizes of the largest episodes.
    """

    episodes: int
    size_bytes: int
    approved_bytes: int
    free_bytes: int
    largest: tuple[tuple[str, int], ...]

    @property
    def total_bytes(self) -> int:
        """Episodes and approvals."""
        return self.size_bytes + self.approved_bytes


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be used. `most_bytes` 0: no bound; `floor_bytes`: what stays free."""

    most_bytes: int
    floor_bytes: int


@dataclass(frozen=True, slots=True)
class DiskState:
    """What should happen: go on, warn, or pause; `why` in one sentence, "" for `ok`."""

    state: Literal["ok", "warn", "pause"]
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """An episode that retention will delete.

    Attributes:
        due_wall_ns: When its time is over.
        goes_wall_ns: When it may go at the earliest: also announced for long enough.
    """

    home: Path
    due_wall_ns: int
    goes_wall_ns: int


class _Sizes(BaseModel):
    """Sizes of episodes by id, with the time of change of their folder."""

    model_config = ConfigDict(extra="forbid")

    sizes: dict[str, tuple[int, int]] = {}


class _Announced(BaseModel):
    """{id: since when it is announced, wall clock nanoseconds}; and when the first one goes."""

    model_config = ConfigDict(extra="forbid")

    since: dict[str, int] = {}
    first_goes_wall_ns: int | None = None


def usage(folder: Path) -> Usage:
    """Give what the recordings take. Sizes of episodes that did not change are remembered."""
    known = _read(folder / SIZES_FILE, _Sizes).sizes
    found: dict[str, tuple[int, int]] = {}
    for home in episode_homes(folder):
        try:
            changed_ns = home.lstat().st_mtime_ns
        except FileNotFoundError:
            continue
        old = known.get(home.name)
        is_known = old is not None and old[0] == changed_ns
        found[home.name] = old if old and is_known else (changed_ns, sum(file_sizes(home).values()))
    if found != known:
        _remember(folder / SIZES_FILE, _Sizes(sizes=found))
    sizes = {name: size for name, (_, size) in found.items()}
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:_LARGEST]
    approved = sum(sum(file_sizes(study).values()) for study in _folders(folder / APPROVED))
    free_bytes = shutil.disk_usage(folder).free
    return Usage(len(sizes), sum(sizes.values()), approved, free_bytes, tuple(largest))


def disk_state(found: Usage, budget: Budget) -> DiskState:
    """Say whether recording may go on."""
    used, most, floor = found.total_bytes, budget.most_bytes, budget.floor_bytes
    if found.free_bytes < floor:
        return DiskState("pause", f"Only {_mb(found.free_bytes)} are left on the disk")
    if most and used >= most:
        return DiskState("pause", f"Your recordings take {_mb(used)}, all of their budget")
    if found.free_bytes < _WARN_FLOORS * floor:
        return DiskState("warn", f"Only {_mb(found.free_bytes)} are left on the disk")
    if most and used >= _WARN_SHARE * most:
        return DiskState("warn", f"Your recordings take {_mb(used)} of their {_mb(most)}")
    return DiskState("ok", "")


def due(folder: Path, now_wall_ns: int, retention_days: int) -> list[Due]:
    """Give the episodes whose time ends within the notice, oldest first; changes nothing.

    Approved ones stay. `retention_days` 0: none is ever due.
    """
    if retention_days == 0:
        return []
    kept = approved_ids(folder)
    since = _read(folder / ANNOUNCED_FILE, _Announced).since
    found = []
    for home in episode_homes(folder):
        due_ns = ulid_wall_ns(home.name) + retention_days * _DAY_NS
        if due_ns > now_wall_ns + _ns(NOTICE):
            break
        if home.name not in kept:
            told_ns = since.get(home.name, now_wall_ns) + _ns(SHORTEST_NOTICE)
            found.append(Due(home, due_ns, max(due_ns, told_ns)))
    return found


def announce(folder: Path, dues: Iterable[Due], now_wall_ns: int) -> int:
    """Write down what will be deleted; gives how many were not announced before.

    Raises:
        OSError: It cannot be written, so none of them may be deleted.
    """
    dues = list(dues)
    old = _read(folder / ANNOUNCED_FILE, _Announced)
    since = {one.home.name: old.since.get(one.home.name, now_wall_ns) for one in dues}
    first = min((one.goes_wall_ns for one in dues), default=None)
    told = _Announced(since=since, first_goes_wall_ns=first)
    if told != old:
        write_whole(folder / ANNOUNCED_FILE, told.model_dump_json().encode())
    new = [name for name in since if name not in old.since]
    _log(folder, [(name, "announced") for name in new], now_wall_ns)
    return len(new)


def tidy(
    folder: Path,
    now_wall_ns: int,
    retention_days: int,
    keep: str = "",
    step: Callable[[], None] | None = None,
) -> list[Deleted]:
    """Announce what is due soon, and delete what is due and was announced long enough.

    Args:
        folder: The recording folder.
        now_wall_ns: Wall clock.
        retention_days: 0 deletes nothing.
        keep: Id of the episode that is being recorded.
        step: Called after each episode that went.

    Raises:
        OSError: It cannot be written down; nothing went.
        RecorderError: One cannot be deleted; all others that were over went.
    """
    dues = [one for one in due(folder, now_wall_ns, retention_days) if one.home.name != keep]
    announce(folder, dues, now_wall_ns)
    known = _read(folder / ANNOUNCED_FILE, _Announced).since
    gone = []
    each = EachAlone()
    for one in dues:
        if one.home.name in known and one.goes_wall_ns <= now_wall_ns:
            _log(folder, [(one.home.name, "deleted")], now_wall_ns)
            with each.trying(), suppress(EpisodeUnknown):
                gone.append(delete_episode(folder, one.home.name))
                if step is not None:
                    step()
    if gone:
        names = {deleted.episode_id for deleted in gone}
        announce(folder, [one for one in dues if one.home.name not in names], now_wall_ns)
    each.end()
    return gone


def _log(folder: Path, lines: Iterable[tuple[str, str]], now_wall_ns: int) -> None:
    """Add lines of date, what was done, id; on disk before anything is done."""
    at = datetime.fromtimestamp(now_wall_ns / 1e9, UTC).isoformat(timespec="seconds")
    text = "".join(
        json.dumps({"at": at, "did": did, "episode_id": name, "why": "retention"}) + "\n"
        for name, did in lines
    )
    if text:
        _begin_anew(folder)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        descriptor = os.open(folder / LOG_FILE, flags, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())


def _begin_anew(folder: Path) -> None:
    """Set a log that is full aside, in place of the one before it."""
    path = folder / LOG_FILE
    with suppress(FileNotFoundError):
        if path.lstat().st_size > _LOG_BYTES:
            path.rename(folder / OLD_LOG_FILE)


def _read(path: Path, kind: type[_T]) -> _T:
    """Give a small file of ours; its defaults when it is not there or damaged."""
    try:
        return kind.model_validate_json(read_regular(path, _LIMIT_BYTES))
    except (OSError, ValidationError):
        return kind()


def _remember(path: Path, sizes: _Sizes) -> None:
    """Write down sizes; without that they are looked up again."""
    try:
        write_whole(path, sizes.model_dump_json().encode())
    except OSError:
        return


def _folders(path: Path) -> list[Path]:
    try:
        return [entry for entry in path.iterdir() if entry.is_dir() and not entry.is_symlink()]
    except OSError:
        return []


def _ns(length: timedelta) -> int:
    return int(length.total_seconds()) * 1_000_000_000


def _mb(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.0f} MB"
