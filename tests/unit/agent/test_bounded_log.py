"""The log stays small, whichever process writes to it."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.agent import bounded_log
from recorder.agent.bounded_log import BoundedLog

LIMIT = 16 * 1024
_LOG = logging.getLogger("recorder.test")
_FLOOD = "import sys\nfor n in range(20_000): sys.stderr.write(f'a line of another process {n}\\n')"


def wait_for(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 45
    while not done():
        assert time.monotonic() < until
        time.sleep(0.005)


def another_process(path: Path, program: str) -> None:
    """Write to the log as a capture process does: appending, through its stderr."""
    with path.open("ab") as stderr:
        subprocess.run([sys.executable, "-S", "-c", program], stderr=stderr, check=True)


def test_a_flood_by_the_agent_and_by_another_process_leaves_two_small_files(root: Path) -> None:
    path, old = root / "agent.log", root / "agent.log.1"
    with BoundedLog(path, LIMIT // 1024, every_s=0.002):
        for number in range(1_000):
            _LOG.warning("a line of the agent %d", number)
        another_process(path, _FLOOD)
        wait_for(lambda: path.stat().st_size <= LIMIT and old.exists())
        another_process(path, "import sys; sys.stderr.write('the last line\\n')")
        assert old.stat().st_size <= LIMIT
        wait_for(lambda: path.stat().st_size <= LIMIT)
    said = old.read_text() + path.read_text()
    assert said.endswith("the last line\n"), "it went on in the same file"
    assert old.stat().st_mode & 0o777 == path.stat().st_mode & 0o777 == 0o600
    assert sorted(root.iterdir()) == [path, old]


def test_a_log_that_is_too_large_from_before_begins_anew(root: Path) -> None:
    path = root / "agent.log"
    path.write_text("old\n" * LIMIT)
    with BoundedLog(path, LIMIT // 1024):
        _LOG.warning("new")
    assert path.read_text().endswith("WARNING recorder.test new\n")
    assert path.stat().st_size < LIMIT
    assert (root / "agent.log.1").read_text().endswith("old\n")


def test_what_is_no_ascii_and_what_comes_after_the_block_is_not_written(root: Path) -> None:
    path = root / "agent.log"
    with BoundedLog(path, LIMIT // 1024):
        _LOG.warning("Größe")
        _LOG.debug("too small to be kept")
    _LOG.warning("too late")
    assert path.read_text().endswith("Gr??e\n")
    assert path.read_text().count("\n") == 1


def test_a_disk_that_hangs_keeps_nobody_waiting_and_what_is_left_out_is_counted(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe that nobody reads takes 64 KiB, then keeps whoever writes to it waiting."""
    monkeypatch.setattr(bounded_log, "_END_S", 0.01)
    path, count = root / "agent.log", 4_000
    os.mkfifo(path)

    def record() -> None:
        with BoundedLog(path, LIMIT // 1024):
            for number in range(count):
                _LOG.warning("%06d %s", number, "x" * 60)

    recording = threading.Thread(target=record, daemon=True)
    recording.start()
    recording.join(45)
    assert not recording.is_alive()
    lines: list[str] = []
    with path.open() as disk:
        while not lines or "left out" not in lines[-1]:
            lines.append(disk.readline())
    assert len(lines) - 1 + int(lines[-1].split()[0]) == count
