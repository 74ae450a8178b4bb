"""The README of a dataset: what `datasets.load_dataset` needs to find its splits."""

import yaml

from recorder.research.building.splits import SPLITS
from recorder.research.datasets import Dataset


def card(dataset: Dataset) -> str:
    """Give the card; splits without rows are not named, since a loader would fail on them."""
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
