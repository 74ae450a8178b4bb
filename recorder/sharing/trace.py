"""What became of shared recordings, from what is kept here and rows that were checked."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recorder.sharing.erasing import Erasure
from recorder.sharing.rows import Row
from recorder.sharing.shared import Shared
from recorder.sharing.statements import Receipt, Use

BundleState = Literal[
    "waiting",
    "shared",
    "taken back",
    "to be taken back",
    "collected",
    "refused",
    "expired",
    "erased",
]
ErasureState = Literal["not delivered", "open", "overdue", "refused", "done"]


@dataclass(frozen=True, slots=True)
class TracedBundle:
    """One time that an episode was shared, and what the study said of it.

    Attributes:
        episode_id: The person's own.
        study_episode_id: By which the study knows it.
        shared: When it was sent, UTC; None while it waits.
        code: Exit code's number of a refusal.
        uses: The oldest first.
    """

    episode_id: str
    study_episode_id: str
    bundle_id: str
    shared: str | None
    state: BundleState
    since: str | None
    code: int
    reason: str
    uses: tuple[Use, ...]


def traced_bundles(
    shared: Iterable[Shared],
    rows: Sequence[Row],
    wishes: Sequence[Erasure],
    owed: Collection[str] = (),
) -> list[TracedBundle]:
    """Give each bundle with its receipts and uses, in the order in which they were made.

    `owed`: Ids of bundles that are still to be taken out of their drop.
    """
    answers = _Answers(rows, wishes, owed)
    return [_traced(one, answers) for one in shared]


def unknown_uses(shared: Iterable[Shared], rows: Sequence[Row]) -> list[Use]:
    """Give uses of bundles of which nothing is remembered here, as after moving a folder."""
    known = {one.bundle_id for one in shared}
    return [row for row in rows if isinstance(row, Use) and not known.issuperset(row.bundles)]


def erasure_state(wish: Erasure, now: datetime) -> ErasureState:
    """Give how a wish stands."""
    if wish.answered:
        return "done"
    if wish.undelivered:
        return "not delivered"
    if wish.reason:
        return "refused"
    return "overdue" if now > datetime.fromisoformat(wish.due) else "open"


class _Answers:
    """What is looked up for each bundle."""

    def __init__(
        self, rows: Sequence[Row], wishes: Sequence[Erasure], owed: Collection[str]
    ) -> None:
        self.owed = frozenset(owed)
        self.receipts: dict[str, list[Receipt]] = defaultdict(list)
        self.uses: dict[str, list[Use]] = defaultdict(list)
        self.wishes: dict[str, list[Erasure]] = defaultdict(list)
        """By episode; under "" those for everything."""
        for row in sorted(rows, key=lambda row: row.created):
            if isinstance(row, Receipt):
                self.receipts[row.answers].append(row)
            else:
                for bundle_id in row.bundles:
                    self.uses[bundle_id].append(row)
        for wish in wishes:
            for episode_id in wish.notice.episodes or ("",):
                self.wishes[episode_id].append(wish)

    def erased(self, one: Shared) -> str | None:
        """Give when a bundle was erased first; None when it was not."""
        meant = [*self.wishes.get(one.study_episode_id, ()), *self.wishes.get("", ())]
        return min(
            (wish.answered for wish in meant if wish.answered and _is_older(one, wish)),
            default=None,
        )


def _traced(one: Shared, answers: _Answers) -> TracedBundle:
    state: BundleState = "shared" if one.state == "sent" else "waiting"
    since, code, reason = one.sent, 0, ""
    if one.state == "revoked":
        state = "to be taken back" if one.bundle_id in answers.owed else "taken back"
        since = one.revoked
    found = answers.receipts.get(one.bundle_id, [])
    if found:
        last = max(found, key=lambda row: (row.created, row.verdict == "expired"))
        state, since, code, reason = last.verdict, last.created, last.code, last.reason
    erased = answers.erased(one)
    if erased:
        state, since, code, reason = "erased", erased, 0, ""
    uses = tuple(answers.uses.get(one.bundle_id, ()))
    return TracedBundle(
        one.episode_id, one.study_episode_id, one.bundle_id, one.sent, state, since, code, reason,
        uses,
    )  # fmt: skip


def _is_older(one: Shared, wish: Erasure) -> bool:
    """Tell whether a bundle was made before a wish."""
    made = datetime.fromisoformat(one.manifest.created)
    return made <= datetime.fromisoformat(wish.notice.created)
