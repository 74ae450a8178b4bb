"""A decided change that cannot be read: a sentence, and nothing is touched."""

import pytest

from recorder.core.errors import ExitCode
from recorder.core.losses import Losses
from recorder.episodes.holding import ChangeFile, DamagedChange
from recorder.episodes.reader import Episode
from recorder.episodes.store import delete_episode
from tests.unit.episodes.studio import Studio, add, moves, opening


@pytest.fixture
def episode(studio: Studio) -> Episode:
    writer = studio.begin()
    add(writer, context=opening(), events=moves(0, 5))
    return studio.open(writer.close(Losses()))


@pytest.mark.parametrize("length", [0, 1, 40, -1])
def test_a_change_cut_short_by_the_disk_says_what_to_do_and_loses_nothing(
    studio: Studio, episode: Episode, length: int
) -> None:
    decided = ChangeFile(replace={}, remove=("summary.json.age",)).model_dump_json(by_alias=True)
    (episode.path / "change.json").write_text(decided[:length])
    before = {path.name: path.read_bytes() for path in episode.path.iterdir()}
    with pytest.raises(DamagedChange) as told:
        studio.open(episode.path)
    assert told.value.code == ExitCode.FORMAT
    assert f"recorder delete {episode.path.name}" in told.value.fix
    assert {path.name: path.read_bytes() for path in episode.path.iterdir()} == before
    (episode.path / "change.json").write_text(decided)
    studio.open(episode.path)
    assert set(before) - {path.name for path in episode.path.iterdir()} == {
        "change.json", "summary.json.age",
    }  # fmt: skip


def test_an_episode_whose_change_is_damaged_can_still_be_deleted(
    studio: Studio, episode: Episode
) -> None:
    (episode.path / "change.json").write_bytes(bytes(range(256)) * 20_000)
    delete_episode(studio.folder, episode.path.name)
    assert not episode.path.exists()
