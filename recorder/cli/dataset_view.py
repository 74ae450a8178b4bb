"""`recorder dataset view`: trajectories as pages to look at."""

from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.dataset_export import DatasetArgument, folder_here
from recorder.cli.opening import JsonOption
from recorder.cli.progress import progress
from recorder.core.amounts import count_text
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.trajectories import write_pages

MOST_STEPS = 200


def view(
    dataset: DatasetArgument,
    *,
    to: Annotated[Path, typer.Option("--to", help="Folder for the pages; must not exist.")],
    episode: Annotated[str | None, typer.Option("--episode", help="Only this one.")] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="Steps on a page.")] = MOST_STEPS,
    as_json: JsonOption = False,
) -> None:
    """Write pages that show each action on the screen before it; open index.html in a browser."""
    target, found = folder_here(to), DatasetFolder.open(dataset)
    output.say("Warning: the pages are not encrypted. Whoever gets them can read them.")
    with progress("Drawing", found.rows) as step:
        pages = write_pages(found, target, step, episode_id=episode, most=most)
    shown = sum(page.steps for page in pages)
    payload: output.Payload = {
        "index": str(target / "index.html"),
        "episodes": [page.episode_id for page in pages],
        "steps": shown,
        "not_shown": sum(page.more for page in pages),
    }
    told = (
        f"{count_text(shown, 'step')} of {count_text(len(pages), 'episode')}: {target}/index.html"
    )
    output.emit("dataset-view", payload, as_json, output.printable(told))
