"""Building one task: bundles of one participant become shards; runs in a worker."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from recorder.core.errors import ExitCode
from recorder.files import regular_file
from recorder.research.building.episode import EpisodeTables, read_episode
from recorder.research.building.near import NearSet
from recorder.research.building.shards import EpisodeRows, Hash, ShardWriter
from recorder.research.building.splits import Split
from recorder.research.building.work import Done, SealedBundle, Work
from recorder.research.content_verdict import ContentRefused
from recorder.research.datasets import LeftOut, Shard, Source
from recorder.research.looking.recorded import recorded
from recorder.research.reduction.columns import WrongTable
from recorder.research.reduction.frames import with_frames
from recorder.research.reduction.reduce import reduce
from recorder.sharing.age_chunks import SealedParts
from recorder.sharing.age_streams import NotSealedToYou
from recorder.sharing.drops import Drop, open_drop

_SHA256: Final = re.compile("[0-9a-f]{64}")
NO_STEPS: Final = "nobody does anything in it"
UNFIT: Final = "its rows do not fit together"
_UNFIT: Final = (pa.ArrowException, ArithmeticError, LookupError, TypeError, ValueError)
"""What foreign rows of the right types can still break: a scroll of infinity, a digest that is
none. It costs this episode and keeps no other."""
NEAR_TEST: Final = "near_test"
"""Counts rows of train that show what a row of validation or test shows."""


def build(work: Work) -> Done:
    """Build a task's shards; an episode that cannot be used keeps no other.

    Raises:
        DropUnreachable: The place takes nothing.
    """
    place = open_drop(work.place)
    broken: dict[str, LeftOut] = {}
    while True:
        try:
            return _built(work, place, broken)
        except _Broken as found:
            broken[found.bundle.bundle_id] = work.refused(
                found.bundle, int(found.code), found.reason
            )


class _Broken(Exception):
    """An episode turned out to be unusable while its shard was written."""

    def __init__(self, bundle: SealedBundle, code: ExitCode, reason: str) -> None:
        super().__init__(reason)
        self.bundle = bundle
        self.code = code
        self.reason = reason


@dataclass(slots=True)
class _Tally:
    left_out: list[LeftOut]
    counts: Counter[str]


def _built(work: Work, place: Drop, broken: dict[str, LeftOut]) -> Done:
    """Write everything but what is broken; the shards appear at the end."""
    tally = _Tally([*work.left_out, *broken.values()], Counter())
    near = NearSet(work.without)
    with _Writers(work, place) as writers:
        for bundle in work.bundles:
            if bundle.bundle_id not in broken:
                _write(work, bundle, writers, (near, tally))
    return Done(
        shards=tuple(writers.shards), left_out=tuple(tally.left_out), counts=dict(tally.counts)
    )


class _Writers:
    """A writer for each split, opened when a row comes."""

    def __init__(self, work: Work, place: Drop) -> None:
        self._work = work
        self._place = place
        self._stack = ExitStack()
        self._writers: dict[Split, ShardWriter] = {}

    def __enter__(self) -> Self:
        self._stack.__enter__()
        return self

    def __exit__(self, *failed: object) -> None:
        self._stack.__exit__(*failed)  # type: ignore[arg-type]  # as Python gives them

    @property
    def shards(self) -> list[Shard]:
        """What was written; complete after the block."""
        return [shard for split in sorted(self._writers) for shard in self._writers[split].shards]

    def of(self, split: Split) -> ShardWriter:
        """Give the writer of a split."""
        if split not in self._writers:
            new = ShardWriter(self._place, split, self._work.pseudonym, self._work.number)
            self._writers[split] = self._stack.enter_context(new)
        return self._writers[split]


def _write(work: Work, bundle: SealedBundle, writers: _Writers, to: tuple[NearSet, _Tally]) -> None:
    """Write one episode's rows.

    Raises:
        _Broken: It cannot be used, and rows of it may be written already.
    """
    near, tally = to
    try:
        with ExitStack() as stack:
            tables = read_episode(bundle, _opened(bundle, stack))
            steps, counts = _steps(work, tables)
            for split, episode in _by_split(work, bundle, tables, steps):
                kept = _apart(episode, near) if split == "train" else episode
                counts[NEAR_TEST] += episode.rows.num_rows - kept.rows.num_rows
                if kept.rows.num_rows:
                    writers.of(split).write(kept)
    except ContentRefused as refused:
        raise _Broken(bundle, refused.code, refused.reason) from refused
    except NotSealedToYou as cause:
        raise _Broken(bundle, ExitCode.HASH, "its file is damaged or cannot be read") from cause
    except (MemoryError, pa.ArrowMemoryError) as cause:
        raise _Broken(bundle, ExitCode.LIMITS, "it asks for too much memory") from cause
    except _UNFIT as cause:
        raise _Broken(bundle, ExitCode.FORMAT, UNFIT) from cause
    tally.counts += counts
    if not steps.num_rows:
        tally.left_out.append(work.refused(bundle, 0, NO_STEPS))


def _opened(bundle: SealedBundle, stack: ExitStack) -> SealedParts:
    """Give the plain payload while the block lasts.

    Raises:
        NotSealedToYou: It cannot be read.
    """
    try:
        file = stack.enter_context(regular_file(Path(bundle.path)))
    except OSError as cause:
        raise NotSealedToYou from cause
    key = bytes.fromhex(bundle.file_key)
    return SealedParts(file, bundle.payload_at, bundle.payload_bytes, key)


def _steps(work: Work, tables: EpisodeTables) -> tuple[pa.Table, Counter[str]]:
    """Reduce an episode, and bind each step to its frame."""
    try:
        found = reduce(
            tables.events, tables.context, profile=work.profile, settings=tables.settings
        )
        found = with_frames(found, tables.frames)
    except WrongTable as cause:
        raise ContentRefused(ExitCode.FORMAT, "its tables are not as tables are") from cause
    told = found.counts
    counts = Counter({f"left_out.{reason}": count for reason, count in told.left_out.items()})
    counts.update(
        events=told.events, moves=told.moves, off_monitor=told.off_monitor,
        without_frame=told.without_frame, without_picture=told.without_picture,
        clock_back=told.clock_back, steps=found.steps.num_rows, episodes=1,
    )  # fmt: skip
    return found.steps, counts


def _by_split(
    work: Work, bundle: SealedBundle, tables: EpisodeTables, steps: pa.Table
) -> Iterator[tuple[Split, EpisodeRows]]:
    """Give the rows of each split that is written now."""
    whole = work.rule.of_episode(work.pseudonym, bundle.episode_id)
    apps = steps.column("app_id").to_pylist()
    of_app = {app: whole or work.rule.of_name(app or "") for app in set(apps)}
    splits = np.array([of_app[app] for app in apps], object)
    hashes = _hashes(steps, tables.frames)
    source = Source(bundle_id=bundle.bundle_id, episode_id=bundle.episode_id)
    noted = recorded(bundle.episode_id, tables.events, tables.context)
    for split in work.splits:
        at = np.flatnonzero(splits == split)
        if at.size:
            rows = _named(_taken(steps, at), work.pseudonym, split)
            mine = tuple(hashes[one] for one in at)
            yield split, EpisodeRows(source, rows, mine, tables.pictures, noted)


def _taken(rows: pa.Table, at: npt.NDArray[np.intp]) -> pa.Table:
    """Give some of the rows in their order; all of them are not copied."""
    return rows if at.size == rows.num_rows else rows.take(pa.array(at, pa.int64()))


def _named(rows: pa.Table, pseudonym: str, split: Split) -> pa.Table:
    for name, value in (("participant_id", pseudonym), ("split", split)):
        at = rows.schema.get_field_index(name)
        values = pa.array([value] * rows.num_rows, pa.string())
        rows = rows.set_column(at, rows.schema.field(at), values)
    return rows


def _hashes(steps: pa.Table, frames: pa.Table) -> list[Hash | None]:
    """Give each step's picture by its hashes.

    Raises:
        ContentRefused: One has none.
    """
    names = ("frame_id", "phash64", "sha256")
    known = {
        frame: (phash, sha)
        for frame, phash, sha in zip(*(frames.column(n).to_pylist() for n in names), strict=True)
    }
    images = steps.column("image").to_pylist()
    found = [image and known[int(image["path"])] for image in images]
    for phash, sha in filter(None, found):
        if phash is None or not _SHA256.fullmatch(sha or ""):
            raise ContentRefused(ExitCode.FORMAT, "it holds a picture without its digests")
    return found


def _apart(episode: EpisodeRows, near: NearSet) -> EpisodeRows:
    """Give the rows whose picture is not near one of the set."""
    hashes = np.array([one[0] if one else 0 for one in episode.hashes], np.int64)
    has_picture = np.array([one is not None for one in episode.hashes], bool)
    at = np.flatnonzero(~(near.has_near(hashes) & has_picture))
    return replace(
        episode,
        rows=_taken(episode.rows, at),
        hashes=tuple(episode.hashes[one] for one in at),
    )
