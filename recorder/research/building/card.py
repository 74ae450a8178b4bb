"""The pages of a dataset: what tells of all of it, made anew by each build."""

import json
from collections.abc import Mapping
from dataclasses import replace

import yaml

from recorder.consent.notice import NoticeTerms
from recorder.research.building.splits import SPLITS
from recorder.research.datasets import Dataset
from recorder.research.looking.card import CARD, DATASHEET, card, datasheet
from recorder.research.looking.folder import STATS, DatasetFolder
from recorder.research.looking.stats import stats
from recorder.sharing.drops import Drop


def pages(
    dataset: Dataset, place: Drop, terms: NoticeTerms | None, left_out: Mapping[str, int]
) -> dict[str, str]:
    """Give card, datasheet and figures by file name; of no steps, a bare card.

    Args:
        dataset: Its list.
        place: Where its files lie.
        terms: What the study's notice says; None where it is not at hand.
        left_out: How many bundles this build left out, by reason.

    Raises:
        ShardDamaged: A file is not as it was written.
        DropUnreachable: The store is away.
    """
    if not any(shard.rows for shard in dataset.shards):
        return {CARD: bare_card(dataset)}
    found = replace(stats(DatasetFolder.at(place), listed=dataset), left_out=dict(left_out))
    return {
        CARD: card(dataset.name, found, terms),
        DATASHEET: datasheet(dataset.name, found, terms),
        STATS: json.dumps({"schema": "recorder.dataset-stats/1", **found.payload()}) + "\n",
    }


def bare_card(dataset: Dataset) -> str:
    """Give a card without figures; splits without rows would make a loader fail."""
    files = [shard.file for shard in dataset.shards]
    found = [s for s in SPLITS if any(file.startswith(f"data/{s}/") for file in files)]
    configs = [
        {
            "config_name": "default",
            "data_files": [{"split": one, "path": f"data/{one}/*.parquet"} for one in found],
        }
    ]
    front = yaml.safe_dump({"configs": configs}, sort_keys=False)
    return f"---\n{front}---\n# {dataset.name}\n\nSteps of computer use, with the screen before each.\n"
