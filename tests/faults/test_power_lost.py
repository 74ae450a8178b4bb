"""Power lost at any instant: what was said to be safe opens, on the strictest of disks."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pytest

from recorder.core.errors import RecorderError
from recorder.core.losses import Losses
from recorder.episodes.homes import episode_homes
from recorder.episodes.reader import Episode
from recorder.episodes.rewriting import remove
from recorder.episodes.selection import Selection, TimeRange
from recorder.episodes.store import delete_episode, sweep_all
from recorder.episodes.verify import verify
from tests.faults.power import Disk, Left, PowerLog, Promised, Step, Synced, lay_out
from tests.unit.episodes.studio import SECOND, Studio, add, check, focus, frame, moves, opening

_A_SECOND = 4
_SECONDS = 3
_MIDDLE = Selection((TimeRange(SECOND, 2 * SECOND),))


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """A plain folder: with a key every file is another one at each writing, no better."""
    folder = tmp_path / "Recorder"
    folder.mkdir()
    return Studio(folder, plain=True)


def test_what_was_flushed_opens_wherever_power_was_lost(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, soak: bool
) -> None:
    log = _logged(studio, monkeypatch, lambda log: _write(studio, log))
    assert sum(isinstance(step, Promised) for step in log.steps) == _SECONDS + 3
    for at, lost in _lost_at_each(log.steps, turns=40 if soak else 1):
        again = _as_left(studio, lost, tmp_path)
        promised = [step for step in log.steps[:at] if isinstance(step, Promised)]
        _check_kept(again, promised[-1] if promised else Promised(0))


def _write(studio: Studio, log: PowerLog) -> None:
    """Write three seconds, seal two of them, close; tell the log what is safe when."""
    writer = studio.begin()
    log.promise(0)
    add(writer, context=opening())
    for second in range(_SECONDS):
        add(writer, events=moves(second, _A_SECOND), context=[focus(second)])
        add(writer, frames=[frame(second, second + 0.5)])
        writer.flush()
        log.promise(writer.counts.events)
        if second == 1:
            writer.seal()
            log.promise(writer.counts.events)
    writer.close(Losses())
    log.promise(writer.counts.events, closed=True)


def _check_kept(studio: Studio, promised: Promised) -> None:
    """See that the promised rows are there, at most a second's more, and nothing is broken."""
    homes = episode_homes(studio.folder)
    assert homes or not promised.rows
    for home in homes:
        rows = _rows(studio.open(home))
        assert promised.rows <= rows <= promised.rows + _A_SECOND
        sweep_all(studio.folder)
        episode = studio.open(home)
        assert _rows(episode) == rows
        assert episode.finished or not promised.closed
        assert not episode.finished or verify(home, check).ok


def _rows(episode: Episode) -> int:
    seqs: list[int] = episode.events.column("seq").to_pylist()
    assert seqs == list(range(len(seqs)))
    seconds = len(seqs) // _A_SECOND
    assert seconds <= episode.frames.num_rows <= seconds + 1
    assert episode.context.num_rows >= seconds
    assert episode.problems == ()
    return len(seqs)


def test_a_disk_that_syncs_no_folder_would_be_noticed(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = _logged(studio, monkeypatch, lambda log: _write(studio, log))
    steps = [step for step in log.steps if not isinstance(step, Synced)]
    nothing, *_ = [lost for _, lost in _lost_at_each(steps, turns=1, start=len(steps))]
    with pytest.raises(AssertionError):
        _check_kept(_as_left(studio, nothing, tmp_path), Promised(_SECONDS * _A_SECOND))


def test_what_was_deleted_stays_deleted_wherever_power_is_lost_later(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, soak: bool
) -> None:
    homes: list[Path] = []

    def act(log: PowerLog) -> None:
        _write(studio, log)
        homes.extend(episode_homes(studio.folder))
        remove(studio.open(homes[0]), _MIDDLE, studio.owner)
        log.promise((_SECONDS - 1) * _A_SECOND)
        delete_episode(studio.folder, homes[0].name)
        log.promise(0)

    log = _logged(studio, monkeypatch, act)
    whole, removed, deleted = [n for n, s in enumerate(log.steps) if isinstance(s, Promised)][-3:]
    assert deleted == len(log.steps) - 1
    turns = 40 if soak else 1
    for at, lost in _lost_at_each(log.steps[: removed + 1], turns=turns, start=whole + 1):
        again = _as_left(studio, lost, tmp_path)
        (home,) = episode_homes(again.folder)
        episode = again.open(home)
        assert verify(episode.path, check).ok
        assert _is_without_middle(episode) or at <= removed
        assert episode.problems == ()
    for at, lost in _lost_at_each(log.steps, turns=turns, start=removed + 1):
        again = _as_left(studio, lost, tmp_path)
        left = episode_homes(again.folder)
        assert not left or at <= deleted
        for home in left:
            assert _is_without_middle_or_gone(again, home)


def _is_without_middle(episode: Episode) -> bool:
    times = [row["t_ns"] for row in episode.events.to_pylist() if row["kind"] == "move"]
    return not [t for t in times if SECOND <= t < 2 * SECOND]


def _is_without_middle_or_gone(studio: Studio, home: Path) -> bool:
    try:
        return _is_without_middle(studio.open(home))
    except RecorderError:
        return True


def _logged(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, act: Callable[[PowerLog], None]
) -> PowerLog:
    """Do something while every change of the folder is logged, and none slips by."""
    log = PowerLog(studio.folder)
    with monkeypatch.context() as patch:
        log.record(patch)
        act(log)
    found = {str(path.relative_to(studio.folder)) for path in studio.folder.rglob("*")}
    assert log.paths == found
    return log


def _lost_at_each(
    steps: Sequence[Step], *, turns: int, start: int = 0
) -> Iterator[tuple[int, Left]]:
    """Give what is left when power is lost after each step, each state once a promise."""
    chance = Random(7)  # noqa: S311 - picks what a disk lost, no secret
    disk, promises = Disk(), 0
    seen: set[tuple[int, bytes]] = set()
    for at in range(len(steps) + 1):
        if at:
            disk.take(steps[at - 1])
            promises += isinstance(steps[at - 1], Promised)
        for share in (0.0, *(chance.random() for _ in range(turns))) if at >= start else ():
            lost = disk.lose_power(chance, share)
            state = promises, hashlib.sha256(repr(sorted(lost.items())).encode()).digest()
            if state not in seen:
                seen.add(state)
                yield at, lost


def _as_left(studio: Studio, lost: Left, tmp_path: Path) -> Studio:
    """Give the same person's folder as the disk holds it now."""
    again = copy(studio)
    again.folder = Path(mkdtemp(dir=tmp_path)) / "Recorder"
    lay_out(lost, again.folder)
    return again
