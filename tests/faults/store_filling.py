"""Fills a file system of 1 MB with an episode; exits 0 when nothing written was lost."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from recorder.episodes.writer import FolderUnwritable
from tests.unit.episodes.studio import Studio, add, frame, moves


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", name]
        mounted = os.getuid() == 0 and subprocess.run(mount, check=False).returncode == 0
        if not mounted:
            _limit_file_size()
        try:
            _fill(folder)
        finally:
            if mounted:
                subprocess.run(["umount", name], check=True)


def _limit_file_size() -> None:
    """Let files beyond 200 kB fail, which stands in for a full disk."""
    import resource  # noqa: PLC0415 - not on every platform

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))


def _fill(folder: Path) -> None:
    studio = Studio(folder)
    writer = studio.begin()
    for second in range(500):
        image = os.urandom(20_000 + second * 1_000)
        add(writer, events=moves(second, 5), frames=[frame(second, second, image)])
        try:
            writer.flush()
        except FolderUnwritable:
            break
    else:
        sys.exit("the file system never filled")
    episode = studio.open(writer.path)
    counts = writer.counts
    if (episode.events.num_rows, episode.frames.num_rows) != (counts.events, counts.frames):
        sys.exit("written rows are missing")
    if episode.problems or any(path.suffix == ".tmp" for path in writer.path.iterdir()):
        sys.exit("something half-written is left")
    sys.stdout.write(f"{counts.events} events and {counts.frames} frames read back\n")


if __name__ == "__main__":
    main()
