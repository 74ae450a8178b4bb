"""The agent's side of the screen pipe, and fakes of source and redactor, for tests."""

import os
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from recorder.agent.screen_loop import run_screen
from recorder.core.frames import FrameRow, PaintedBox, RawFrame
from recorder.core.geometry import Monitor, Rect
from recorder.core.levels import Levels
from recorder.core.ports import SourceLost
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from recorder.core.scenes import Gate, Paint, Scene, Window
from recorder.core.screen_messages import (
    ActionBegan,
    Drain,
    EntityIs,
    EntityWanted,
    FrameBound,
    FrameDone,
    FramesLost,
    Hello,
    Message,
    SceneIs,
    SceneWanted,
    Unpacker,
    pack,
)
from recorder.redaction.entities import EntityClient

DEADLINE_S = 5.0
_LOOK_S = 0.005
MONITOR = Monitor(0, Rect(0, 0, 4, 2), is_primary=True)
OPEN = Scene(0, (MONITOR,), (Window(7, Rect(0, 0, 4, 2), Paint.REDACT),), gate=Gate.OPEN, focus=7)
T = TypeVar("T")


class FakeScreen:
    """A `ScreenSource` whose picture the test sets."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self._pixels = b"\0" * 32
        self._is_changed = True
        self._change_ns: int | None = None
        self.is_open = False
        self.grabs = 0
        self.is_gone = False
        """Whether the monitor is no longer on the screen."""
        self.on_grab: Callable[[], None] = lambda: None

    def paint(self, value: int) -> None:
        self._pixels, self._is_changed = bytes([value]) * 32, True
        self._change_ns = time.monotonic_ns()
        os.write(self._write, b"1")

    def open(self, grant: LiveGrant) -> None:
        self.is_open = grant is not None

    def fileno(self) -> int:
        return self._read

    def wait_for_change(self, timeout_s: float) -> bool:
        if select.select([self._read], [], [], timeout_s)[0]:
            os.read(self._read, 100)
        return self._is_changed

    @property
    def last_change_ns(self) -> int | None:
        return self._change_ns

    def grab(self, monitor: Monitor) -> RawFrame | None:
        self._is_changed = False
        self.grabs += 1
        start_ns, pixels = time.monotonic_ns(), self._pixels
        self.on_grab()
        if self.is_gone:
            return None
        end_ns = time.monotonic_ns()
        return RawFrame(
            pixels,
            monitor.rect,
            monitor.monitor_id,
            monitor.scale,
            start_ns,
            end_ns,
            self._change_ns,
        )

    def close(self) -> None:
        self.is_open = False


@dataclass(frozen=True)
class FakePainted:
    image: bytes
    sha256: str = "00" * 32
    phash64: int = 5
    level: str = "redacted"
    boxes: tuple[PaintedBox, ...] = ()


class FakeRedactor:
    """Gives the first pixel as the image; may wait or raise as the test says."""

    def __init__(self) -> None:
        self.may_go = threading.Event()
        self.may_go.set()
        self.began = threading.Event()
        self.error: Exception | None = None
        self.scenes: list[Scene] = []
        self.reconsidered = 0
        self.entities: EntityClient | None = None

    def prepare(self) -> None:
        """Nothing is loaded here."""

    def redact(self, frame: RawFrame, scene: Scene, deadline_ns: int) -> FakePainted:  # noqa: ARG002 - as the port has it
        self.began.set()
        self.scenes.append(scene)
        self.may_go.wait(DEADLINE_S)
        if self.error is not None:
            raise self.error
        boxes: tuple[PaintedBox, ...] = ()
        if self.entities is not None:
            boxes = (PaintedBox(Rect(0, 0, 1, 1), f"EMAIL_{self.entities.number('EMAIL', 'x')}"),)
        return FakePainted(bytes(frame.pixels[:1]), boxes=boxes)

    def reconsider(self) -> None:
        self.reconsidered += 1


@dataclass
class Agent:
    """Answers scenes, remembers what came."""

    pipe: socket.socket
    scene: Scene = OPEN
    answers_scenes: bool = True
    rows: list[FrameRow] = field(default_factory=list)
    shown: dict[int, tuple[int, ...]] = field(default_factory=dict)
    bound: dict[int, int] = field(default_factory=dict)
    lost: dict[str, int] = field(default_factory=dict)
    seen: list[Message] = field(default_factory=list)
    exit_code: int | None = None
    between: Callable[[], None] = lambda: None

    def send(self, message: Message) -> None:
        self.pipe.sendall(pack(message))

    def act(self, action_id: int, t_ns: int | None = None) -> int:
        self.send(ActionBegan(action_id, t_ns or time.monotonic_ns(), 1, 1))
        return self.until(lambda: self.bound.get(action_id))

    def bound_frame(self) -> int:
        """Act until an action is bound to a frame; give the frame."""
        return self.until(lambda: self._act_again(frozenset({-1})))

    def fresh_frame(self, source: FakeScreen, value: int) -> int:
        """Show another picture and act until an action is bound to a new frame."""
        known = frozenset({-1, *self.bound.values()})
        source.paint(value)
        return self.until(lambda: self._act_again(known))

    def until_stored(self, frame_id: int) -> None:
        """Read messages until the frame's row came."""
        self.until(lambda: any(row.frame_id == frame_id for row in self.rows))

    def _act_again(self, known: frozenset[int]) -> int | None:
        found = self.act(len(self.bound) + 1000)
        return None if found in known else found

    def until(self, ask: Callable[[], T | None]) -> T:
        """Read messages until the question has an answer."""
        end_s = time.monotonic() + DEADLINE_S
        while (found := ask()) is None or found is False:
            assert time.monotonic() < end_s, "no answer in time"
            self._read(_LOOK_S)
        return found

    def drain(self) -> None:
        self.drain_within(DEADLINE_S)

    def drain_within(self, time_s: float) -> None:
        self.send(Drain(time.monotonic_ns() + int(time_s * 1e9)))
        self.until(lambda: True if self.exit_code is not None else None)
        self._read(_LOOK_S)

    def _read(self, timeout_s: float) -> None:
        if not select.select([self.pipe], [], [], timeout_s)[0]:
            return
        data = self.pipe.recv(1 << 16)
        if not data:
            return
        for message in self._unpacker.feed(data):
            self._take(message)

    def __post_init__(self) -> None:
        self._unpacker = Unpacker()

    def _take(self, message: Message) -> None:
        self.seen.append(message)
        match message:
            case SceneWanted() if self.answers_scenes:
                self.send(SceneIs(message.token, replace(self.scene, t_ns=time.monotonic_ns())))
                self.between()
            case EntityWanted():
                self.send(EntityIs(message.kind, message.digest, 42))
            case FrameBound():
                self.bound[message.action_id] = message.frame_id
            case FrameDone():
                self.rows.append(message.row)
                self.shown[message.row.frame_id] = message.shown
            case FramesLost():
                name = message.reason.value
                self.lost[name] = self.lost.get(name, 0) + message.count
            case _:
                pass


@contextmanager
def recording(source: FakeScreen, redactor: FakeRedactor) -> Iterator[Agent]:
    """Run the screen process's body in a thread."""
    ours, theirs = socket.socketpair()
    agent = Agent(ours)
    terms = GrantTerms("demo", "", "", GrantKind.DEMO, Levels(), ("*",), 0)

    def make(entities: EntityClient) -> FakeRedactor:
        redactor.entities = entities
        return redactor

    def body() -> None:
        try:
            agent.exit_code = run_screen(source, make, mint_grant(terms), theirs, Levels())
        except SourceLost as lost:
            agent.exit_code = lost.code

    thread = threading.Thread(target=body)
    thread.start()
    try:
        agent.send(Hello(100, b"k" * 32))
        agent.send(SceneIs(0, OPEN))
        yield agent
    finally:
        redactor.may_go.set()
        ours.close()
        thread.join(DEADLINE_S)
        theirs.close()
        assert not thread.is_alive()
