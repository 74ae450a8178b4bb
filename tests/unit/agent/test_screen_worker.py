"""The redaction thread alone: what is sent as a duplicate of what."""

import socket
import time
from collections.abc import Callable

import pytest

from recorder.agent import screen_worker
from recorder.agent.screen_pipe import ScreenPipe
from recorder.agent.screen_rows import RETROACTIVE_NS, Job, Picture
from recorder.agent.screen_worker import Worker
from recorder.core.frames import FrameRow, RawFrame, Trigger
from recorder.core.geometry import Rect
from recorder.core.losses import Loss
from recorder.core.scenes import Gate, Scene
from recorder.core.screen_messages import FrameDone, Message
from tests.unit.agent.screen_agent import FakePainted, FakeRedactor

DEADLINE_S = 5.0


class Rows(ScreenPipe):
    """Keeps the rows that are sent."""

    def __init__(self, pipe: socket.socket) -> None:
        super().__init__(pipe)
        self.rows: list[FrameRow] = []

    def send(self, message: Message) -> None:
        if isinstance(message, FrameDone):
            self.rows.append(message.row)


def job(frame_id: int, value: int) -> Job:
    raw = RawFrame(bytes([value]) * 4, Rect(0, 0, 1, 1), 0, 1.0, 0, time.monotonic_ns())
    return Job(frame_id, Picture(raw, Scene(0, gate=Gate.OPEN)), [Trigger.INTERVAL])


def until(ask: Callable[[], bool]) -> None:
    end_s = time.monotonic() + DEADLINE_S
    while not ask():
        assert time.monotonic() < end_s, "it did not happen in time"
        time.sleep(0.005)


def test_what_was_painted_before_news_and_sent_after_it_is_no_pattern() -> None:
    redactor = FakeRedactor()
    with socket.socket(socket.AF_UNIX) as unused:
        pipe = Rows(unused)
    worker = Worker(redactor, pipe)
    worker.start()
    worker.add(job(1, 7))
    until(lambda: len(redactor.scenes) == 1)
    worker.reconsider()
    worker.add(job(2, 8))
    until(lambda: len(redactor.scenes) == 2)
    worker.note_change(time.monotonic_ns())
    until(lambda: len(pipe.rows) == 2)
    worker.add(job(3, 7))
    worker.finish(time.monotonic_ns() + 10**9)
    until(lambda: len(pipe.rows) == 3)
    assert [(row.image, row.dup_of_frame_id) for row in pipe.rows[2:]] == [(b"\x07", None)]
    assert redactor.reconsidered == 1


def test_no_frame_is_a_duplicate_of_one_that_was_forgotten() -> None:
    with socket.socket(socket.AF_UNIX) as unused:
        pipe = Rows(unused)
    worker = Worker(FakeRedactor(), pipe)
    worker.start()
    worker.add(job(1, 7))
    worker.note_change(time.monotonic_ns())
    until(lambda: len(pipe.rows) == 1)
    late = job(2, 8)
    worker.forget(time.monotonic_ns())
    for one in (late, job(3, 7), job(4, 8)):
        worker.add(one)
        worker.note_change(time.monotonic_ns())
        until(lambda one=one: len(pipe.rows) == one.frame_id)  # type: ignore[misc]  # bound at once
    worker.add(job(5, 8))
    worker.finish(time.monotonic_ns() + 10**9)
    until(lambda: len(pipe.rows) == 5)
    shown = [(row.image, row.dup_of_frame_id) for row in pipe.rows]
    assert shown == [(b"\x07", None), (b"\x08", None), (b"\x07", None), (b"\x08", None), (None, 4)]


def test_a_duplicate_that_waits_while_its_original_is_forgotten_is_sent_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket(socket.AF_UNIX) as unused:
        pipe = Rows(unused)
    worker = Worker(FakeRedactor(), pipe)
    worker.start()
    worker.add(job(1, 7))
    worker.note_change(time.monotonic_ns())
    until(lambda: len(pipe.rows) == 1)
    monkeypatch.setattr(screen_worker, "_NEWS_NS", 10**10)
    waiting = job(2, 7)
    worker.add(waiting)
    until(lambda: waiting.dup_of_frame_id == 1)
    worker.forget(time.monotonic_ns())
    worker.finish(time.monotonic_ns() + 10**9)
    until(lambda: len(pipe.rows) == 2)
    assert (pipe.rows[1].image, pipe.rows[1].dup_of_frame_id) == (b"\x07", None)


def test_a_frame_in_which_only_hidden_pixels_changed_is_a_duplicate() -> None:
    class OnePicture(FakeRedactor):
        painted = FakePainted(b"p")

        def redact(self, frame: RawFrame, scene: Scene, deadline_ns: int) -> FakePainted:  # noqa: ARG002 - as the port has it
            return self.painted

    with socket.socket(socket.AF_UNIX) as unused:
        pipe = Rows(unused)
    worker = Worker(OnePicture(), pipe)
    worker.start()
    worker.add(job(1, 7))
    worker.note_change(time.monotonic_ns())
    until(lambda: len(pipe.rows) == 1)
    worker.add(job(2, 8))
    worker.finish(time.monotonic_ns() + 10**9)
    until(lambda: len(pipe.rows) == 2)
    assert [(row.image, row.dup_of_frame_id) for row in pipe.rows] == [(b"p", None), (None, 1)]


def test_no_row_goes_before_news_that_forbid_it_could_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert screen_worker._NEWS_NS > RETROACTIVE_NS
    monkeypatch.setattr(screen_worker, "_NEWS_NS", 10**10)
    redactor = FakeRedactor()
    with socket.socket(socket.AF_UNIX) as unused:
        pipe = Rows(unused)
    worker = Worker(redactor, pipe)
    worker.start()
    first = job(1, 7)
    worker.add(first)
    until(lambda: first.painted is not None)
    worker.note_change(time.monotonic_ns())
    worker.add(job(2, 8))
    until(lambda: len(redactor.scenes) == 2)
    worker.narrow(Scene(first.picture.raw.t_end_ns + 10**8, gate=Gate.SECURE))
    worker.finish(time.monotonic_ns() + 10**9)
    until(lambda: not worker.is_alive)
    assert pipe.rows == []
    assert sum(lost.count for lost in worker.take_losses() if lost.reason is Loss.GATE_CLOSED) == 2
