"""Decisions that wait: undone until they are applied, then carried out and gone.

They are in memory only: closing the page's server forgets what was not applied. While the
page is locked they are put away sealed, see `review.put_away`.
"""

import itertools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from recorder.core.errors import RecorderError
from recorder.episodes.homes import EpisodeUnknown
from recorder.review.decisions import Act, Approve, DeleteEpisode, DeleteEverything

_GONE: Final = "It went with its recording."
MOST: Final = 500
"""Decisions that wait at once."""


@dataclass(frozen=True, slots=True)
class Change:
    """One decision.

    Attributes:
        number: Names it on the page.
        episode_id: What it is about.
        says: What it does, in words.
        act: How it is carried out.
        trouble: Why it could not be carried out, "" before and otherwise.
    """

    number: int
    episode_id: str
    says: str
    act: Act
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far applying is; `total` 0 when nothing is applied now."""

    done: int = 0
    total: int = 0
    said: tuple[str, ...] = ()


class Changes:
    """The waiting decisions of one server."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: list[Change] = []
        self._turn = threading.Lock()
        self._applying = threading.Lock()
        self._is_away = False
        self._carried_out: set[int] = set()
        self._progress = Progress()

    @property
    def progress(self) -> Progress:
        """How far applying is, or what the last one said."""
        with self._turn:
            return self._progress

    @property
    def waiting(self) -> tuple[Change, ...]:
        """What waits, in the order in which it was decided."""
        with self._turn:
            return tuple(self._waiting)

    def add(self, episode_id: str, says: str, act: Act) -> Change | None:
        """Keep a decision; None when too many wait, or they are put away."""
        with self._turn:
            if self._is_away or len(self._waiting) >= MOST:
                return None
            change = Change(next(self._numbers), episode_id, says, act)
            self._waiting.append(change)
            return change

    def undo(self, number: int | None) -> Change | None:
        """Take a decision back: the last one unless named; None when there is none."""
        with self._turn:
            for change in reversed(self._waiting):
                if number in {None, change.number}:
                    self._waiting.remove(change)
                    return change
        return None

    def put_away(self) -> tuple[Change, ...]:
        """Give what waits and forget it, and what was said, until `bring_back`."""
        with self._turn:
            found, self._waiting = tuple(self._waiting), []
            self._is_away, self._progress = True, Progress()
            return found

    def bring_back(self, changes: Iterable[Change]) -> None:
        """Let wait again what was put away, but what was carried out by then."""
        with self._turn:
            self._waiting = [one for one in changes if one.number not in self._carried_out]
            self._carried_out.clear()
            self._is_away = False

    def apply(self, carry_out: Callable[[Change], str]) -> Progress:
        """Carry out what waits; what fails stays, with its reason.

        Whole episodes go first, approvals come last: a change of an episode ends them.
        Nothing when another request is at it.
        """
        if not self._applying.acquire(blocking=False):
            return self.progress
        try:
            return self._apply(carry_out)
        finally:
            self._applying.release()

    def _apply(self, carry_out: Callable[[Change], str]) -> Progress:
        wanted = sorted(self.waiting, key=_rank)
        deleted = {change.episode_id for change in wanted if isinstance(change.act, DeleteEpisode)}
        said: list[str] = []
        for done, change in enumerate(wanted):
            self._tell(Progress(done, len(wanted), tuple(said)))
            goes_anyway = change.episode_id in deleted and not isinstance(change.act, DeleteEpisode)
            try:
                told = _GONE if goes_anyway else _told(change, carry_out)
            except RecorderError as error:
                self._trouble(change, f"{error.message}. Fix: {error.fix}")
                said.append(f"Not done: {change.says}: {error.message}")
                deleted.discard(change.episode_id)
            else:
                self._done(change)
                said.append(f"{change.says}: {told}")
        self._tell(Progress(len(wanted), 0, tuple(said)))
        return self.progress

    def _tell(self, progress: Progress) -> None:
        """Say how far it is; nothing while the page is locked."""
        with self._turn:
            if not self._is_away:
                self._progress = progress

    def _done(self, change: Change) -> None:
        with self._turn:
            self._waiting = [one for one in self._waiting if one.number != change.number]
            if self._is_away:
                self._carried_out.add(change.number)

    def _trouble(self, change: Change, why: str) -> None:
        with self._turn:
            at = next(
                (at for at, one in enumerate(self._waiting) if one.number == change.number), None
            )
            if at is not None:
                self._waiting[at] = replace(change, trouble=why)


def _told(change: Change, carry_out: Callable[[Change], str]) -> str:
    """Carry a decision out; what was to go of a recording that is gone has gone with it."""
    try:
        return carry_out(change)
    except EpisodeUnknown:
        if isinstance(change.act, Approve):
            raise
        return _GONE


def _rank(change: Change) -> int:
    if isinstance(change.act, DeleteEverything | DeleteEpisode):
        return 0
    return 2 if isinstance(change.act, Approve) else 1
