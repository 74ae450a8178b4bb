"""How asking for an erasure is told: what was asked, what came back, what is still to do."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from recorder.cli import output
from recorder.cli.settling import say_left
from recorder.core.amounts import count_text
from recorder.core.errors import ExitCode
from recorder.sharing.erasing import Erasure, Scope
from recorder.sharing.shared import Shared


@dataclass(frozen=True, slots=True)
class Meant:
    """What is to go.

    Attributes:
        shared: The bundles that hold it.
        episodes: By the person's own ids; none for everything.
        ranges: Times of the one episode, nanoseconds.
    """

    shared: Sequence[Shared]
    episodes: tuple[str, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def scope(self) -> Scope:
        """The same in the study's ids."""
        ids = dict.fromkeys(one.study_episode_id for one in self.shared if self.episodes)
        return Scope(tuple(ids), self.ranges)

    @property
    def told(self) -> str:
        """The same in words."""
        if not self.episodes:
            return "everything that you shared with it"
        return ("parts of " if self.ranges else "") + ", ".join(self.episodes)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was done.

    Attributes:
        erasure: None where nothing was ever shared.
        what: What was asked, with the person's own ids.
        taken_back: Bundles that were still in their drop.
        failed: What could not be reached now, and why.
        again: The same was asked before and is not answered yet.
    """

    erasure: Erasure | None
    what: Meant
    taken_back: int
    failed: dict[str, str] = field(default_factory=dict)
    again: bool = False

    @property
    def delivered(self) -> bool:
        """Whether every drop has the notice."""
        return self.erasure is not None and _name(self.erasure) not in self.failed


def asked_payload(study: str, done: Asked) -> output.Payload:
    """Give what `--json` tells."""
    notice = done.erasure.notice if done.erasure else None
    return {
        "study": study,
        "notice_id": notice.notice_id if notice else None,
        "scope": notice.scope if notice else None,
        "episodes": list(done.what.episodes) if notice else [],
        "study_episodes": list(notice.episodes) if notice else [],
        "due": done.erasure.due if done.erasure else None,
        "asked_before": done.again,
        "taken_back": done.taken_back,
        "delivered": done.delivered,
        "failed": [f"{what}: {why}" for what, why in done.failed.items()],
    }


def asked_told(study: str, done: Asked) -> str:
    """Say what happens now."""
    if done.erasure is None:
        return f"Nothing was shared with {study} from this folder, so nothing was asked."
    what, day = done.what.told, done.erasure.due[:10]
    asked = "was asked before" if done.again else "is asked"
    if not done.delivered:
        asked = "is not reached yet; it will be asked"
    bundles = count_text(done.taken_back, "bundle")
    lines = [
        f"{study} {asked} to erase {what}. Its notice promises that by {day}.",
        *([f"Taken out of the drop: {bundles}."] if done.taken_back else []),
        "recorder trace shows when it is done.",
    ]
    return "\n".join(lines)


def told_failures(done: Asked) -> ExitCode:
    """Say what could not be reached; gives the exit code."""
    say_left(done.failed)
    return ExitCode.WARNINGS if done.failed else ExitCode.OK


def _name(erasure: Erasure) -> str:
    return f"erasure notice {erasure.notice.notice_id}"
