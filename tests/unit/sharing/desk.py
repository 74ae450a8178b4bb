"""A person at work, with a study and a drop: what tests of sharing begin with."""

from dataclasses import replace
from pathlib import Path

import pytest

from recorder.consent.keys import (
    load_public_key,
    load_user_key,
)
from recorder.consent.studies import Joined, find_joined
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind
from recorder.core.levels import KeyboardLevel, Levels, TitlesLevel
from recorder.core.losses import Losses
from recorder.episodes.reader import Episode
from recorder.episodes.selection import TimeRange
from recorder.sharing.approval import Approval, Wish, approvals, approve
from recorder.sharing.consented import bounds_for
from recorder.sharing.drops import Drop, open_drop
from recorder.sharing.planning import Plan, plan_of
from recorder.sharing.sending import Sharing, share
from recorder.sharing.shared import alone
from tests.unit.episodes.studio import (
    SECOND,
    T0,
    add,
    focus,
    frame,
    moves,
    opening,
    owned_studio,
)
from tests.unit.sharing.joining import NOW, Clock, Person, make_study

TEXT = Levels(keyboard=KeyboardLevel.TEXT, titles=TitlesLevel.HOST)


class Desk:
    """A person at work: a folder with one episode of a minute, a study, a drop."""

    def __init__(self, at: Path, patch: pytest.MonkeyPatch) -> None:
        folder = at / "Recorder"
        self.studio = owned_studio(folder, patch)
        (at / "drop").mkdir()
        self.person = Person(folder, at / "state", self.studio.identity)
        self.study = make_study()
        self.clock = Clock(NOW + 1)

    @property
    def drop(self) -> Drop:
        return open_drop(self.person.folder.parent / "drop")

    def record(self) -> Episode:
        """Write a minute: a terminal, from 30 s on a site in a browser; text typed at 10 s."""
        writer = self.studio.begin()
        site = replace(focus(30, "chromium"), url_host="jira.example.com")
        task = ContextRow(T0 + SECOND, ContextKind.TASK, instruction="file expenses")
        add(writer, context=[*opening(), focus(0), task, site])
        add(writer, frames=[frame(1, 5, b"picture-one"), frame(2, 45, b"picture-two")])
        typed = EventRow(T0 + 10 * SECOND, Kind.KEY_DOWN, key="z", key_class=KeyClass.CHAR, mods=0)
        add(writer, events=[*moves(1, 2), typed, *moves(40, 2), *moves(59, 1)])
        return self.studio.open(writer.close(Losses()))

    def approve(
        self, episode: Episode, ranges: list[TimeRange] | None = None, *, bound: bool = True
    ) -> Approval:
        bounds = bounds_for(self.person.folder, self.person.state, "typing-1") if bound else None
        key = load_user_key(self.person.folder, self.person.identity)
        return approve(episode, Wish("typing-1", ranges, bounds), key.sign)

    def sharing(self, joined: Joined | None = None) -> Sharing:
        folder, state = self.person.folder, self.person.state
        found = joined or find_joined(folder, state, "typing-1")
        return Sharing(folder, found, self.person.identity, self.clock)

    def all(self) -> list[Approval]:
        user = load_public_key(self.person.folder, "user")
        return list(approvals(self.person.folder, user, "typing-1"))

    def plan(self, *, named: bool = False) -> Plan:
        return plan_of(self.sharing(), self.all(), lambda: None, named=named)

    def share(self, drop: Drop | None = None) -> list[str]:
        """Share all that is new; gives the names in the drop."""
        sharing = self.sharing()
        with alone(sharing.memory):
            for one in self.plan().planned:
                share(sharing, one.approval, one.contents, drop or self.drop)
        return list(self.drop.names("typing-1"))
