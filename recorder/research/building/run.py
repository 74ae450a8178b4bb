"""One build, from the collection to a dataset that is listed, complete and told of."""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from recorder.consent.notice import NoticeTerms
from recorder.research.building.admission import Admission, without_record
from recorder.research.building.card import pages
from recorder.research.building.engines import Engine
from recorder.research.building.leaks import Leaks, hashes_of, leaks, split_of
from recorder.research.building.plan import BUILDER_VERSION, planned
from recorder.research.building.registry import Registry
from recorder.research.building.splits import SPLITS, Rule, Split, SplitBy, rule_of, split_salt
from recorder.research.building.using import Using
from recorder.research.building.work import SealedBundle, Task, Work
from recorder.research.collection import Collection
from recorder.research.datasets import Dataset, Drawn, LeftOut
from recorder.research.held import Held, held_at
from recorder.research.participants import CollectionDamaged
from recorder.research.reduction.schema import REDUCER_VERSION
from recorder.research.studies import StudySecrets
from recorder.sharing.bundle_gate import Expect

LEFT_OUT_FILE: Final = "left_out.jsonl"
_JUDGING: Final[tuple[Split, ...]] = ("validation", "test")
_TEACHING: Final[tuple[Split, ...]] = ("train",)


@dataclass(frozen=True, slots=True)
class Order:
    """What is built.

    Attributes:
        out: A folder or `s3://…`, where the files go.
        role: Who gets it, as the notice names its recipients.
        dedup: Leave out of train what shows nearly what validation or test shows.
    """

    collection: Collection
    name: str
    out: str
    role: str
    profile: str
    split_by: SplitBy
    shares: tuple[int, int, int]
    dedup: bool
    expect: Expect
    now: datetime

    @property
    def purpose(self) -> str:
        """For the rows of the access log."""
        return f"dataset build: {self.name}"

    @property
    def drawn(self) -> Drawn:
        """For the list."""
        return Drawn(
            split_by=self.split_by, shares=self.shares, dedup=self.dedup, profile=self.profile,
            reducer=REDUCER_VERSION, builder=BUILDER_VERSION,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where a dataset is built, and with which keys, which stay in this process."""

    engine: Engine
    secrets: StudySecrets


@dataclass(slots=True)
class Report:
    """What a build did.

    Attributes:
        left_out: Bundles that are not in it, by participant and episode.
        built: Parts that were built now; `known` were complete before.
        told: Participants who get a signed row about it.
        leaks: Pictures of train that others have too.
    """

    dataset: Dataset
    left_out: list[LeftOut]
    built: int = 0
    known: int = 0
    told: int = 0
    leaks: Leaks = field(default_factory=Leaks)

    @property
    def rows(self) -> dict[str, int]:
        """Steps by split."""
        found: dict[str, int] = dict.fromkeys(SPLITS, 0)
        for shard in self.dataset.shards:
            found[split_of(shard)] += shard.rows
        return found

    @property
    def counts(self) -> Counter[str]:
        """What the reduction kept and left out, by name."""
        return sum((Counter(built.counts) for built in self.dataset.built), Counter())


@dataclass(frozen=True, slots=True)
class Gated:
    """The bundles of a collection, as the gates see them today."""

    admitted: tuple[Held, ...]
    refused: tuple[LeftOut, ...]


def gate(order: Order, step: Callable[[], None]) -> Gated:
    """Look at every bundle's consent and terms anew; no payload is read, nothing changes.

    Args:
        order: For what.
        step: Called after each.
    """
    admission = _admission(order, "")
    admitted, refused = [], []
    for path in order.collection.paths():
        try:
            held = held_at(path)
            found = admission.refused(held)
        except CollectionDamaged:
            found = without_record(path)
        if found is None:
            admitted.append(held)
        else:
            refused.append(found)
        step()
    return Gated(tuple(admitted), tuple(refused))


def build(
    order: Order,
    gated: Gated,
    workshop: Workshop,
    begin: Callable[[int], Callable[[], None]],
) -> Report:
    """Build a dataset, or what is missing of it; the collection is held by its caller.

    Killed at any instant, the next build goes on; erasures in between are kept.

    Args:
        order: What.
        gated: What may be in it, looked at under the same hold.
        workshop: Where and with which keys.
        begin: Is told how many parts there are, and gives what to call after each.

    Raises:
        BuildFailed, DropUnreachable: The place takes nothing; what is complete stays.
        OSError: The collection cannot be written; as above.
    """
    collection, held = order.collection, gated.admitted
    registry = Registry.open(collection, order.name, order.out, order.now)
    registry.draw(order.drawn)
    salt = split_salt(collection.folder)
    rule = rule_of(order.split_by, order.shares, salt, [one.episode_id for one in held])
    admission = _admission(order, workshop.secrets.identity)
    run = _Run(order, registry, rule, held, workshop.engine, admission)
    try:
        run.all_phases(begin)
        left_out = _derive(registry, gated.refused, _terms(order, held))
    finally:
        told = _tell(order, registry, held, workshop.secrets)
    found = leaks(registry.place, registry.dataset.shards)
    return Report(registry.dataset, left_out, run.built, run.known, told, found)


def _admission(order: Order, identity: str) -> Admission:
    return Admission(order.collection, order.expect, order.now, identity, order.role, order.purpose)


@dataclass(slots=True)
class _Run:
    """The tasks of one build. `without`: pictures that train must not have."""

    order: Order
    registry: Registry
    rule: Rule
    held: Sequence[Held]
    engine: Engine
    admission: Admission
    without: tuple[int, ...] = ()
    built: int = 0
    known: int = 0

    def all_phases(self, begin: Callable[[int], Callable[[], None]]) -> None:
        """Do all tasks; what judges comes first where train must be kept apart from it."""
        if not self.order.dedup:
            tasks = self._tasks(SPLITS)
            self._phase(tasks, set(), begin(len(tasks)))
            return
        judging, teaching = self._tasks(_JUDGING), self._tasks(_TEACHING)
        step = begin(len(judging) + len(teaching))
        self._phase(judging, self._of_train(), step)
        hashes = hashes_of(self.registry.place, self.registry.dataset.shards, _JUDGING)
        self.without = tuple(hashes.tolist())
        digest = sha256(hashes.tobytes()).hexdigest()
        teaching = [
            replace(task, made_of=sha256(f"{task.made_of} {digest}".encode()).hexdigest())
            for task in teaching
        ]
        self._phase(teaching, {task.made_of for task in judging}, step)

    def _tasks(self, only: Sequence[Split]) -> list[Task]:
        return list(planned(self.held, self.rule, self.order.profile, only))

    def _of_train(self) -> set[str]:
        """Give the parts of train that are there: whether they stay is decided later."""
        return {
            one.made_of
            for one in self.registry.dataset.built
            if all(file.startswith("data/train/") for file in one.files)
        }

    def _phase(self, tasks: Sequence[Task], kept: set[str], step: Callable[[], None]) -> None:
        done = self.registry.done(tasks)
        self.registry.begin(tasks, kept | done.keys())
        for _ in done:
            step()
        left = [task for task in tasks if task.made_of not in done]
        try:
            for task, found in self.engine.run(left, self._prepared):
                self.registry.add(task, found)
                step()
        finally:
            self.registry.save()
        self.built += len(left)
        self.known += len(done)

    def _prepared(self, task: Task) -> Work:
        """Let a task's bundles in."""
        found = [self.admission.admit(one) for one in task.bundles]
        return Work(
            pseudonym=task.pseudonym,
            number=task.number,
            splits=task.splits,
            rule=self.rule,
            profile=self.order.profile,
            place=self.registry.place.url,
            bundles=tuple(one for one in found if isinstance(one, SealedBundle)),
            without=self.without if "train" in task.splits else (),
            left_out=tuple(one for one in found if isinstance(one, LeftOut)),
        )


def _terms(order: Order, held: Sequence[Held]) -> NoticeTerms | None:
    """Give what the notice says that most bundles were shared under."""
    told = Counter(one.manifest.notice_sha256 for one in held).most_common(1)
    notice = order.expect.notices.get(told[0][0]) if told else None
    return None if notice is None else notice.terms


def _derive(
    registry: Registry, refused: Sequence[LeftOut], terms: NoticeTerms | None
) -> list[LeftOut]:
    """Write what tells of the whole dataset; it is listed before it is there."""
    rows = [*refused, *(one for built in registry.dataset.built for one in built.left_out)]
    rows.sort(key=lambda one: (one.pseudonym, one.episode_id))
    left_out = Counter(one.reason for one in rows)
    made = pages(registry.dataset, registry.place, terms, left_out)
    registry.finish((LEFT_OUT_FILE, *made))
    lines = [one.model_dump_json(by_alias=True) + "\n" for one in rows]
    for name, text in ((LEFT_OUT_FILE, "".join(lines)), *made.items()):
        with registry.place.writing(name) as file:
            file.write(text.encode())
    return rows


def _tell(order: Order, registry: Registry, held: Sequence[Held], secrets: StudySecrets) -> int:
    """Tell each participant whose rows are in it; gives how many get a new row."""
    notices = order.expect.notices
    begun = datetime.fromisoformat(registry.dataset.created)
    using = Using(
        order.collection, order.name, begun, order.now, order.role, notices, secrets.sign.sign
    )
    used = {
        (shard.pseudonym, source.bundle_id)
        for shard in registry.dataset.shards
        if shard.sha256
        for source in shard.sources
    }
    by_person: dict[str, list[Held]] = defaultdict(list)
    for one in held:
        if one.key in used:
            by_person[one.pseudonym].append(one)
    return sum(using.tell(bundles) for bundles in by_person.values())
