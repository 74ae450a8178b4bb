"""A deletion that is killed: the episode is as it was, or as it was to be, never between."""

import json
import random
import subprocess
import sys
from pathlib import Path

from recorder.episodes.homes import episode_homes
from recorder.episodes.reader import open_episode
from tests.faults.store_removing import make, state
from tests.unit.episodes.studio import Studio

PROGRAM = [sys.executable, "-m", "tests.faults.store_removing"]
OLD, NEW = (200, 41, 43, True), (151, 31, 33, True)


def test_a_deletion_that_dies_at_any_step_is_whole_or_not_at_all(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "each", str(tmp_path)], capture_output=True, text=True, timeout=300, check=True
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) > 20
    states = [tuple(one["state"]) for one in found]
    assert set(states) == {OLD, NEW}
    assert states == sorted(states, reverse=True), "once new it stays new"
    assert [one["again"] for one in found] == [one["state"] for one in found]
    assert any(one["decided"] for one in found)
    assert found[-1]["code"] == 0
    assert [one["left"] for one in found] == [[]] * len(found)


def test_a_deletion_killed_at_a_random_instant_leaves_either_state(
    tmp_path: Path, *, soak: bool
) -> None:
    chance = random.Random(5)  # noqa: S311 - picks instants, no secret
    studio = Studio(tmp_path / "original")
    studio.folder.mkdir()
    make(studio, bytes(200_000))
    for turn in range(60 if soak else 6):
        copy = studio.copy(tmp_path / str(turn))
        (home,) = episode_homes(copy.folder)
        command = [*PROGRAM, "once", str(copy.folder), studio.identity]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "opened\n"
            try:
                process.wait(chance.uniform(0, 0.25))
            except subprocess.TimeoutExpired:
                process.kill()
        assert state(open_episode(home, identity=studio.identity)) in {OLD, NEW}
