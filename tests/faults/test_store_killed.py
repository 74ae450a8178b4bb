"""A writer killed at any instant: all files open, every flushed row is there, no leftovers."""

import random
import subprocess
import sys
from pathlib import Path

from recorder.episodes.names import is_temporary
from recorder.episodes.reader import open_episode
from recorder.episodes.store import sweep_all


def _kill_one(folder: Path, after_lines: int, wait_s: float) -> tuple[Path, str, int]:
    """Kill a writer some lines and a moment on; gives folder, identity, flushed events."""
    command = [sys.executable, "-m", "tests.faults.store_writing", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        home, identity = process.stdout.readline().split()
        flushed = [int(process.stdout.readline()) for _ in range(after_lines)]
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            process.kill()
        rest = process.stdout.read().splitlines(keepends=True)
    whole = [int(line) for line in rest if line.endswith("\n")]
    return Path(home), identity, (whole or flushed)[-1]


def test_flushed_rows_survive_a_kill_at_any_instant(tmp_path: Path, *, soak: bool) -> None:
    chance = random.Random(7)  # noqa: S311 - picks instants, no secret
    for turn in range(50 if soak else 5):
        folder = tmp_path / str(turn)
        folder.mkdir()
        home, identity, flushed = _kill_one(folder, chance.randint(5, 40), chance.uniform(0, 0.1))
        episode = open_episode(home, identity=identity)
        seqs = episode.events.column("seq").to_pylist()
        assert seqs == list(range(len(seqs)))
        assert flushed <= len(seqs) <= flushed + 50
        assert episode.frames.num_rows >= flushed // 50
        assert episode.context.num_rows >= flushed // 50
        assert episode.problems == ()
        sweep_all(folder)
        assert not any(is_temporary(path.name) for path in home.iterdir())
        assert open_episode(home, identity=identity).events.num_rows == len(seqs)
