"""What the person sees of a state, what status tells, and what a choice there asks for."""

import queue
import threading
import time
from typing import cast

import pytest

from recorder.agent.control import Reply, Request
from recorder.agent.hotkey import LOST, GrabbedKey, PauseKey, Pressed
from recorder.agent.indicator import Indicators, Kind
from recorder.agent.page_opening import PageOpening
from recorder.agent.session import BY_PERSON, OF_HABIT, Reason, Session
from recorder.agent.signs import Signs, choosing, face_of
from recorder.agent.verbs import read_request
from recorder.core.degraded import DEGRADED
from recorder.core.faces import Face
from recorder.core.ports import SourceUnavailable
from tests.unit.agent.test_indicator import FakeIndicator

SECOND = 10**9
DEADLINE_S = 45.0
RECORDING = Session().start(0).sources_open(0)


class FakeKey:
    """A hotkey whose trouble the test tells."""

    def __init__(self, trouble: str = "") -> None:
        self.trouble = trouble
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


def test_each_state_has_its_face() -> None:
    said: dict[str, object] = {"app": "xterm", "elapsed_s": 7.5, "degraded": {}}
    assert face_of(RECORDING, said) == Face("recording", "", "xterm", 7.5)
    assert face_of(Session().start(0), {}) == Face("starting")
    assert face_of(RECORDING.stop("user", 0), {}) == Face("stopping")
    assert face_of(RECORDING, {**said, "degraded": {"indicator_hidden": "fix"}}).reason == ""
    degraded = {**said, "app": None, "degraded": {"hotkey_taken": "fix"}}
    assert face_of(RECORDING, degraded) == Face("degraded", "hotkey taken", "", 7.5)


@pytest.mark.parametrize("reason", list(Reason))
def test_a_pause_tells_why_and_offers_to_go_on_only_where_that_helps(reason: Reason) -> None:
    face = face_of(RECORDING.pause(reason, 0), {}, calls=True)
    assert (face.state, face.calls) == ("paused", True)
    assert face.reason
    assert face.can_resume is (reason in BY_PERSON | OF_HABIT)


def test_status_tells_what_shows_it_and_what_is_wrong_with_fixes() -> None:
    window, key = FakeIndicator(is_seen=True), FakeKey()
    kinds = (Kind("window", lambda _act: window),)
    signs = Signs(Indicators(kinds, lambda _word: None), PauseKey("ctrl+p", lambda _pressed: key))
    assert signs.open(2 * SECOND)
    end_s = time.monotonic() + 10
    while not signs.add_to({})["hotkey_works"]:
        assert time.monotonic() < end_s
        signs.keep(2 * SECOND)
    found = signs.add_to({"events": 1, "degraded": {"x": "y"}})
    assert found == {
        "events": 1, "indicator": "window", "hotkey": "ctrl+p", "hotkey_works": True,
        "degraded": {"x": "y"},
    }  # fmt: skip
    window.is_seen, key.trouble = False, "hotkey_taken"
    found = signs.add_to({"degraded": {}})
    assert (found["indicator"], found["hotkey_works"]) == ("", False)
    assert found["degraded"] == {
        word: DEGRADED[word][1] for word in ("hotkey_taken", "indicator_hidden")
    }
    signs.close()
    assert (window.is_closed, key.is_closed) == (True, True)


def test_without_signs_of_its_own_the_line_shows_it() -> None:
    found = Signs().add_to({})
    assert (found["indicator"], found["hotkey"], found["degraded"]) == ("line", "", {})


def test_a_key_that_is_lost_is_taken_anew_once_a_second() -> None:
    keys = [FakeKey(), FakeKey()]
    tries: list[Pressed] = []

    def grab(pressed: Pressed) -> GrabbedKey:
        tries.append(pressed)
        if len(tries) == 2:
            raise SourceUnavailable("No display", "none")
        return keys[0] if len(tries) == 1 else keys[1]

    key = PauseKey("ctrl+p", grab)
    assert key.trouble == LOST
    keep(key, 2 * SECOND)
    assert key.trouble == ""
    keys[0].trouble = LOST
    keep(key, 3 * SECOND - 1)
    assert len(tries) == 1
    keep(key, 3 * SECOND)
    assert (len(tries), key.trouble) == (2, LOST)
    keep(key, 4 * SECOND)
    assert (keys[0].is_closed, key.trouble) == (True, "")


