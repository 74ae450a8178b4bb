"""Forgetting the last minutes by a choice in the menu: also what just closed."""

import queue
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.agent.control import Answer
from recorder.agent.just_closed import JustClosed
from recorder.consent.folder import FOLDER_FILE
from recorder.core.losses import Losses
from tests.unit.episodes.studio import SECOND, WALL, Studio, add, moves

END_S = 45.0
Forget = Callable[[Answer], Answer]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    folder = tmp_path / "Recorder"
    folder.mkdir(mode=0o700)
    (folder / FOLDER_FILE).touch()
    return Studio(folder, plain=True)


@pytest.fixture
def forget(studio: Studio) -> Forget:
    """Give what chooses to forget, lets the open episode answer, and waits for what is told."""

    def choose(answer: Answer) -> Answer:
        told: queue.Queue[Answer] = queue.Queue()
        chosen = JustClosed(studio.folder, lambda: WALL, told.put)
        chosen.begin()(answer)
        chosen.close()
        return told.get(timeout=END_S)

    return choose


def closed(studio: Studio, ago_s: int) -> Path:
    writer = studio.begin(WALL - ago_s * SECOND)
    add(writer, events=moves(0, 10))
    return writer.close(Losses())


def test_what_closed_within_these_minutes_goes_and_what_closed_before_stays(
    studio: Studio, forget: Forget
) -> None:
    old, new = closed(studio, 900), closed(studio, 200)
    told = forget({"ok": True, "rows": 3})
    assert (old.exists(), new.exists()) == (True, False)
    assert told["rows"] == 3
    assert told["files"]


def test_the_open_episode_is_left_to_its_writer(studio: Studio, forget: Forget) -> None:
    writer = studio.begin(WALL - 20 * SECOND)
    add(writer, events=moves(0, 10))
    writer.flush()
    before = sorted(path.name for path in writer.path.iterdir())
    told = forget({"rows": 10, "episode": writer.path.name})
    assert told["files"] == 0
    assert sorted(path.name for path in writer.path.iterdir()) == before
    writer.close(Losses())


def test_an_episode_that_closed_before_it_could_be_cut_goes_as_a_closed_one(
    studio: Studio, forget: Forget
) -> None:
    home = closed(studio, 20)
    told = forget({"error": "the episode is closed", "episode": home.name})
    assert not home.exists()
    assert "error" not in told
    assert told["files"]


def test_a_folder_that_is_gone_is_told(studio: Studio, forget: Forget) -> None:
    home = closed(studio, 20)
    home.parents[2].rename(home.parents[2].with_name("away"))
    assert "Recorder" in str(forget({"rows": 0})["error"])
