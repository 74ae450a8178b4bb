"""Keeping house: nothing goes that was not announced, nothing that was approved."""

import json
from pathlib import Path

import pytest

from recorder.core.ids import ulid
from recorder.core.losses import Losses
from recorder.episodes.homes import episode_homes
from recorder.episodes.housekeeping import (
    ANNOUNCED_FILE,
    LOG_FILE,
    OLD_LOG_FILE,
    Budget,
    Usage,
    disk_state,
    due,
    tidy,
    usage,
)
from recorder.episodes.store import NotAnEpisode, file_sizes
from tests.unit.episodes.studio import SECOND, WALL, Studio, add, moves

DAY = 86_400 * SECOND
MB = 1_000_000


def _episode(studio: Studio, age_days: float) -> Path:
    writer = studio.begin(WALL - int(age_days * DAY))
    add(writer, events=moves(0, 5))
    return writer.close(Losses())


def _log(folder: Path) -> list[tuple[str, str]]:
    lines = (folder / LOG_FILE).read_text().splitlines()
    return [(json.loads(line)["did"], json.loads(line)["episode_id"]) for line in lines]


def test_what_is_over_is_announced_first_and_goes_a_day_later(studio: Studio) -> None:
    old, young = _episode(studio, 40), _episode(studio, 3)
    assert tidy(studio.folder, WALL, 30) == []
    assert old.exists()
    assert tidy(studio.folder, WALL + DAY - 1, 30) == []
    (gone,) = tidy(studio.folder, WALL + DAY, 30)
    assert gone.episode_id == old.name
    assert young.exists()
    assert _log(studio.folder) == [("announced", old.name), ("deleted", old.name)]


def test_it_is_announced_a_week_before(studio: Studio) -> None:
    home = _episode(studio, 24)
    (one,) = due(studio.folder, WALL, 30)
    assert (one.home, one.goes_wall_ns) == (home, WALL + 6 * DAY)
    tidy(studio.folder, WALL, 30)
    told = json.loads((studio.folder / ANNOUNCED_FILE).read_text())
    assert told["first_goes_wall_ns"] == WALL + 6 * DAY
    tidy(studio.folder, WALL + 6 * DAY, 30)
    assert json.loads((studio.folder / ANNOUNCED_FILE).read_text())["first_goes_wall_ns"] is None


def test_approved_recorded_and_kept_ones_stay(studio: Studio) -> None:
    approved, live = _episode(studio, 50), _episode(studio, 40)
    study = studio.folder / "approved" / "s"
    study.mkdir(parents=True)
    (study / f"{approved.name}.approval.json").write_bytes(b"{}")
    for day in range(4):
        tidy(studio.folder, WALL + day * DAY, 30, keep=live.name)
    assert episode_homes(studio.folder) == [approved, live]
    assert due(studio.folder, WALL, 0) == []


def test_nothing_goes_when_it_cannot_be_written_down(studio: Studio) -> None:
    home = _episode(studio, 40)
    tidy(studio.folder, WALL, 30)
    (studio.folder / LOG_FILE).unlink()
    (studio.folder / LOG_FILE).symlink_to(studio.folder / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        tidy(studio.folder, WALL + 2 * DAY, 30)
    assert home.exists()


def test_the_log_of_it_stays_small(studio: Studio) -> None:
    _episode(studio, 40)
    log, old = studio.folder / LOG_FILE, studio.folder / OLD_LOG_FILE
    old.write_bytes(b"older")
    log.write_bytes(b"x" * 300_000)
    tidy(studio.folder, WALL, 30)
    assert old.read_bytes() == b"x" * 300_000
    assert [did for did, _ in _log(studio.folder)] == ["announced"]
    tidy(studio.folder, WALL + 2 * DAY, 30)
    assert [did for did, _ in _log(studio.folder)] == ["announced", "deleted"]


def test_usage_adds_up_and_notices_changes(studio: Studio) -> None:
    homes = [_episode(studio, age) for age in (1, 2)]
    sizes = {home.name: sum(file_sizes(home).values()) for home in homes}
    for _ in range(2):
        found = usage(studio.folder)
        assert (found.episodes, found.size_bytes) == (2, sum(sizes.values()))
        assert dict(found.largest) == sizes
    next(homes[0].glob("events-*")).unlink()
    assert usage(studio.folder).size_bytes == sum(sum(file_sizes(home).values()) for home in homes)


def test_ten_thousand_episodes_are_looked_at_once(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10_000):
        name = ulid(WALL + number * SECOND, number.to_bytes(10, "big"))
        (studio.folder / "episodes" / "2026-11-18" / name).mkdir(parents=True)
    assert usage(studio.folder).episodes == 10_000
    looked: list[Path] = []

    def look(home: Path) -> dict[str, int]:
        looked.append(home)
        return {}

    monkeypatch.setattr("recorder.episodes.housekeeping.file_sizes", look)
    assert usage(studio.folder).episodes == 10_000
    assert looked == []


@pytest.mark.parametrize(
    ("size", "free", "state"),
    [
        (100, 9_000, "ok"),
        (900, 9_000, "warn"),
        (1_000, 9_000, "pause"),
        (100, 1_900, "warn"),
        (100, 499, "pause"),
    ],
)
def test_the_budget_warns_before_it_pauses(size: int, free: int, state: str) -> None:
    found = Usage(1, size * MB - 1, 1, free * MB, ())
    assert disk_state(found, Budget(1_000 * MB, 500 * MB)).state == state
    assert disk_state(found, Budget(0, 0)).state == "ok"


def test_an_episode_that_cannot_go_does_not_keep_the_later_ones(studio: Studio) -> None:
    homes = [_episode(studio, 40), _episode(studio, 39)]
    (homes[0] / "foreign").mkdir()
    tidy(studio.folder, WALL, 30)
    with pytest.raises(NotAnEpisode):
        tidy(studio.folder, WALL + 2 * DAY, 30)
    assert [home.exists() for home in homes] == [True, False]
