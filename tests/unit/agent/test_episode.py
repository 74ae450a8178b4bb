"""What an episode begins with, and that coarse key times stay coarse in its files."""

import queue
from dataclasses import dataclass
from pathlib import Path

import pytest

from recorder.agent.episode import Studio, open_episode
from recorder.agent.order import Order
from recorder.agent.pipeline import Pipeline
from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.keys import create_device_key
from recorder.core.events import KeyClass, RawEvent, RawKind
from recorder.core.geometry import Monitor, Rect
from recorder.core.levels import Levels
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from recorder.core.scenes import Field, Gate, Paint, Scene, Window
from recorder.episodes import reader
from recorder.redaction.text import TextRedactor

TERMS = GrantTerms("record-1", "", "", GrantKind.PERSON, Levels(), ("*",), 2**62)
NOW_NS = 7_000_000_017_000_003
WALL_NS = 1_795_000_000_017_000_003
MS = 1_000_000
GRID_NS = 50 * MS


@dataclass(frozen=True)
class StoppedClock:
    def monotonic_ns(self) -> int:
        return NOW_NS

    def wall_ns(self) -> int:
        return WALL_NS


class FakeGate:
    def renew(self, grant: LiveGrant) -> LiveGrant:
        return grant


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    folder = tmp_path / "Recorder"
    make_folder(folder, FolderFile(folder_id="0" * 26, plain=True, secret="none"))
    troubles: queue.Queue[object] = queue.Queue()
    order = Order(folder=str(folder), display=":1", task="mail anna@example.com")
    device = create_device_key(folder)
    return Studio(order, FakeGate(), device, TextRedactor(), StoppedClock(), troubles.put)


def closed(pipeline: Pipeline) -> reader.Episode:
    pipeline.close(NOW_NS + 2000 * MS).result(10.0)
    pipeline.join(10.0)
    return reader.open_episode(pipeline.path)


def test_an_episode_begins_with_consent_clock_and_task(studio: Studio) -> None:
    episode = closed(open_episode(studio, mint_grant(TERMS), studio.order.task))
    rows = episode.context.to_pylist()
    assert [row["kind"] for row in rows] == ["consent", "clock", "task"]
    assert rows[0]["consent_id"] == "record-1"
    assert "anna@example.com" not in rows[2]["instruction"]
    assert NOW_NS - GRID_NS < NOW_NS - (WALL_NS - rows[1]["wall_ns"]) <= NOW_NS


def test_times_of_keys_at_level_class_are_on_the_grid(studio: Studio) -> None:
    pipeline = open_episode(studio, mint_grant(TERMS), None)
    screen = Rect(0, 0, 800, 600)
    pipeline.flow.scene(
        Scene(
            NOW_NS, (Monitor(0, screen),), (Window(1, screen, Paint.REDACT, "a"),), focus=1,
            gate=Gate.OPEN, field=Field.PLAIN,
        )
    )  # fmt: skip
    for after_ms in (61, 133, 207, 333):
        t_ns = NOW_NS + after_ms * MS
        pipeline.flow.raw([
            RawEvent(t_ns, RawKind.KEY_DOWN, char="a", key_class=KeyClass.CHAR, keycode=38),
            RawEvent(t_ns + 9 * MS, RawKind.KEY_UP, char="a", key_class=KeyClass.CHAR, keycode=38),
        ])  # fmt: skip
    times = closed(pipeline).events.column("t_ns").to_pylist()
    assert len(times) == 8
    assert [t_ns % GRID_NS for t_ns in times] == [0] * 8
