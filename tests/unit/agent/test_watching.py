"""When a recording pauses by itself, and when it goes on: readings in, sessions out."""

import time
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.agent.looking import Looking
from recorder.agent.order import Watch
from recorder.agent.session import STEADY_NS, Limits, Reason, Session, State
from recorder.agent.watching import Senses, Watching
from recorder.core.ports import Presence
from tests.unit.agent.stage import FakeRecording

NOW = 1_000 * 10**9
SECOND = 10**9
STEP_NS = SECOND // 2
NOON, EVENING = 12, 20
HERE, AWAY = Presence(0, is_locked=False), Presence(400_000, is_locked=False)
LOCKED = Presence(0, is_locked=True)
BLIND = Presence()


class Told(Looking):
    """Tells what the test says."""

    def __init__(self, presence: Presence) -> None:
        super().__init__()
        self.presence = presence

    def newest(self, now_ns: int) -> Presence:  # noqa: ARG002 - as the real one
        return self.presence


@dataclass
class Desk:
    """A recording at a desk: the test says who is there, what time it is, and lets it pass."""

    watch: Watch = field(default_factory=lambda: Watch(idle_s=300, hours="09:00-17:30"))
    hour: int = NOON
    slept_ns: int = 0
    now_ns: int = NOW
    present: Presence = HERE

    def __post_init__(self) -> None:
        self.looking = Told(self.present)
        self.recording = FakeRecording()
        senses = Senses(self._local, lambda: self.slept_ns)
        self.watching = Watching(self.recording, self.watch, self.looking, senses)
        self.session = Session(Limits()).start(NOW).sources_open(NOW)
        self.tick()

    def _local(self) -> time.struct_time:
        return time.struct_time((2026, 11, 23, self.hour, 0, 0, 0, 327, 0))

    def tick(self) -> None:
        """Do as the supervisor does."""
        session = self.watching.tick(self.session, self.now_ns).tick(self.now_ns)
        self.session = session.sources_open(self.now_ns)

    def passes(self, seconds: float) -> None:
        for _ in range(int(seconds * SECOND / STEP_NS)):
            self.now_ns += STEP_NS
            self.tick()

    def sees(self, presence: Presence, seconds: float = 1.5) -> frozenset[Reason]:
        self.looking.presence = presence
        self.passes(seconds)
        return self.session.reasons

    def resume(self) -> None:
        self.watching.resumed()
        self.session = self.session.resume(self.now_ns).sources_open(self.now_ns)


def test_it_pauses_when_nobody_was_there_for_as_long_as_was_said() -> None:
    desk = Desk()
    assert desk.sees(Presence(299_999, is_locked=False)) == set()
    assert desk.sees(Presence(300_000, is_locked=False)) == {Reason.IDLE}


def test_it_goes_on_two_seconds_after_somebody_is_back() -> None:
    desk = Desk()
    desk.sees(AWAY)
    assert desk.sees(HERE, 2) == {Reason.IDLE}
    assert desk.sees(HERE, 2) == set()
    assert desk.session.state is State.RECORDING


def test_who_leaves_again_at_once_is_not_back() -> None:
    desk = Desk()
    desk.sees(AWAY)
    desk.sees(HERE, 1.5)
    assert desk.sees(Presence(6_000, is_locked=False), 60) == {Reason.IDLE}


def test_zero_minutes_never_pause() -> None:
    desk = Desk(Watch(sees_locks=True))
    assert desk.sees(AWAY, 10) == set()


def test_what_cannot_be_told_begins_no_pause_and_ends_none() -> None:
    desk = Desk()
    assert desk.sees(BLIND, 10) == set()
    desk.sees(Presence(400_000, is_locked=True))
    assert desk.sees(BLIND, 60) == {Reason.IDLE, Reason.LOCK}


def test_what_falls_silent_before_two_steady_seconds_has_not_ended() -> None:
    desk = Desk()
    desk.sees(AWAY)
    desk.sees(HERE, 1.5)
    assert desk.sees(BLIND, 60) == {Reason.IDLE}


def test_a_display_without_idle_time_is_told_and_claims_nothing() -> None:
    desk = Desk()
    assert desk.sees(Presence(degraded=("no_idle_time",)), 10) == set()
    assert desk.watching.degraded(desk.now_ns) == ("no_idle_time",)
    assert Desk(Watch()).watching.degraded(NOW) == ()


def test_a_lock_pauses_at_once_and_closes_the_episode() -> None:
    desk = Desk()
    desk.looking.presence = LOCKED
    desk.now_ns += 1
    desk.tick()
    assert desk.session.reasons == {Reason.LOCK}
    assert desk.session.closes_episode(desk.now_ns)
    assert desk.sees(HERE, 4) == set()


def test_no_word_of_the_person_ends_a_lock() -> None:
    desk = Desk()
    desk.sees(LOCKED)
    desk.resume()
    assert desk.session.reasons == {Reason.LOCK}


