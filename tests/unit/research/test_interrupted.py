"""A run that is stopped ends at once and spoils nothing; a clock that is wrong is noticed."""

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from recorder.consent.studies import Joined
from recorder.core.errors import ExitCode
from recorder.research import collecting
from recorder.research.collection import utc_now
from recorder.research.content_process import KILLED, ContentCut, ContentProcess
from recorder.research.content_verdict import Asked, ContentVerdict
from recorder.research.quarantine import quarantined
from recorder.sharing.ustar import Readable
from tests.unit.research.bundles import AT, Content, Lab, bundle, new_id
from tests.unit.sharing.joining import Person

DEADLINE_S = 20


@pytest.fixture
def fresh() -> Iterator[ContentProcess]:
    with ContentProcess() as process:
        yield process


class Never:
    """A payload whose next byte does not come until somebody says so."""

    def __init__(self) -> None:
        self.asked, self.ended = threading.Event(), threading.Event()

    def read(self, _size: int = -1) -> bytes:
        self.asked.set()
        assert self.ended.wait(DEADLINE_S)
        return b""


def asked(lab: Lab) -> Asked:
    return Asked(bundle_id=new_id(), episode_id=new_id(), user_key="00" * 32, agreed=())


def test_a_check_that_is_cut_tells_nothing_of_the_content(lab: Lab, fresh: ContentProcess) -> None:
    payload, told = Never(), []

    def check() -> None:
        try:
            fresh.check(asked(lab), payload, lab.study.identity)
        except ContentCut as cut:
            told.append(cut.code)

    thread = threading.Thread(target=check)
    thread.start()
    assert payload.asked.wait(DEADLINE_S)
    fresh.cut()
    payload.ended.set()
    thread.join(DEADLINE_S)
    assert told == [ExitCode.INTERRUPTED]


def test_a_child_that_went_is_started_anew(
    lab: Lab, person: Person, joined: Joined, fresh: ContentProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "ContentProcess", lambda: fresh)
    lab.share(person, joined)
    assert lab.collect().tally.states == {"new": 1}
    fresh._send(b"{}", [os.open(os.devnull, os.O_RDWR), os.open(os.devnull, os.O_RDWR)])
    assert fresh._child is not None
    process = fresh._child[0]
    os.kill(process.pid, signal.SIGKILL)
    process.wait(DEADLINE_S)
    lab.share(person, joined)
    assert lab.collect().tally.states == {"known": 1, "new": 1}


def test_ctrl_c_ends_the_checks_and_the_next_run_goes_on(
    lab: Lab, person: Person, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        lab.share(person, joined)
    cuts: list[int] = []
    with monkeypatch.context() as patch:
        patch.setattr(ContentProcess, "cut", lambda _: cuts.append(1))
        patch.setattr(collecting, "wait", stopped)
        with pytest.raises(KeyboardInterrupt):
            lab.collect()
    assert cuts == [1]
    assert not list(quarantined(lab.collection.folder))
    assert sum(lab.collect().tally.states.values()) == 3
    assert len(list(lab.collection.paths())) == 3


def stopped(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_killed_check_is_tried_once_more_and_then_refused_for_good(
    lab: Lab, person: Person, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.share(person, joined)
    checks: list[str] = []

    def killed(_: object, asked: Asked, _sealed: Readable, _identity: str) -> ContentVerdict:
        checks.append(asked.bundle_id)
        return KILLED

    with monkeypatch.context() as patch:
        patch.setattr(ContentProcess, "check", killed)
        states = [dict(lab.collect().tally.states) for _ in range(3)]
    assert states == [{"refused": 1}, {"refused": 1}, {"refused before": 1}]
    assert len(checks) == 2
    assert lab.collect(again=True).tally.states == {"new": 1}


def test_what_was_made_in_the_future_waits_for_the_clock(
    lab: Lab, person: Person, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.share(person, joined)
    before = utc_now() - timedelta(days=2)
    with monkeypatch.context() as patch:
        patch.setattr(collecting, "utc_now", lambda: before)
        report = lab.collect(now=AT - timedelta(days=700))
    ((code, reason),) = report.tally.refused
    assert (code, "clock" in reason) == (ExitCode.CONSENT_MISMATCH, True)
    assert lab.collect().tally.states == {"new": 1}


def test_a_copy_under_anothers_name_is_refused_and_not_fetched_again(
    lab: Lab, person: Person, joined: Joined
) -> None:
    data, manifest = bundle(person, joined, Content())
    path = lab.put(data, manifest)
    thief = path.parent.with_name("p" + "0" * 32) / path.name
    thief.parent.mkdir()
    shutil.copy(path, thief)
    assert lab.collect().tally.states == {"refused": 1, "new": 1}
    assert lab.collect().tally.states == {"refused before": 1, "known": 1}
