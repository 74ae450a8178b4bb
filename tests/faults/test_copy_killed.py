"""A plain copy that is interrupted: never half of one under the name of a whole one."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from recorder.episodes.exporting import CopyBusy, export_episode
from recorder.episodes.homes import episode_homes
from tests.faults.store_removing import make
from tests.unit.episodes.studio import Studio


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGINT])
def test_a_copy_that_was_cut_short_is_none_and_is_made_anew(
    tmp_path: Path, way: signal.Signals
) -> None:
    studio, to = Studio(tmp_path / "Recorder"), tmp_path / "copies"
    studio.folder.mkdir()
    make(studio)
    (home,) = episode_homes(studio.folder)
    begun = to / f"{home.name}.incomplete"
    command = [sys.executable, "-m", "tests.faults.store_copying"]
    with subprocess.Popen(
        [*command, str(studio.folder), studio.identity, str(to)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        assert sorted(path.name for path in begun.iterdir()) == ["events.parquet", "frames.parquet"]
        with pytest.raises(CopyBusy):
            export_episode(studio.open(home), to, "parquet")
        process.send_signal(way)
        process.wait(10)
    left = [begun] if way == signal.SIGKILL else []
    assert list(to.iterdir()) == left
    copy = export_episode(studio.open(home), to, "jsonl")
    assert list(to.iterdir()) == [copy]
    assert sorted(path.name for path in copy.iterdir()) == [
        "context.jsonl", "events.jsonl", "frames.jsonl", "images",
    ]  # fmt: skip
