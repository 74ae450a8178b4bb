"""What became of shared recordings, from what is kept here and rows that were checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from recorder.sharing.erasing import Erasure
from recorder.sharing.rows import Row
from recorder.sharing.shared import Shared
from recorder.sharing.statements import Receipt, Use

BundleState = Literal[
    "waiting", "shared", "taken back", "collected", "refused", "expired", "erased"
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
    shared: Iterable[Shared], rows: Sequence[Row], wishes: Sequence[Erasure]
) -> list[TracedBundle]:
    """Give each bundle with its receipts and uses, in the order in which they were made."""
    receipts = [row for row in rows if isinstance(row, Receipt)]
    uses = sorted((row for row in rows if isinstance(row, Use)), key=lambda row: row.created)
    return [
        _traced(one, receipts, tuple(use for use in uses if one.bundle_id in use.bundles), wishes)
        for one in shared
    ]


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


def _traced(
    one: Shared, receipts: Sequence[Receipt], uses: tuple[Use, ...], wishes: Sequence[Erasure]
) -> TracedBundle:
    state: BundleState = "shared" if one.state == "sent" else "waiting"
    since, code, reason = one.sent, 0, ""
    if one.state == "revoked":
        state, since = "taken back", one.revoked
    answers = [row for row in receipts if row.answers == one.bundle_id]
    if answers:
        last = max(answers, key=lambda row: (row.created, row.verdict == "expired"))
        state, since, code, reason = last.verdict, last.created, last.code, last.reason
    erased = [wish.answered for wish in wishes if wish.answered and _means(wish, one)]
    if erased:
        state, since, code, reason = "erased", min(erased), 0, ""
    return TracedBundle(
        one.episode_id, one.study_episode_id, one.bundle_id, one.sent, state, since, code, reason,
        uses,
    )  # fmt: skip


def _means(wish: Erasure, one: Shared) -> bool:
    """Tell whether a wish is about a bundle: made before it, and of its episode."""
    notice = wish.notice
    is_older = datetime.fromisoformat(one.manifest.created) <= datetime.fromisoformat(
        notice.created
    )
    return is_older and (notice.scope == "all" or one.study_episode_id in notice.episodes)
