"""Somebody sets the clock while it records: order stays, anchors tell, consent fails closed."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recorder.agent.episode import Studio, open_episode
from recorder.agent.order import Order
from recorder.agent.pipeline import Pipeline
from recorder.consent.errors import ClockSetBack, ConsentExpired
from recorder.consent.keys import load_device_key
from recorder.core.ids import ulid_wall_ns
from recorder.core.losses import Loss
from recorder.episodes.homes import episode_homes, find_home
from recorder.episodes.reader import Episode
from recorder.episodes.reader import open_episode as read_episode
from recorder.redaction.text import TextRedactor
from tests.unit.consent.conftest import START_NS, FakeClock, Person

if TYPE_CHECKING:
    from recorder.core.errors import RecorderError

_SECOND, _HOUR, _DAY = 10**9, 3600 * 10**9, 86_400 * 10**9
_END_S = 20.0


@dataclass
class SetClock(FakeClock):
    """The machine's monotonic clock, and a wall clock that somebody sets."""

    ahead_ns: int = 0

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def wall_ns(self) -> int:
        return START_NS + time.monotonic_ns() + self.ahead_ns


class Desk:
    """A person who agreed, with the agent's own way of opening episodes."""

    def __init__(self, home: Path) -> None:
        self.clock = SetClock()
        self.person = Person(home, self.clock)
        (self.person.folder / "keys" / "recipients.txt").write_text(
            str(self.person.identity.to_public())
        )
        self.person.says_yes()
        self.troubles: list[RecorderError] = []

    def begin(self) -> Pipeline:
        """Ask the gate, as a start does, and begin an episode."""
        gate = self.person.gate()
        grant = gate.open()
        studio = Studio(
            Order(folder=str(self.person.folder), display=":1"), gate,
            load_device_key(self.person.folder), TextRedactor(), self.clock, self.troubles.append,
        )  # fmt: skip
        return open_episode(studio, grant, None)

    def work(self, pipeline: Pipeline) -> None:
        """Let an event come and be written."""
        pipeline.resume(time.monotonic_ns(), "user").result(_END_S)
        pipeline.flow.gap(time.monotonic_ns(), "input", Loss.PLATFORM)
        pipeline.pause(time.monotonic_ns(), "user").result(_END_S)

    def look(self, pipeline: Pipeline) -> None:
        """Let the writer's thread look at the clock, as it does a few times a second."""
        pipeline.resume(time.monotonic_ns(), "user").result(_END_S)
        pipeline.pause(time.monotonic_ns(), "user").result(_END_S)

    def close(self, pipeline: Pipeline) -> Episode:
        """Close the episode and read it."""
        pipeline.close(time.monotonic_ns()).result(_END_S)
        pipeline.join(_END_S)
        return read_episode(pipeline.path, identity=str(self.person.identity))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("ahead_ns", [_HOUR, _DAY])
def test_a_clock_set_forward_and_right_again_is_told_and_disorders_nothing(
    desk: Desk, ahead_ns: int
) -> None:
    pipeline = desk.begin()
    for set_to in (0, ahead_ns, 0):
        desk.clock.ahead_ns = set_to
        desk.look(pipeline)
        desk.work(pipeline)
    episode = desk.close(pipeline)
    times = episode.events.column("t_ns").to_pylist()
    assert times == sorted(times)
    assert times[-1] < _HOUR
    assert episode.events.column("kind").to_pylist().count("gap") == 3
    assert episode.context.column("kind").to_pylist().count("clock") == 3
    rows = episode.with_wall_time(episode.events).to_pylist()
    by_gap = [row["wall_time"].value for row in rows if row["kind"] == "gap"]
    assert by_gap[1] - by_gap[0] == pytest.approx(ahead_ns, abs=60 * _SECOND)
    assert by_gap[2] - by_gap[0] == pytest.approx(0, abs=60 * _SECOND)
    assert desk.troubles == []


@pytest.mark.parametrize("back_ns", [_HOUR, _DAY])
def test_a_clock_set_back_ends_the_writing_until_it_is_right(desk: Desk, back_ns: int) -> None:
    pipeline = desk.begin()
    desk.work(pipeline)
    desk.clock.ahead_ns = -back_ns
    desk.work(pipeline)
    assert {type(error) for error in desk.troubles} == {ClockSetBack}
    episode = desk.close(pipeline)
    assert episode.events.column("kind").to_pylist().count("gap") == 1
    assert episode.manifest is not None
    assert episode.manifest.losses["input"]["consent_ended"] >= 1
    with pytest.raises(ClockSetBack):
        desk.begin()
    desk.clock.ahead_ns = 0
    desk.close(desk.begin())


def test_a_consent_that_a_wrong_clock_ended_is_not_revived_by_setting_it_back(desk: Desk) -> None:
    pipeline = desk.begin()
    desk.clock.ahead_ns = 366 * _DAY
    desk.work(pipeline)
    assert {type(error) for error in desk.troubles} == {ConsentExpired}
    assert desk.close(pipeline).events.column("kind").to_pylist() == []
    desk.clock.ahead_ns = 0
    with pytest.raises(ClockSetBack):
        desk.begin()


def test_every_episode_is_found_by_its_name_whatever_the_clock_said(desk: Desk) -> None:
    said = []
    for ahead_ns in (0, _HOUR, _DAY):
        desk.clock.ahead_ns = ahead_ns
        said.append((desk.clock.wall_ns(), desk.close(desk.begin()).path))
    assert episode_homes(desk.person.folder) == [path for _, path in said]
    for wall_ns, path in said:
        assert find_home(desk.person.folder, path.name) == path
        assert abs(ulid_wall_ns(path.name) - wall_ns) < 60 * _SECOND
        assert path.parent.name == datetime.fromtimestamp(wall_ns / _SECOND, UTC).date().isoformat()