def test_an_unlocked_screen_leaves_the_pause_of_the_person() -> None:
    desk = Desk()
    desk.session = desk.session.pause(Reason.USER, desk.now_ns)
    assert desk.sees(LOCKED) == {Reason.USER, Reason.LOCK}
    assert desk.sees(HERE, 60) == {Reason.USER}


def test_a_pause_with_an_end_does_not_end_while_nobody_is_there() -> None:
    desk = Desk()
    desk.session = desk.session.pause(Reason.USER, desk.now_ns, desk.now_ns + 10 * SECOND)
    assert desk.sees(AWAY, 20) == {Reason.IDLE}


def test_it_pauses_when_the_hours_are_over_and_goes_on_when_they_begin() -> None:
    desk = Desk()
    desk.hour = EVENING
    assert desk.sees(HERE) == {Reason.SCHEDULE}
    assert desk.watching.is_outside_hours
    desk.hour = NOON
    assert desk.sees(HERE, 4) == set()


def test_who_resumes_outside_the_hours_records_until_they_end_the_next_time() -> None:
    desk = Desk()
    desk.hour = EVENING
    desk.sees(HERE)
    desk.resume()
    assert desk.sees(HERE, 60) == set()
    desk.hour = NOON
    desk.sees(HERE)
    desk.hour = EVENING
    assert desk.sees(HERE) == {Reason.SCHEDULE}


def test_who_starts_outside_the_hours_records() -> None:
    desk = Desk(hour=EVENING)
    assert desk.sees(HERE, 60) == set()


def test_who_starts_from_elsewhere_records_until_somebody_came_and_left() -> None:
    desk = Desk(present=AWAY)
    assert desk.sees(AWAY, 60) == set()
    desk.sees(HERE)
    assert desk.sees(AWAY) == {Reason.IDLE}


def test_who_resumes_from_elsewhere_records_until_somebody_came_and_left() -> None:
    desk = Desk()
    desk.sees(AWAY)
    desk.resume()
    assert desk.sees(AWAY, 60) == set()
    desk.sees(HERE)
    assert desk.sees(AWAY) == {Reason.IDLE}


def test_sleep_is_a_pause_that_ends_after_two_steady_seconds() -> None:
    desk = Desk()
    desk.slept_ns += 60 * SECOND
    assert desk.sees(HERE, 0.5) == {Reason.SUSPEND}
    assert not desk.session.closes_episode(desk.now_ns)
    assert desk.sees(HERE, 4) == set()
    assert desk.recording.done == []


def test_long_sleep_closes_the_episode_and_counts_towards_the_cap() -> None:
    desk = Desk()
    desk.slept_ns += 1_000 * SECOND
    desk.sees(HERE, 0.5)
    assert desk.session.closes_episode(desk.now_ns)
    desk.slept_ns += 7_000 * SECOND
    desk.sees(HERE, 0.5)
    assert (desk.session.state, desk.session.ended_by) == (State.STOPPING, "cap")


def test_a_short_nap_is_no_pause() -> None:
    desk = Desk()
    desk.slept_ns += 2 * SECOND
    assert desk.sees(HERE, 0.5) == set()


@pytest.mark.parametrize(("gap_s", "lost"), [(9, []), (11, ["lost context stalled"])])
def test_a_process_that_stood_still_counts_that_as_a_loss(gap_s: int, lost: list[str]) -> None:
    desk = Desk()
    desk.now_ns += gap_s * SECOND
    desk.tick()
    assert desk.recording.done == lost


def test_standing_still_while_paused_loses_nothing() -> None:
    desk = Desk()
    desk.session = desk.session.pause(Reason.USER, desk.now_ns)
    desk.now_ns += 60 * SECOND
    desk.tick()
    assert desk.recording.done == []


READINGS = st.tuples(
    st.sampled_from([HERE, AWAY, LOCKED, BLIND, Presence(400_000, is_locked=True)]),
    st.sampled_from([NOON, EVENING]),
    st.sampled_from(["", "", "", "pause", "resume", "sleep"]),
    st.integers(1, 8),
)


@given(st.lists(READINGS, max_size=20))
def test_no_order_of_readings_records_a_locked_screen_or_flaps(
    readings: list[tuple[Presence, int, str, int]],
) -> None:
    desk = Desk()
    for presence, hour, verb, steps in readings:
        desk.looking.presence, desk.hour = presence, hour
        if verb == "pause":
            desk.session = desk.session.pause(Reason.USER, desk.now_ns)
        elif verb == "resume":
            desk.resume()
        elif verb == "sleep":
            desk.slept_ns += 3 * SECOND
        for _ in range(steps):
            before, since_ns = desk.session, desk.session.gone_ns
            desk.passes(0.5)
            _holds(desk, before, since_ns)


def _holds(desk: Desk, before: Session, gone_ns: int | None) -> None:
    after = desk.session
    if Reason.USER in before.reasons:
        assert Reason.USER in after.reasons, "only a word ends the person's own pause"
    if desk.looking.presence.is_locked:
        assert after.state is not State.RECORDING
    if before.state is State.PAUSED and after.state is State.RECORDING:
        assert gone_ns is not None
        assert desk.now_ns - gone_ns >= STEADY_NS
