"""The supervisor's thread with what shows that it records, and with the pause key."""

import pytest

from recorder.agent.indicator import Indicators
from recorder.agent.notes import Pressed
from recorder.agent.session import Limits
from recorder.agent.signs import Signs
from recorder.core.errors import ExitCode
from tests.unit.agent.stage import Stage
from tests.unit.agent.test_indicator import FakeIndicator, kind

SECOND = 10**9
pytestmark = pytest.mark.usefixtures("quick_ticks")


def test_the_hotkey_pauses_and_takes_the_last_half_second_back(stage: Stage) -> None:
    stage.record()
    stage.inbox.put(Pressed(7 * SECOND))
    assert stage.recording.ended.acquire(timeout=5)
    assert stage.recording.done == ["open", "pause hotkey"]
    assert stage.recording.kept_until_ns == 7 * SECOND - SECOND // 2
    stage.inbox.put(Pressed(8 * SECOND))
    assert stage.ask(verb="status")["reasons"] == ["hotkey"]


def test_the_hotkey_does_not_change_a_pause_that_the_person_began(stage: Stage) -> None:
    stage.record()
    stage.ask(verb="pause", seconds=3600)
    stage.inbox.put(Pressed(7 * SECOND))
    said = stage.ask(verb="status")
    assert (said["reasons"], said["resumes_in_s"] is None) == (["user"], False)
    assert stage.recording.kept_until_ns is None


def shown(*made: FakeIndicator) -> Signs:
    return Signs(Indicators((kind("window", *made),), lambda _word: None))


def test_with_a_sign_of_its_own_it_goes_on_without_whoever_started_it() -> None:
    sign = FakeIndicator(is_seen=True)
    stage = Stage(Limits(), signs=shown(sign))
    stage.record()
    stage.lead.close()
    assert stage.ask(verb="status")["state"] == "recording"
    assert stage.ask(verb="stop")["state"] == "stopped"
    stage.close()
    assert sign.is_closed
    states = list(dict.fromkeys(face.state for face in sign.faces))
    assert states == ["starting", "degraded", "stopping"], "its folder is not there"


def test_before_it_was_told_that_it_records_whoever_started_it_must_be_there() -> None:
    stage = Stage(Limits(), signs=shown(FakeIndicator(is_seen=True)))
    stage.begin()
    stage.lead.close()
    stage.close()
    assert stage.recording.done == ["open", "stop"]


def test_where_no_sign_can_be_seen_nothing_is_opened() -> None:
    stage = Stage(Limits(), signs=shown(FakeIndicator(is_seen=False)))
    stage.thread.start()
    assert stage.wait("error")["code"] == ExitCode.NO_INDICATOR
    stage.close()
    assert stage.recording.done == []


def test_it_pauses_while_nobody_can_see_it_and_goes_on_when_one_can(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("recorder.agent.indicator.UNSEEN_NS", SECOND // 100)
    monkeypatch.setattr("recorder.agent.session.STEADY_NS", SECOND // 100)
    sign = FakeIndicator(is_seen=True)
    stage = Stage(Limits(), signs=shown(sign))
    stage.record()
    sign.is_seen = False
    assert stage.recording.ended.acquire(timeout=5)
    assert stage.recording.done[-1] == "pause indicator"
    said = stage.ask(verb="status")
    assert (said["reasons"], said["indicator"]) == (["indicator"], "")
    assert "indicator_hidden" in str(said["degraded"])
    sign.is_seen = True
    assert stage.recording.opened.acquire(timeout=5)
    stage.ask(verb="stop")
    stage.close()
