"""A program that copies an episode and waits half-way, to be killed.

`FOLDER IDENTITY TO` says `half` once two of three tables are written.
"""

import signal
import sys
from pathlib import Path

from recorder.episodes import exporting
from recorder.episodes.homes import episode_homes
from recorder.episodes.reader import open_episode
from recorder.files import sync_folder, whole_file


def _main(folder: Path, identity: str, to: Path) -> None:
    (home,) = episode_homes(folder)

    def waiting(path: Path) -> object:
        if path.name == "context.parquet":
            sync_folder(path.parent)
            sys.stdout.write("half\n")
            sys.stdout.flush()
            signal.pause()
        return whole_file(path)

    setattr(exporting, "whole_file", waiting)  # noqa: B010 - of another type than the real one
    exporting.export_episode(open_episode(home, identity=identity), to, "parquet")


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
