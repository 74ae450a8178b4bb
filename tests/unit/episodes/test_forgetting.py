"""Forgetting: exact in the open episode, whole files in closed ones, no trace left."""

from dataclasses import replace
from pathlib import Path

import pytest

from recorder.core.losses import Losses
from recorder.episodes.exporting import export_episode
from recorder.episodes.forgetting import forget_closed, plan_forgetting
from recorder.episodes.homes import episode_homes
from recorder.episodes.manifest import Summary
from recorder.episodes.names import MANIFEST_FILE, parse_part
from recorder.episodes.owner import Owner
from recorder.episodes.store import NotAnEpisode
from recorder.episodes.verify import verify
from recorder.review.reel import PictureGone, Reel
from tests.unit.episodes.studio import (
    SECOND,
    T0,
    WALL,
    Studio,
    add,
    check,
    focus,
    frame,
    moves,
    opening,
    sign,
)

OWNER = Owner(sign, ())


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Write 130 s and close; a file for each minute and table."""
    studio = Studio(tmp_path_factory.mktemp("original"))
    writer = studio.begin()
    add(writer, context=opening())
    for second in range(130):
        add(
            writer, events=moves(second, 2), frames=[frame(second, second)], context=[focus(second)]
        )
    writer.close(Losses())
    return studio


@pytest.fixture
def copied(original: Studio, tmp_path: Path) -> Studio:
    return original.copy(tmp_path / "Recorder")


@pytest.fixture
def home(copied: Studio) -> Path:
    """Give a closed episode of 130 s that the test may change."""
    return episode_homes(copied.folder)[0]


def test_the_open_episode_forgets_exactly_and_goes_on_without_a_hole(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, context=opening())
    for second in range(100):
        add(
            writer, events=moves(second, 2), frames=[frame(second, second)], context=[focus(second)]
        )
        if second % 16 == 0:
            writer.flush()
    add(writer, events=moves(100, 2))
    since_ns = T0 + 50 * SECOND
    gone = writer.forget(since_ns)
    assert gone == 50 * 2 + 2 + 50 + 50
    add(writer, events=moves(101, 3))
    episode = studio.open(writer.close(Losses()))
    events = episode.events.to_pylist()
    assert [row["seq"] for row in events] == list(range(104))
    assert [row["t_ns"] for row in events if 50 * SECOND <= row["t_ns"] < 101 * SECOND] == [
        50 * SECOND
    ]
    assert events[100]["kind"] == "removed"
    assert max(episode.frames.column("t_grab_end_ns").to_pylist()) < 50 * SECOND
    assert max(episode.context.column("t_ns").to_pylist()) < 50 * SECOND
    assert episode.problems == ()
    summary = episode.summary
    assert isinstance(summary, Summary)
    assert summary.counts["frames"] == 50
    assert verify(episode.path, check).ok


def test_forgetting_more_than_there_is_keeps_what_opens_the_episode(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, context=[*opening(), focus(0.5)], events=moves(0, 5))
    writer.flush()
    add(writer, context=[focus(1)])
    assert writer.forget(0) == 7
    episode = studio.open(writer.close(Losses()))
    assert [row["kind"] for row in episode.context.to_pylist()] == ["consent", "geometry", "clock"]
    assert [row["kind"] for row in episode.events.to_pylist()] == ["removed"]


def test_files_of_forgotten_rows_are_gone_from_the_folder(studio: Studio) -> None:
    writer = studio.begin()
    for second in range(3):
        add(writer, events=moves(second, 2), frames=[frame(second, second)])
        writer.flush()
    writer.forget(T0 + SECOND)
    names = sorted(path.name for path in writer.path.glob("frames-*"))
    assert names == ["frames-000000-0000000-0000001.m00.parquet"]


def test_closed_episodes_lose_whole_files_and_verify_says_so(copied: Studio, home: Path) -> None:
    plan = plan_forgetting(copied.folder, WALL + 100 * SECOND)
    (doomed,) = plan
    assert 0 < doomed.more_s <= 60
    files, more_s = forget_closed(copied.folder, plan, OWNER)
    assert files == len(doomed.parts) + 1
    assert more_s == doomed.more_s
    found = verify(home, check)
    assert found.ok
    assert any(name.startswith("frames-") for name in found.removed)
    episode = copied.open(home)
    assert max(episode.events.column("t_ns").to_pylist()) < 60 * SECOND
    assert episode.summary is None


def test_without_the_device_key_verify_says_missing(copied: Studio, home: Path) -> None:
    forget_closed(
        copied.folder, plan_forgetting(copied.folder, WALL + 100 * SECOND), Owner(None, ())
    )
    assert verify(home, check).missing


def test_a_manifest_that_somebody_else_wrote_is_not_vouched_for(copied: Studio, home: Path) -> None:
    before = (home / MANIFEST_FILE).read_bytes()
    plan = plan_forgetting(copied.folder, WALL + 100 * SECOND)
    files, _ = forget_closed(copied.folder, plan, Owner(sign, (), lambda _envelope: False))
    assert files > 0
    assert (home / MANIFEST_FILE).read_bytes() == before


def test_an_episode_with_nothing_left_goes_with_its_key(copied: Studio) -> None:
    forget_closed(copied.folder, plan_forgetting(copied.folder, WALL - SECOND), OWNER)
    assert episode_homes(copied.folder) == []


def test_the_open_episode_is_left_to_its_writer_and_older_ones_alone(
    copied: Studio, home: Path
) -> None:
    writer = copied.begin(WALL + 1_000 * SECOND)
    add(writer, events=moves(0, 2))
    writer.flush()
    plan = plan_forgetting(copied.folder, WALL + 900 * SECOND, keep=writer.path.name)
    assert plan == []
    assert verify(home, check).ok


def test_after_a_jump_of_the_clock_the_later_reading_decides(studio: Studio) -> None:
    writer = studio.begin()
    clock = opening()[2]
    woken = type(clock)(T0 + 30 * SECOND, clock.kind, wall_ns=WALL + 3_600 * SECOND)
    add(writer, context=[clock, woken], events=[*moves(0, 2), *moves(40, 2)])
    writer.close(Losses())
    assert plan_forgetting(studio.folder, WALL + 3_605 * SECOND)
    assert not plan_forgetting(studio.folder, WALL + 3_700 * SECOND)


def test_a_closed_file_goes_whose_key_times_were_floored_before_the_range(
    copied: Studio, home: Path
) -> None:
    first = min(home.glob("events-*"))
    part = parse_part(first.name)
    assert part is not None
    end_ns = WALL + part.end_s * SECOND
    assert part in plan_forgetting(copied.folder, end_ns + 20_000_000)[0].parts
    assert part not in plan_forgetting(copied.folder, end_ns + 60_000_000)[0].parts


def test_an_episode_that_cannot_be_cut_does_not_keep_the_others(studio: Studio) -> None:
    homes = []
    for started_ns in (WALL, WALL + 3600 * SECOND):
        writer = studio.begin(started_ns)
        add(writer, events=moves(0, 5))
        homes.append(writer.close(Losses()))
    (homes[0] / "foreign").mkdir()
    with pytest.raises(NotAnEpisode):
        forget_closed(studio.folder, plan_forgetting(studio.folder, WALL), OWNER)
    assert [home.exists() for home in homes] == [True, False]


def test_what_shows_a_forgotten_picture_keeps_its_row_and_shows_nothing(
    studio: Studio, tmp_path: Path
) -> None:
    secret = b"RIFF of a bank"
    writer = studio.begin()
    add(writer, context=opening(), frames=[frame(0, 1)])
    add(writer, frames=[replace(frame(1, 10, None), dup_of_frame_id=2), frame(2, 11, secret)])
    writer.forget(T0 + 10 * SECOND + SECOND // 2)
    add(writer, frames=[frame(3, 12, secret)])
    episode = studio.open(writer.close(Losses()))
    kept = episode.frames.select(["frame_id", "dup_of_frame_id", "image"]).to_pylist()
    assert [row["frame_id"] for row in kept] == [0, 1, 3], "the same picture, recorded later, stays"
    assert (kept[1]["image"], kept[1]["dup_of_frame_id"]) == (None, 2)
    reel = Reel(episode)
    with pytest.raises(PictureGone):
        reel.picture(1)
    assert reel.picture(3).image == secret
    shown = (export_episode(episode, tmp_path / "copy", "html") / "index.html").read_text()
    assert "Frame 1</strong> its picture was removed" in shown
    assert [f"images/{one:08d}.webp" in shown for one in range(4)] == [True, False, False, True]
