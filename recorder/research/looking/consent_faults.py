"""Whether a dataset's files are those of its list, and whether all may be used still.

A bundle may be used while a build of today would let it in: its consent in force, its
participant's ledger not ended, not erased, its time not over.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from recorder.core.errors import ExitCode
from recorder.research.collection import Collection, Held, Why
from recorder.research.datasets import Dataset, Shard, Source
from recorder.research.looking.faults import BUILD, REPLACE, Fault
from recorder.research.looking.folder import DatasetFolder
from recorder.research.memory_gate import check_memory
from recorder.research.participants import CollectionDamaged
from recorder.research.retention import ends
from recorder.sharing.bundle_gate import Expect, Refused, check_outer

_PSEUDONYM: Final = re.compile(r"p[0-9a-f]{32}")
_ERASE: Final = "recorder erase takes it out of listed datasets; then build it anew"
_GONE: Final[Mapping[Why | None, str]] = {
    "erased": "which its participant had erased",
    "expired": "whose time is over",
    "replaced": "which its participant replaced by another",
    None: "which the collection does not hold",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """What is checked against. `expect`: of the study, with the present time too."""

    collection: Collection
    expect: Expect
    now: datetime


def list_faults(
    dataset: DatasetFolder, listed: Dataset, step: Callable[[], None]
) -> Iterator[Fault]:
    """Check the files against the list. `step`: called after each file."""
    known = {shard.file: shard for shard in listed.shards}
    for one in dataset.shards:
        shard = known.pop(one.name, None)
        if shard is None:
            yield Fault(
                f"{one.name} stands in no list, so an erasure would not know what it holds",
                REPLACE, ExitCode.HASH,
            )  # fmt: skip
        elif shard.sha256 and _is_changed(dataset, shard):
            yield Fault(f"{one.name} was changed after it was built", REPLACE, ExitCode.HASH)
        step()
    for name in sorted(known):
        yield Fault(f"{name} is missing", BUILD, ExitCode.HASH)


def consent_faults(
    basis: Basis, sources: Mapping[str, set[Source]], step: Callable[[], None]
) -> Iterator[Fault]:
    """Check that everything may be used today.

    Args:
        basis: The collection and the study.
        sources: By pseudonym, as the list names them.
        step: Called after each bundle.
    """
    held = {one.key: one for one in basis.collection.bundles()}
    settled = basis.collection.settled()
    for pseudonym, some in sorted(sources.items()):
        for source in sorted(some, key=lambda one: one.bundle_id):
            key = (pseudonym, source.bundle_id)
            named = f"Episode {source.episode_id} of {pseudonym} is in it"
            if key not in held:
                code = ExitCode.ERASED if settled.get(key) == "erased" else ExitCode.CHECKS_FAILED
                yield Fault(f"{named}, {_GONE[settled.get(key)]}", _ERASE, code)
            else:
                yield from _held_fault(basis, held[key], named)
            step()


def row_consent_faults(
    basis: Basis, episodes: list[tuple[str, str]], sources: Mapping[str, set[Source]]
) -> Iterator[Fault]:
    """Check that no row is of an episode that the list does not name, or that was erased.

    `episodes`: Pseudonym and episode of the rows.
    """
    known = {(who, one.episode_id) for who, some in sources.items() for one in some}
    held = {(path.parent.parent.name, path.parent.name) for path in basis.collection.paths()}
    for pseudonym, episode_id in episodes:
        if (pseudonym, episode_id) in known:
            continue
        named = f"Episode {episode_id} of {pseudonym} is in it"
        if not _PSEUDONYM.fullmatch(pseudonym):
            yield Fault(f"{named}, and that is no participant's pseudonym", BUILD, ExitCode.FORMAT)
            continue
        if basis.collection.participant(pseudonym).erased.covers(episode_id, _EVER):
            yield Fault(
                f"{named}, {_GONE['erased']}", f"delete this copy, or {BUILD}", ExitCode.ERASED
            )
        elif (pseudonym, episode_id) not in held:
            yield Fault(f"{named}, {_GONE[None]}", BUILD)


_EVER: Final = datetime.fromtimestamp(0, UTC).isoformat()
"""Before every wish: one to have all erased that was shared until then covers it."""


def sources_of(shards: tuple[Shard, ...]) -> dict[str, set[Source]]:
    """Give what shards were made from, by pseudonym."""
    found: dict[str, set[Source]] = {}
    for shard in shards:
        found.setdefault(shard.pseudonym, set()).update(shard.sources)
    return found


def _held_fault(basis: Basis, held: Held, named: str) -> Iterator[Fault]:
    end = ends(held, basis.expect.notices)
    if end is not None and end <= basis.now:
        yield Fault(
            f"{named}, which should be gone since {end.date().isoformat()}",
            "recorder collect deletes what is over; then build it anew",
        )
    try:
        check_memory(basis.collection, check_outer(held.path, basis.expect), basis.now)
    except Refused as refused:
        yield Fault(f"{named}, but {refused.reason}", f"{BUILD}, which leaves it out", refused.code)
    except (CollectionDamaged, OSError) as damaged:
        why = damaged.message if isinstance(damaged, CollectionDamaged) else "its file is damaged"
        yield Fault(f"{named}, but {why}", "put it back from a backup", ExitCode.FORMAT)


def _is_changed(dataset: DatasetFolder, shard: Shard) -> bool:
    """Compare size and digest; the digest reads the whole file, also from a store."""
    if dataset.place.size(shard.file) != shard.size_bytes:
        return True
    return dataset.place.digest(shard.file) != shard.sha256
