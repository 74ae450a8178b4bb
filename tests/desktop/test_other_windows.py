"""A picture says which windows it shows, so that a study gets none with windows of others."""

import io
import tarfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.cli.demo_check import fold, read_pictures
from recorder.cli.demo_evidence import pictures_of
from recorder.cli.demo_scene import MARKER, Scene
from recorder.core.levels import KeyboardLevel, Levels, TitlesLevel
from recorder.core.losses import Loss
from recorder.episodes.reader import Episode
from recorder.episodes.selection import TimeRange
from recorder.sharing.payload import payload_of
from recorder.sharing.within import Bounds, WithinCheck
from tests.desktop.recordings import newest, order, recording

_TITLE = "Note beside"
_AREA = (1150, 300, 420, 200)
_WORD = "pomegranate"
_LEVELS = Levels(keyboard=KeyboardLevel.TEXT, titles=TitlesLevel.TITLE)


def test_pictures_with_a_window_that_a_study_may_not_have_stay_here(
    scene: Scene, root: Path
) -> None:
    episode = _recorded(scene, root)
    frames = episode.frames
    names = [tuple(apps) for apps in frames.column("apps").to_pylist()]
    assert {("xterm",), ("xterm", "zenity")} <= set(names), "one more window was to be seen"
    assert {name for apps in names for name in apps} == {"xterm", "zenity"}
    beside, alone = (
        frames.filter(pa.array([("zenity" in apps) is wanted for apps in names]))
        for wanted in (True, False)
    )
    assert _shows(beside), "the check could not read"
    assert not _shows(alone)

    payload = payload_of(
        episode, "0" * 26, _in_terminal(episode), lambda: None,
        WithinCheck(Bounds(_LEVELS, ("xterm",))),
    )  # fmt: skip
    data = b"".join(iter(payload.read, b""))
    assert payload.error is None
    given = _frames(data)
    assert given.num_rows > 1
    assert payload.left_out[Loss.OTHER_WINDOWS] > 0
    texts = read_pictures(pictures_of(given))
    assert any(MARKER in text.lower() for text in texts)
    assert not _shows(given)


def _in_terminal(episode: Episode) -> list[TimeRange]:
    """Give the times in which the terminal had the focus."""
    rows = [row for row in episode.context.to_pylist() if row["kind"] in {"focus", "title"}]
    ends = [row["t_ns"] for row in rows[1:]] + [2**62]
    return [
        TimeRange(row["t_ns"], end_ns)
        for row, end_ns in zip(rows, ends, strict=True)
        if row["app_id"] == "xterm" and row["t_ns"] < end_ns
    ]


def _recorded(scene: Scene, root: Path) -> Episode:
    """Type into a terminal: alone, beside a dialog, and alone again."""
    hands, desktop = scene.desktop.hands, scene.desktop
    with recording(desktop, root, order(apps=("xterm", "zenity"))) as agent:
        hands.activate(scene.terminal)
        hands.type_text(f"echo the {MARKER} one\n")
        time.sleep(1)
        note = desktop.run("zenity", "--info", "--title", _TITLE, "--text", f"{_WORD} {_WORD}")
        window = hands.window(_TITLE)
        hands.place(window, _AREA[:2], _AREA[2:])
        hands.activate(scene.terminal)
        hands.type_text(f"echo the {MARKER} two\n")
        time.sleep(1)
        desktop.end(note)
        time.sleep(1)
        hands.activate(scene.terminal)
        hands.type_text(f"echo the {MARKER} three\n")
        time.sleep(1)
        agent.stop()
        return newest(agent.home)


def _shows(frames: pa.Table) -> bool:
    return any(fold(_WORD)[:8] in fold(text) for text in read_pictures(pictures_of(frames)))


def _frames(data: bytes) -> pa.Table:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        files = [tar.extractfile(one) for one in tar.getnames() if one.startswith("frames")]
        return pa.concat_tables(pq.read_table(io.BytesIO(file.read())) for file in files if file)
