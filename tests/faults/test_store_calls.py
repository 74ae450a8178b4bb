"""A kill or a full disk at every single call of the file system while an episode is written."""

import errno
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.core.losses import Losses
from recorder.episodes.store import sweep_all
from recorder.episodes.table_files import FolderUnwritable
from recorder.episodes.verify import verify
from recorder.episodes.writer import EpisodeWriter
from tests.unit.episodes.studio import SECOND, T0, Studio, add, check, focus, frame, moves, opening

_CALLS = ("open", "fsync", "replace", "unlink")
Call = Callable[..., object]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


@pytest.fixture
def plain_studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path, plain=True)


@pytest.fixture(autouse=True)
def no_waiting_for_disks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Durability is not under test here, and hundreds of calls are."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


class Killed(BaseException):
    """The process is gone: nothing after it runs."""


class Failing:
    """Lets the n-th changing call fail, before or after its work; a kill stays dead."""

    def __init__(self, at: int, *, kills: bool, after: bool) -> None:
        self.at, self.kills, self.after = at, kills, after
        self.calls = 0
        self.dead = False

    def around(self, name: str, real: Call) -> Call:
        def call(*args: object, **options: object) -> object:
            flags = args[1] if name == "open" else os.O_CREAT
            if not (isinstance(flags, int) and flags & os.O_CREAT):
                return real(*args, **options)
            if self.dead:
                raise Killed
            self.calls += 1
            if self.calls != self.at:
                return real(*args, **options)
            if self.after and name != "open":
                real(*args, **options)
            if self.kills:
                self.dead = True
                raise Killed
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return call


def _grow(writer: EpisodeWriter, second: int) -> None:
    add(writer, events=moves(second, 4, 0.1), frames=[frame(second, second + 0.05)])
    add(writer, context=[focus(second)])


def _written(studio: Studio) -> EpisodeWriter:
    """Give a writer with a sealed segment and two micro-batches a table."""
    writer = studio.begin()
    add(writer, context=opening())
    _grow(writer, 0)
    writer.seal()
    for second in (3, 4):
        _grow(writer, second)
        writer.flush()
    return writer


def _forget(writer: EpisodeWriter) -> None:
    writer.forget(T0 + int(0.25 * SECOND))


def _seal(writer: EpisodeWriter) -> None:
    writer.seal()


def _close(writer: EpisodeWriter) -> None:
    writer.close(Losses())


def _under(
    monkeypatch: pytest.MonkeyPatch, failing: Failing, step: Callable[[], None]
) -> BaseException | None:
    with monkeypatch.context() as patch:
        for name in _CALLS:
            patch.setattr(os, name, failing.around(name, getattr(os, name)))
        try:
            step()
        except (Killed, FolderUnwritable) as error:
            return error
    return None


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", [_seal, _forget, _close])
def test_a_kill_at_any_call_doubles_nothing_and_leaves_no_hole(
    plain_studio: Studio,
    monkeypatch: pytest.MonkeyPatch,
    step: Callable[[EpisodeWriter], None],
    *,
    after: bool,
) -> None:
    at = 1
    while True:
        writer = _written(plain_studio)
        failing = Failing(at, kills=True, after=after)
        ended = _under(monkeypatch, failing, lambda: step(writer))  # noqa: B023 - called at once
        if ended is None:
            break
        sweep_all(plain_studio.folder)
        _check_whole(plain_studio, writer.path, all_of_it=step is not _forget)
        at += 1
    assert at > len(_CALLS)


def _check_whole(studio: Studio, home: Path, *, all_of_it: bool) -> None:
    episode = studio.open(home)
    rows = episode.events.to_pylist()
    assert [row["seq"] for row in rows] == list(range(len(rows)))
    assert max(Counter(row["t_ns"] for row in rows).values()) == 1
    frames = episode.frames.column("frame_id").to_pylist()
    assert len(set(frames)) == len(frames)
    assert episode.problems == ()
    assert len(rows) == 12 if all_of_it else len(rows) >= 3


@pytest.mark.parametrize("after", [False, True])
def test_forgetting_again_after_a_failure_leaves_nothing(
    plain_studio: Studio, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    at = 1
    while True:
        writer = _written(plain_studio)
        failing = Failing(at, kills=False, after=after)
        if _under(monkeypatch, failing, lambda: _forget(writer)) is None:  # noqa: B023 - as above
            break
        _forget(writer)
        _grow(writer, 9)
        home = writer.close(Losses())
        episode = plain_studio.open(home)
        times = [row["t_ns"] for row in episode.events.to_pylist() if row["kind"] == "move"]
        assert [t for t in times if SECOND // 4 <= t < 9 * SECOND] == []
        assert episode.frames.column("frame_id").to_pylist() == [0, 9]
        seqs = episode.events.column("seq").to_pylist()
        assert seqs == list(range(len(seqs)))
        assert verify(home, check).ok
        at += 1


@pytest.mark.parametrize("after", [False, True])
def test_a_flush_that_failed_late_loses_nothing_when_killed_then(
    plain_studio: Studio, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    at = 1
    while True:
        writer = plain_studio.begin()
        add(writer, events=moves(0, 3))
        ended = _under(monkeypatch, Failing(at, kills=False, after=after), writer.flush)
        add(writer, events=moves(2, 5))
        writer.flush()
        assert plain_studio.open(writer.path).events.num_rows == 8
        if ended is None:
            break
        at += 1


def test_nothing_is_sealed_with_a_key_that_was_wiped(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = _written(studio)
    assert isinstance(
        _under(monkeypatch, Failing(1, kills=False, after=False), lambda: _close(writer)),
        FolderUnwritable,
    )
    before = sorted(path.name for path in writer.path.iterdir())
    with pytest.raises(ValueError, match="wiped"):
        writer.close(Losses())
    assert sorted(path.name for path in writer.path.iterdir()) == before


@pytest.mark.parametrize("after", [False, True])
def test_an_episode_that_cannot_begin_leaves_nothing(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    at = 1
    while True:
        failing = Failing(at, kills=False, after=after)
        if _under(monkeypatch, failing, lambda: _begin(studio)) is None:
            break
        assert list((studio.folder / "episodes").iterdir()) == []
        at += 1
    assert at > len(_CALLS)


def _begin(studio: Studio) -> None:
    studio.begin()
