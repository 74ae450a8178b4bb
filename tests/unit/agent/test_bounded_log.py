"""The log stays small, whichever process writes to it."""

import logging
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

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
