"""The supervisor's inbox: a supervisor that hangs ends no other thread."""

import logging

import pytest

from recorder.agent.notes import Crashed, Inbox


def test_a_note_is_taken_out_in_its_order() -> None:
    inbox = Inbox(2)
    assert inbox.hand_in(Crashed("one"))
    assert inbox.hand_in(Crashed("two"))
    assert [inbox.get_nowait(), inbox.get_nowait()] == [Crashed("one"), Crashed("two")]


def test_a_note_for_a_supervisor_that_hangs_is_refused_and_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    inbox = Inbox(1, wait_s=0.001)
    inbox.hand_in(Crashed("first"))
    with caplog.at_level(logging.ERROR):
        assert not inbox.hand_in(Crashed("content of a note"))
    assert inbox.refused == 1
    assert [record.getMessage() for record in caplog.records] == [
        "the supervisor did not take a note: Crashed"
    ]
