"""`recorder dataset stats`: what a dataset holds, and what is missing."""

from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.dataset_export import CollectionOption, DatasetArgument, folder_here
from recorder.cli.opening import JsonOption
from recorder.cli.progress import progress
from recorder.files import private_folder, write_whole
from recorder.research.datasets import read_dataset
from recorder.research.exports.handing import listed_in
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.plots import plots
from recorder.research.looking.stats import stats
from recorder.research.looking.told import parts_of
from recorder.research.report_pages import as_text


def show_stats(
    dataset: DatasetArgument,
    *,
    plots_to: Annotated[
        Path | None, typer.Option("--plots", help="Folder for the charts, as PNG.")
    ] = None,
    collection: CollectionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show hours, actions and how many can be trained on, apps, redaction, and what is missing.

    Pictures are not read.
    """
    folder = None if plots_to is None else folder_here(plots_to)
    found = DatasetFolder.open(dataset)
    at = listed_in(found.place, collection)
    with progress("Counting", len(found.shards)) as step:
        counted = stats(found, step, None if at is None else read_dataset(at))
    written: list[str] = []
    if folder is not None:
        private_folder(folder)
        for name, picture in plots(counted).items():
            write_whole(folder / name, picture)
            written.append(str(folder / name))
    for path in written:
        output.say(f"Wrote {path}")
    payload: output.Payload = {**counted.payload(), "plots": written}
    output.emit(
        "dataset-stats", payload, as_json, lambda: output.printable(as_text(parts_of(counted)))
    )
