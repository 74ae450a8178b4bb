"""Who looks may hang; who decides reads the newest answer and never waits."""

import threading
import time
from collections.abc import Iterator

import pytest

from recorder.agent.looking import Looking
from recorder.agent.making import Aside
from recorder.core.ports import Presence
from tests.unit.agent.stand_ins import Teller

END_S = 10.0
SECOND = 10**9


@pytest.fixture
def tellers() -> tuple[Teller, Teller]:
    return Teller("display"), Teller("bus")


@pytest.fixture
def looking(tellers: tuple[Teller, Teller]) -> Iterator[Looking]:
    found = Looking(tellers)
    found.start()
    yield found
    found.close()
    assert all(teller.ended.wait(END_S) for teller in tellers)


def test_one_source_that_says_locked_is_enough(
    looking: Looking, tellers: tuple[Teller, Teller]
) -> None:
    display, bus = tellers
    assert looking.newest(0) == Presence()
    display.tell(Presence(1200, is_locked=False))
    bus.tell(Presence(is_locked=True))
    assert looking.newest(time.monotonic_ns()) == Presence(1200, is_locked=True)
    bus.tell(Presence(is_locked=False))
    assert looking.newest(time.monotonic_ns()) == Presence(1200, is_locked=False)


def test_old_idle_time_tells_nothing_but_an_old_lock_stands(
    looking: Looking, tellers: tuple[Teller, Teller]
) -> None:
    tellers[0].tell(Presence(1200, is_locked=True))
    assert looking.newest(time.monotonic_ns() + 6 * SECOND) == Presence(None, is_locked=True)


def test_only_locks_and_their_end_are_news() -> None:
    told = threading.Semaphore(0)
    teller = Teller("display")
    looking = Looking((teller,), told.release)
    looking.start()
    for ms, is_locked in ((0, True), (1, True), (2, True), (0, False)):
        teller.tell(Presence(ms, is_locked=is_locked))
    looking.close()
    assert [told.acquire(blocking=False) for _ in range(3)] == [True, True, False]


def test_a_question_that_hangs_is_asked_once_and_answered_later() -> None:
    asked = threading.Semaphore(0)
    may_answer = threading.Event()

    def question() -> bool:
        asked.release()
        return may_answer.wait(END_S)

    aside = Aside(question, "hangs")
    assert [aside.answer() for _ in range(3)] == [False] * 3
    assert [asked.acquire(blocking=False) for _ in range(2)] == [True, False]
    may_answer.set()
    deadline = time.monotonic() + END_S
    while not aside.answer():
        assert time.monotonic() < deadline
