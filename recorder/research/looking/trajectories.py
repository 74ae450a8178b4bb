"""Trajectories as pages to look at: each action drawn on the screen before it.

The pages load nothing from elsewhere and work from a folder. What was captured is hostile
input: all of it is escaped, and nothing of it runs.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.exporting import whole_copy
from recorder.files import private_folder, write_whole
from recorder.research.exports.pictures import file_word, picture_word
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.marks import Marks, marks_of, said
from recorder.research.report_pages import pages

_IMAGES: Final = "images"
_LONGEST: Final = 2_000
Step = dict[str, Any]


class EpisodeNotInDataset(RecorderError):
    """No step is of that episode."""

    def __init__(self, episode_id: str) -> None:
        super().__init__(
            f"The dataset has no episode {episode_id}",
            "leave --episode away to see them all",
            ExitCode.USAGE,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as a page shows it. `image`: its picture's place, "" without one."""

    step: Step
    title: str
    image: str
    marks: Marks


@dataclass(frozen=True, slots=True)
class Page:
    """An episode's page. `more`: steps that are not on it."""

    file: str
    episode_id: str
    split: str
    steps: int
    more: int


def write_pages(
    dataset: DatasetFolder,
    target: Path,
    tell: Callable[[], None],
    *,
    episode_id: str | None = None,
    most: int,
) -> list[Page]:
    """Write `index.html` and a page for each episode; whole, or not at all.

    Args:
        dataset: Where the steps are.
        target: Where to; nothing may be there yet.
        tell: Called after each step.
        episode_id: Only this one.
        most: Steps on a page.

    Raises:
        EpisodeNotInDataset: There is none of that name.
        ShardDamaged: A file of the dataset cannot be read.
        CopyExists, CopyBusy, CopyUnwritable: There is no page.
    """
    with whole_copy(target) as begun:
        private_folder(begun / _IMAGES)
        found = []
        told = _told(dataset, tell, episode_id)
        for key, steps in groupby(told, lambda s: (s["episode_id"], s["split"])):
            found.append(_write_page(begun, key, steps, most))
        if not found:
            raise EpisodeNotInDataset(episode_id or "")
        index = pages().get_template("trajectories.html").render(pages=found)
        write_whole(begun / "index.html", index.encode())
    return found


def _told(
    dataset: DatasetFolder, tell: Callable[[], None], episode_id: str | None
) -> Iterator[Step]:
    for step in dataset.steps(episode_id):
        yield step
        tell()


def _write_page(folder: Path, key: tuple[str, str], steps: Iterator[Step], most: int) -> Page:
    episode_id, split = key
    shown = [_shown(folder, step) for step in islice(steps, most)]
    page = Page(
        f"{file_word(split)}-{file_word(episode_id)}.html",
        episode_id,
        split,
        len(shown),
        sum(1 for _ in steps),
    )
    made = pages()
    digest = hashlib.sha256(made.get_template("trajectory.js").render().encode()).digest()
    text = made.get_template("trajectory.html").render(
        page=page, shown=shown, script_sha256=base64.b64encode(digest).decode("ascii")
    )
    write_whole(folder / page.file, text.encode())
    return page


def _shown(folder: Path, step: Step) -> Shown:
    image, data = "", (step["image"] or {}).get("bytes")
    if data is not None:
        image = f"{_IMAGES}/{picture_word(step)}.webp"
        if not (folder / image).exists():
            write_whole(folder / image, data)
    return Shown({**step, "image": None}, said(step)[:_LONGEST], image, marks_of(step))
