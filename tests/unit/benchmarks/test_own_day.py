"""The made-up day is a real episode: as long as asked, signed, with real pictures."""

import io
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import own_day
from benchmarks.own_day import WORD, Length, beside, make_day
from recorder.consent.keys import load_public_key, verify_envelope
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.reader import open_episode
from recorder.episodes.searching import Query, search
from recorder.episodes.verify import verify


def test_a_short_day_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_day, "_PICTURES", 2)
    folder = tmp_path / "Recorder"
    home = make_day(folder, Length(seconds=120, frames=30, events=4_000))
    device = load_public_key(folder, "device")
    assert verify(home, lambda data: verify_envelope(data, device, MANIFEST_TYPE)).ok
    episode = open_episode(home, identity=beside(folder, "recovery").read_text())
    assert (episode.events.num_rows, episode.frames.num_rows) == (4_000, 30)
    assert [match.t_ns // own_day.SECOND for match in search(episode, Query(WORD))] == [60]
    images = [row["bytes"] for row in episode.frames.column("image").to_pylist()]
    assert len(set(images)) == 30
    with Image.open(io.BytesIO(images[-1])) as picture:
        assert picture.convert("RGB").size == (1920, 1080)
