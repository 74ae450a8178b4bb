"""A program that deletes a minute and dies at a given step, or is killed from outside.

`each FOLDER` makes an episode and deletes from copies of it, dying before the first, second,
third … change of the disk, until one deletion comes through; a line of JSON for each.
`once FOLDER IDENTITY` deletes once and says so.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from recorder.core.losses import Losses
from recorder.episodes.homes import episode_homes
from recorder.episodes.reader import Episode
from recorder.episodes.rewriting import remove
from recorder.episodes.selection import Selection, TimeRange
from recorder.episodes.verify import verify
from tests.unit.episodes.studio import (
    SECOND,
    Studio,
    add,
    check,
    focus,
    frame,
    moves,
    opening,
)

MINUTE = Selection((TimeRange(60 * SECOND, 120 * SECOND),))


def make(studio: Studio, image: bytes = b"image") -> None:
    """Write four minutes; frame 10 of the deleted minute is shown again later."""
    writer = studio.begin()
    add(writer, context=opening())
    for second in range(0, 240, 6):
        add(writer, events=moves(second, 5), context=[focus(second)])
        add(writer, frames=[frame(second // 6, second + 1, image + bytes([second // 6]))])
    add(writer, frames=[replace(frame(99, 200, None), dup_of_frame_id=11)])
    writer.close(Losses())


def state(episode: Episode) -> tuple[int, int, int, bool]:
    """Give counts of rows, and whether what is signed holds."""
    counts = (episode.events.num_rows, episode.frames.num_rows, episode.context.num_rows)
    return (*counts, verify(episode.path, check).ok and not episode.problems)


def _each(folder: Path) -> None:
    studio = Studio(folder / "original")
    studio.folder.mkdir()
    make(studio)
    step, code = 0, 1
    while code:
        step += 1
        copy = studio.copy(folder / str(step))
        (home,) = episode_homes(copy.folder)
        code = _die_before(step, lambda: remove(copy.open(home), MINUTE, copy.owner))  # noqa: B023 - called at once
        decided = (home / "change.json").exists()
        found = state(copy.open(home))
        again = state(copy.open(home))
        left = sorted(path.name for path in home.glob(".*"))
        told = {"decided": decided, "state": found, "again": again, "code": code, "left": left}
        sys.stdout.write(json.dumps(told) + "\n")


def _die_before(step: int, act: Callable[[], object]) -> int:
    """Do something in a child that ends, as if killed, before a change of the disk."""
    child = os.fork()
    if child == 0:
        _count_down(step)
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _count_down(step: int) -> None:
    """Let the process end before the given call that changes the disk."""
    left = [step]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object, **named: object) -> object:
            left[0] -= 1
            if left[0] == 0:
                _end()
            return real(*words, **named)

        return call

    for name in ("fsync", "open", "rename", "replace", "unlink"):
        setattr(os, name, counted(getattr(os, name)))


def _end() -> NoReturn:
    os._exit(9)


def _once(folder: Path, identity: str) -> None:
    studio = Studio(folder)
    studio.identity = identity
    (home,) = episode_homes(folder)
    episode = studio.open(home)
    sys.stdout.write("opened\n")
    sys.stdout.flush()
    remove(episode, MINUTE, studio.owner)
    sys.stdout.write("removed\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1] == "each":
        _each(Path(sys.argv[2]))
    else:
        _once(Path(sys.argv[2]), sys.argv[3])
