"""The state machine of a recording: each state against each message."""

from collections.abc import Callable

import pytest

from recorder.agent.session import STEADY_NS, Limits, Reason, Session, State

NOW = 1_000_000_000_000
SECOND = 10**9
Change = Callable[[Session], Session]


def at(state: State) -> Session:
    """Give a session that went to the state by its own messages."""
    new = Session()
    begun = new.start(NOW)
    running = begun.sources_open(NOW)
    return {
        State.STOPPED: new,
        State.STARTING: begun,
        State.RECORDING: running,
        State.PAUSED: running.pause(Reason.USER, NOW),
        State.STOPPING: running.stop("user", NOW),
    }[state]


MESSAGES: dict[str, Change] = {
    "start": lambda s: s.start(NOW),
    "open": lambda s: s.sources_open(NOW),
    "pause": lambda s: s.pause(Reason.USER, NOW),
    "trouble": lambda s: s.pause(Reason.DISK, NOW),
    "resume": lambda s: s.resume(NOW),
    "stop": lambda s: s.stop("user", NOW),
    "stopped": lambda s: s.stopped(NOW),
    "tick": lambda s: s.tick(NOW),
}
CHANGES = {
    (State.STOPPED, "start"): State.STARTING,
    (State.STARTING, "open"): State.RECORDING,
    (State.STARTING, "pause"): State.PAUSED,
    (State.STARTING, "trouble"): State.PAUSED,
    (State.STARTING, "stop"): State.STOPPING,
    (State.RECORDING, "pause"): State.PAUSED,
    (State.RECORDING, "trouble"): State.PAUSED,
    (State.RECORDING, "stop"): State.STOPPING,
    (State.PAUSED, "resume"): State.STARTING,
    (State.PAUSED, "stop"): State.STOPPING,
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("message", list(MESSAGES))
def test_every_message_in_every_state_goes_where_the_table_says(state: State, message: str) -> None:
    expected = State.STOPPED if message == "stopped" else CHANGES.get((state, message), state)
    assert MESSAGES[message](at(state)).state is expected


def test_a_pause_by_the_person_outlives_any_time() -> None:
    paused = at(State.PAUSED)
    assert paused.tick(NOW + 3600 * SECOND) == paused


def test_an_automatic_pause_ends_after_two_steady_seconds() -> None:
    gone = at(State.RECORDING).pause(Reason.DISPLAY_LOST, NOW).cleared(Reason.DISPLAY_LOST, NOW)
    assert gone.tick(NOW + STEADY_NS - 1).state is State.PAUSED
    assert gone.tick(NOW + STEADY_NS).state is State.STARTING


def test_trouble_that_comes_back_starts_the_two_seconds_anew() -> None:
    gone = at(State.RECORDING).pause(Reason.DISK, NOW).cleared(Reason.DISK, NOW)
    again = gone.pause(Reason.DISK, NOW + SECOND)
    assert again.tick(NOW + 10 * SECOND).state is State.PAUSED


def test_every_cause_must_be_gone() -> None:
    both = at(State.RECORDING).pause(Reason.DISK, NOW).pause(Reason.DISPLAY_LOST, NOW)
    one = both.cleared(Reason.DISK, NOW)
    assert one.tick(NOW + 10 * SECOND).reasons == {Reason.DISPLAY_LOST}
    none = one.cleared(Reason.DISPLAY_LOST, NOW)
    assert none.tick(NOW + 10 * SECOND).state is State.STARTING


def test_the_person_does_not_end_an_automatic_pause() -> None:
    both = at(State.PAUSED).pause(Reason.DISK, NOW)
    assert both.resume(NOW).reasons == {Reason.DISK}
    assert both.resume(NOW).state is State.PAUSED


def test_an_automatic_end_leaves_the_pause_of_the_person() -> None:
    gone = at(State.PAUSED).pause(Reason.DISK, NOW).cleared(Reason.DISK, NOW)
    later = gone.tick(NOW + STEADY_NS)
    assert later.state is State.PAUSED
    assert later.reasons == {Reason.USER}


def test_a_pause_with_an_end_resumes_then_and_not_before() -> None:
    paused = at(State.RECORDING).pause(Reason.USER, NOW, NOW + 5 * SECOND)
    assert paused.tick(NOW + 5 * SECOND - 1).state is State.PAUSED
    assert paused.tick(NOW + 5 * SECOND).state is State.STARTING


def test_a_second_pause_without_an_end_takes_the_end_back() -> None:
    paused = at(State.RECORDING).pause(Reason.USER, NOW, NOW + SECOND).pause(Reason.USER, NOW)
    assert paused.tick(NOW + 60 * SECOND).state is State.PAUSED


@pytest.mark.parametrize("state", [State.STARTING, State.RECORDING, State.PAUSED])
def test_the_cap_stops_from_every_live_state(state: State) -> None:
    ended = at(state).tick(NOW + Limits().cap_ns)
    assert ended.state is State.STOPPING
    assert ended.ended_by == "cap"


def test_the_word_of_the_person_goes_before_habit_but_not_before_a_lock() -> None:
    habit = at(State.PAUSED).pause(Reason.IDLE, NOW).pause(Reason.SCHEDULE, NOW)
    assert habit.resume(NOW).state is State.STARTING
    assert habit.pause(Reason.LOCK, NOW).resume(NOW).reasons == {Reason.LOCK}


def test_time_asleep_counts_as_part_of_the_pause_and_towards_the_cap() -> None:
    woken = at(State.RECORDING).slept(900 * SECOND, NOW + SECOND)
    assert woken.reasons == {Reason.SUSPEND}
    assert woken.closes_episode(NOW + SECOND)
    assert woken.tick(NOW + 6300 * SECOND).ended_by == "cap"


@pytest.mark.parametrize("state", [State.STOPPED, State.STOPPING])
def test_sleep_changes_nothing_where_nothing_runs(state: State) -> None:
    assert at(state).slept(900 * SECOND, NOW) == at(state)


def test_one_that_waits_is_paused_by_the_person_and_the_cap_does_not_count() -> None:
    waiting = Session().wait(NOW)
    assert waiting.state is State.PAUSED
    assert waiting.reasons == {Reason.USER}
    late = NOW + 10 * Limits().cap_ns
    assert waiting.pause(Reason.DISK, NOW).cleared(Reason.DISK, NOW).tick(late).is_waiting
    begun = waiting.resume(late).sources_open(late)
    assert begun.tick(late + Limits().cap_ns - 1).state is State.RECORDING
    assert begun.tick(late + Limits().cap_ns).ended_by == "cap"


def test_only_a_stopped_session_waits() -> None:
    assert at(State.RECORDING).wait(NOW) == at(State.RECORDING)


def test_a_long_pause_closes_the_episode_and_counts_from_its_beginning() -> None:
    paused = at(State.PAUSED).pause(Reason.DISK, NOW + 600 * SECOND)
    assert not paused.closes_episode(NOW + 899 * SECOND)
    assert paused.closes_episode(NOW + 900 * SECOND)


def test_the_first_reason_of_a_stop_stays() -> None:
    stopping = at(State.RECORDING).stop("consent", NOW).stop("user", NOW)
    assert stopping.stopped(NOW).ended_by == "consent"


def test_a_pause_by_the_person_is_told_as_theirs_whatever_came_meanwhile() -> None:
    paused = Session().start(0).pause(Reason.USER, NOW).pause(Reason.IDLE, NOW)
    assert paused.told_reason is Reason.USER
    assert Session().start(0).pause(Reason.LOCK, NOW).told_reason is Reason.LOCK
    assert Session().told_reason is Reason.USER