def keep(key: PauseKey, now_ns: int) -> None:
    """Let it see to it, and to what was made on another thread."""
    key.keep(now_ns)
    if key._making is not None and key._making._thread is not None:
        key._making._thread.join(10.0)
    key.keep(now_ns)


def test_a_key_that_nobody_took_yet_is_let_go_too() -> None:
    made = FakeKey()
    key = PauseKey("ctrl+p", lambda _pressed: made)
    key.keep(2 * SECOND)
    key.close()
    assert made.is_closed


def test_no_key_is_no_trouble() -> None:
    key = PauseKey()
    key.keep(10 * SECOND)
    assert key.trouble == ""


def test_a_choice_becomes_a_request_that_needs_no_answer() -> None:
    asked: list[Request] = []

    def ask(request: Request, reply: Reply) -> None:
        asked.append(request)
        reply.progress({})
        reply.done({})

    answers: list[object] = []
    opened: list[str] = []
    act = choosing(ask, lambda: answers.append, lambda: opened.append("page"))
    for word in ("pause", "resume", "forget", "review", "stop", "dance"):
        act(word)
    verbs = [read_request(request).verb for request in asked]
    assert verbs == ["pause", "resume", "forget", "stop"]
    assert cast("float", asked[2]["seconds"]) == 300
    assert answers == [{}], "the answer to forget alone is told"
    assert opened == ["page"]


def test_review_is_offered_once_somebody_would_start_the_page() -> None:
    shown, asked, would_start = FakeIndicator(is_seen=True), threading.Event(), threading.Event()

    def can_open() -> bool:
        asked.set()
        return would_start.wait(DEADLINE_S)

    page = PageOpening(can_open, lambda: True, lambda: None)
    signs = Signs(Indicators((Kind("tray", lambda _act: shown),), lambda _word: None), page=page)
    assert signs.open(2 * SECOND)
    assert asked.wait(DEADLINE_S)
    signs.show(RECORDING, {})
    told = [face.can_review for face in shown.faces]
    assert not any(told)
    would_start.set()
    end_s = time.monotonic() + DEADLINE_S
    while not shown.faces[-1].can_review:
        assert time.monotonic() < end_s
        signs.show(RECORDING, {})
    signs.show(RECORDING, {})
    assert shown.faces[-1].can_review, "it stays so"


def test_a_page_that_does_not_open_is_told_and_may_be_asked_for_again() -> None:
    failed: queue.Queue[str] = queue.Queue()
    page = PageOpening(lambda: True, lambda: False, lambda: failed.put("failed"))
    for _turn in range(2):
        page.open()
        assert failed.get(timeout=DEADLINE_S) == "failed"
        page._opening.wait(DEADLINE_S)


def test_a_page_that_opens_is_not_told() -> None:
    opened = threading.Event()
    failed: list[str] = []

    def open_page() -> bool:
        opened.set()
        return True

    page = PageOpening(lambda: True, open_page, lambda: failed.append("failed"))
    page.open()
    assert opened.wait(DEADLINE_S)
    page._opening.wait(DEADLINE_S)
    assert failed == []


def test_a_glimpse_does_not_end_a_pause_for_what_could_not_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recorder.agent.indicator._OTHER_NS", 10**18)
    window = FakeIndicator(is_seen=True)
    signs = Signs(Indicators((Kind("window", lambda _act: window),), lambda _word: None))
    now_ns = time.monotonic_ns()
    assert signs.open(now_ns)
    for since_s, is_seen, is_kept, is_kept_paused in (
        (0, True, True, True),
        (1, False, True, False),
        (6, False, False, False),
        (7, True, True, True),
        (8, False, True, False),
    ):
        window.is_seen = is_seen
        assert signs.keep(now_ns + since_s * SECOND) is is_kept
        assert signs.keep(now_ns + since_s * SECOND, is_paused=True) is is_kept_paused
    signs.close()
    assert Signs().keep(now_ns, is_paused=True), "a line in a terminal is somebody else's to see"
