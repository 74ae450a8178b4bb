"""Decisions that wait: order, undo, failure, one apply at a time."""

import threading

import pytest

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.homes import EpisodeUnknown
from recorder.episodes.selection import Selection
from recorder.review.changes import MOST, Change, Changes
from recorder.review.decisions import Approve, DeleteEpisode, DeletePart

PART = DeletePart(Selection(app_id="xterm"))


class Refused(RecorderError):
    """Stands for anything expected."""

    def __init__(self) -> None:
        super().__init__("No", "none", ExitCode.USAGE)


@pytest.fixture
def changes() -> Changes:
    found = Changes()
    found.add("one", "approve one", Approve("study", None))
    found.add("one", "delete a part", PART)
    found.add("two", "delete two", DeleteEpisode())
    found.add("two", "delete a part of two", PART)
    return found


def test_whole_recordings_go_first_and_approvals_come_last(changes: Changes) -> None:
    done: list[str] = []

    def carry_out(change: Change) -> str:
        done.append(change.says)
        return "done"

    told = changes.apply(carry_out)
    assert done == ["delete two", "delete a part", "approve one"]
    assert "It went with its recording." in " ".join(told.said)
    assert changes.waiting == ()


def test_what_fails_stays_and_the_others_are_done(changes: Changes) -> None:
    def carry_out(change: Change) -> str:
        if change.says == "delete two":
            raise Refused
        return "done"

    changes.apply(carry_out)
    assert [(one.says, one.trouble) for one in changes.waiting] == [("delete two", "No. Fix: none")]


def test_a_bug_ends_applying_and_keeps_what_is_left(changes: Changes) -> None:
    def carry_out(_change: Change) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        changes.apply(carry_out)
    assert len(changes.waiting) == 4
    assert changes.apply(lambda _change: "done").total == 0
    assert not changes.waiting


def test_a_second_apply_waits_for_nothing(changes: Changes) -> None:
    entered, go_on = threading.Event(), threading.Event()

    def carry_out(_change: Change) -> str:
        entered.set()
        assert go_on.wait(10)
        return "done"

    first = threading.Thread(target=changes.apply, args=(carry_out,))
    first.start()
    assert entered.wait(10)
    assert changes.apply(carry_out).total == 4
    go_on.set()
    first.join(10)
    assert changes.waiting == ()


def test_undo_takes_the_last_or_the_named_one(changes: Changes) -> None:
    named = changes.waiting[1]
    assert changes.undo(named.number) == named
    assert changes.undo(named.number) is None
    last = changes.undo(None)
    assert last is not None
    assert last.says == "delete a part of two"


def test_there_is_a_bound() -> None:
    changes = Changes()
    for _ in range(MOST):
        assert changes.add("one", "x", PART) is not None
    assert changes.add("one", "x", PART) is None


def test_what_was_to_go_of_a_recording_that_is_gone_is_done() -> None:
    changes = Changes()
    changes.add("one", "delete a part", PART)
    changes.add("one", "approve one", Approve("study", None))

    def gone(_change: Change) -> str:
        raise EpisodeUnknown

    told = changes.apply(gone)
    assert told.said[0] == "delete a part: It went with its recording."
    assert [one.says for one in changes.waiting] == ["approve one"]
