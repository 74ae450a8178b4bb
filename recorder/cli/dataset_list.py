"""`recorder dataset list`: which datasets a collection knows, and what is owed of them."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import JsonOption
from recorder.cli.study_opening import tell_damaged
from recorder.core.amounts import count_text
from recorder.core.each_alone import EachAlone
from recorder.research.building.leaks import split_of
from recorder.research.building.splits import SPLITS
from recorder.research.collection import Collection
from recorder.research.datasets import LIST_FILE, Dataset, Drawn, dataset_folders, read_dataset
from recorder.research.participants import CollectionDamaged


def list_datasets(
    collection: Annotated[Path, typer.Argument(help="The folder of recorder collect --into.")],
    *,
    as_json: JsonOption = False,
) -> int:
    """Show each dataset with its steps, how it was made, and its copies.

    Also what an erasure left to do: parts to build anew, files that must go from a place that was
    away. Ends with 9 when a list is damaged; it is named on stderr.
    """
    mine, damaged = Collection.open(collection), EachAlone()
    found: dict[Path, Dataset] = {}
    for folder in dataset_folders(mine.folder):
        listed = read_dataset(folder)
        if listed is None:
            damaged.note(folder.name, CollectionDamaged(folder / LIST_FILE))
        else:
            found[folder] = listed
    payload: output.Payload = {
        "study": mine.study,
        "datasets": [_row(folder, one) for folder, one in found.items()],
        "damaged": damaged.told(),
    }
    output.emit("dataset-list", payload, as_json, lambda: _text(found))
    return tell_damaged(damaged)


def _row(folder: Path, one: Dataset) -> dict[str, object]:
    return {
        "name": one.name,
        "place": one.place or str(folder),
        "created": one.created,
        "steps": _steps(one),
        "shards": len(one.shards),
        "participants": len({shard.pseudonym for shard in one.shards}),
        "drawn": None if one.drawn is None else one.drawn.model_dump(mode="json"),
        "to_rebuild": len(one.to_rebuild),
        "owed": len(one.owed),
        "copies": list(one.handed_to),
    }


def _steps(one: Dataset) -> dict[str, int]:
    found: Counter[str] = Counter()
    for shard in one.shards:
        found[split_of(shard)] += shard.rows
    return {split: found[split] for split in SPLITS if split in found}


def _text(found: dict[Path, Dataset]) -> str:
    lines = [line for folder, one in found.items() for line in _lines(folder, one)]
    return output.printable("\n".join(lines) or "No dataset was built of it yet.")


def _lines(folder: Path, one: Dataset) -> list[str]:
    steps = count_text(sum(_steps(one).values()), "step")
    people = count_text(len({shard.pseudonym for shard in one.shards}), "participant")
    lines = [f"{one.name}  {steps} of {people}, in {one.place or folder}"]
    if one.shards:
        lines.append("  " + ", ".join(f"{split} {n:,}" for split, n in _steps(one).items()))
    if one.drawn is not None:
        lines.append(f"  built with {_options(one.drawn)}")
    if one.to_rebuild:
        parts = count_text(len(one.to_rebuild), "episode")
        lines.append(f"  {parts} went with another's erasure: recorder dataset build")
    if one.owed:
        files = count_text(len(one.owed), "file")
        lines.append(f"  {files} of erased participants must go from there: recorder collect")
    return lines + [f"  copy: {told}" for told in one.handed_to]


def _options(drawn: Drawn) -> str:
    """Give the options that draw the same splits again."""
    shares = ",".join(str(share) for share in drawn.shares)
    found = f"--profile {drawn.profile} --split {shares} --split-by {drawn.split_by}"
    return f"{found} --dedup" if drawn.dedup else found
