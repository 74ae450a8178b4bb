"""What would be shared and what not, before anybody is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.losses import Loss
from recorder.sharing.approval import Approval
from recorder.sharing.bundle import NotBundled
from recorder.sharing.contents import Contents
from recorder.sharing.erasing import erasures
from recorder.sharing.sending import Sharing, contents_of, not_sent

_STATES = {
    "changed": "the episode changed since it was approved",
    "damaged": "its approval is damaged",
}


@dataclass(frozen=True, slots=True)
class Planned:
    """An approval that would be shared, and what it holds."""

    approval: Approval
    contents: Contents

    @property
    def left_out(self) -> dict[Loss, int]:
        """Pictures of the approved times that the study does not get, by reason."""
        told = self.approval.statement
        return told.left_out if told else {}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An approval that would not be shared. `why`: for its owner, without a full stop."""

    episode_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    planned: tuple[Planned, ...]
    left_out: tuple[LeftOut, ...] = ()


def plan_of(
    sharing: Sharing, found: Sequence[Approval], step: Callable[[], None], *, named: bool,
    pictures: bool = True,
) -> Plan:  # fmt: skip
    """Give the plan for some approvals.

    Args:
        sharing: With whom.
        found: Approvals for that study, in any state.
        step: Called after each.
        named: Somebody named them, so that one which cannot go is an error.
        pictures: Keep some of each; megabytes for each, so only for who looks at them.

    Raises:
        RecorderError: A named one cannot be shared, and why; or none of several can.
    """
    planned: list[Planned] = []
    left_out: list[LeftOut] = []
    first: RecorderError | None = None
    new = {one.episode_id for one in not_sent(sharing.memory, found)}
    gone = _erased_for_good(sharing.folder, sharing.joined.study, sharing.joined.pseudonym)
    for one in found:
        try:
            if one.state != "valid":
                raise NotBundled(_STATES[one.state], "approve it again")
            if one.episode_id in new:
                contents = contents_of(sharing, one)
                if contents.episode_id in gone:
                    raise NotBundled(
                        "you had that episode erased, so the study never takes it again",
                        "share another",
                        ExitCode.ERASED,
                    )
                planned.append(Planned(one, contents))
                if not pictures:
                    planned[-1].contents.pictures.clear()
            else:
                left_out.append(LeftOut(one.episode_id, "it was shared already"))
        except RecorderError as error:
            if named:
                raise
            first = first or error
            left_out.append(LeftOut(one.episode_id, str(error)))
        step()
    if first is not None and not planned and all(one.why == str(first) for one in left_out):
        raise first
    return Plan(tuple(planned), tuple(left_out))


def _erased_for_good(folder: Path, study: str, pseudonym: str) -> frozenset[str]:
    """Give the episodes, by the study's ids, that were asked to be erased as a whole.

    The study never takes them again.
    """
    notices = [wish.notice for wish in erasures(folder, study)]
    mine = [one for one in notices if one.pseudonym == pseudonym and not one.ranges]
    return frozenset(episode_id for one in mine for episode_id in one.episodes)
