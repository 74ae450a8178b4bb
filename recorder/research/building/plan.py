"""Which episodes go together, in an order that later episodes do not change."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from recorder.research.building.splits import SPLITS, Rule, Split
from recorder.research.building.work import Task
from recorder.research.held import Held
from recorder.research.reduction.schema import REDUCER_VERSION

BUILDER_VERSION: Final = "1"
"""Changes whenever the same steps may give other bytes."""
_TASK_BYTES: Final = 300_000_000
"""Sealed. What several steps show is stored with each, so a shard may grow beyond its task."""
_TASK_BUNDLES: Final = 256


def planned(
    held: Iterable[Held], rule: Rule, profile: str, only: Sequence[Split] = SPLITS
) -> Iterator[Task]:
    """Give the tasks, by participant and time.

    Args:
        held: Bundles in any order.
        rule: How rows are split.
        profile: Of the reduction.
        only: Splits that are written now.
    """
    found = sorted(held, key=lambda one: (one.pseudonym, one.episode_id))
    for pseudonym, bundles in groupby(found, key=lambda one: one.pseudonym):
        for number, (split, group) in enumerate(_groups(list(bundles), rule)):
            splits = SPLITS if split is None else (split,)
            wanted = tuple(one for one in splits if one in only)
            if wanted:
                made_of = _made_of(group, rule, (profile, wanted, number))
                yield Task(pseudonym, number, group, wanted, made_of)


def _groups(bundles: list[Held], rule: Rule) -> Iterator[tuple[Split | None, tuple[Held, ...]]]:
    """Put bundles of the same split together, as many as make a shard."""
    group: list[Held] = []
    last: Split | None = None
    size_bytes = 0
    for one in bundles:
        split = rule.of_episode(one.pseudonym, one.episode_id)
        size_bytes += one.manifest.payload_bytes
        if group and (split != last or size_bytes > _TASK_BYTES or len(group) >= _TASK_BUNDLES):
            yield last, tuple(group)
            group, size_bytes = [], one.manifest.payload_bytes
        group.append(one)
        last = split
    if group:
        yield last, tuple(group)


def _made_of(bundles: Sequence[Held], rule: Rule, told: tuple[str, Sequence[Split], int]) -> str:
    profile, splits, number = told
    drawn = rule.model_dump() if rule.by == "app" else rule.by
    everything = {
        "builder": BUILDER_VERSION,
        "reducer": REDUCER_VERSION,
        "profile": profile,
        "splits": splits,
        "number": number,
        "rule": drawn,
        "bundles": [(one.bundle_id, one.manifest.payload_sha256) for one in bundles],
    }
    return hashlib.sha256(json.dumps(everything, sort_keys=True).encode()).hexdigest()
