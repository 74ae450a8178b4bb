"""Stand-ins for what a stretch of recording opens: capture processes and the watcher."""

import queue
import socket
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO

from recorder.agent.children import Child
from recorder.capture.scope import Scope
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.events import RawEvent
from recorder.core.geometry import Monitor, Rect
from recorder.core.ports import Presence
from recorder.core.proofs import LiveGrant
from recorder.core.scenes import Field, Gate, Paint, Scene, Window
from recorder.core.screen_messages import Message, Unpacker, pack
from recorder.core.targets import Target
from recorder.core.wire import pack_events

TARGET = Target("push button", "Send", Rect(10, 10, 80, 20))
END_S = 5.0
_LOOK_S = 0.005
_SCREEN = Rect(0, 0, 800, 600)
SCENE = Scene(
    0, (Monitor(0, _SCREEN),), (Window(7, _SCREEN, Paint.REDACT, "a"),), focus=7, gate=Gate.OPEN,
    field=Field.PLAIN,
)  # fmt: skip


class FakeProcess(subprocess.Popen[bytes]):
    """A process that is a socket: it ends when it is told to, saying its last words."""

    def __init__(self, pipe: socket.socket) -> None:
        self.pipe = pipe
        self.stdout: IO[bytes] | None = None
        self.last_words = b""
        self._ended = threading.Event()
        self._unpacker = Unpacker()
        self._came: list[Message] = []
        self.returncode = None

    def __del__(self) -> None:
        """Nothing to reap."""

    def poll(self) -> int | None:
        return -9 if self._ended.is_set() else None

    def wait(self, timeout: float | None = None) -> int:
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired("fake", timeout or 0)
        return -9

    def kill(self) -> None:
        if not self._ended.is_set():
            self.pipe.sendall(self.last_words)
            self._ended.set()
            self.pipe.close()

    def deliver(self, *events: RawEvent) -> None:
        self.pipe.sendall(pack_events(events))

    def say(self, message: Message) -> None:
        self.pipe.sendall(pack(message))

    def hears(self, kind: type[Message]) -> Message:
        """Give the next message of a kind that the agent sent; others are skipped."""
        self.pipe.settimeout(END_S)
        while True:
            while self._came:
                message = self._came.pop(0)
                if isinstance(message, kind):
                    return message
            self._came += self._unpacker.feed(self.pipe.recv(1 << 16))


class Spawner:
    """Stands for `children.spawn`; remembers what it started, by name."""

    def __init__(self) -> None:
        self.started: dict[str, list[FakeProcess]] = {"input": [], "screen": []}

    def __call__(self, name: str, arguments: tuple[str, ...], first: bytes, log: Path) -> Child:
        del arguments, first, log
        ours, theirs = socket.socketpair()
        process = FakeProcess(theirs)
        self.started[name].append(process)
        return Child(name, process, ours)

    def newest(self, name: str) -> FakeProcess:
        return self.started[name][-1]


class FakeWatcher:
    """A context watcher that tells what the test says."""

    def __init__(self, now_ns: Callable[[], int]) -> None:
        self._now_ns = now_ns
        self._news: queue.Queue[Scene | RecorderError] = queue.Queue()
        self.scope: Scope | None = None
        self.is_open = False
        self.closed = threading.Event()
        self.aims: list[tuple[int, int] | None] = []

    def open(self, grant: LiveGrant) -> None:
        self.is_open = grant is not None

    def set_scope(self, scope: Scope) -> None:
        self.scope = scope

    def fresh(self, *, asks_apps: bool = True) -> Scene:  # noqa: ARG002 - as the port has it
        return replace(SCENE, t_ns=self._now_ns())

    def aim(self, place: tuple[int, int] | None, take: Callable[[Target | None], None]) -> None:
        self.aims.append(place)
        take(TARGET)

    def tell(self, news: Scene | RecorderError) -> None:
        self._news.put(news)

    def wait(self, timeout_s: float) -> list[Scene]:
        try:
            news = self._news.get(timeout=min(timeout_s, _LOOK_S))
        except queue.Empty:
            return []
        if isinstance(news, RecorderError):
            raise news
        return [news]

    def close(self) -> None:
        self.is_open = False
        self.closed.set()


GONE = RecorderError("Gone", "none", ExitCode.DEGRADED)


class Teller:
    """A source of presence that tells what the test says."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.ended = threading.Event()
        self._closing = threading.Event()
        self._listens: queue.Queue[Callable[[Presence], None]] = queue.Queue()

    def run(self, tell: Callable[[Presence], None]) -> None:
        self._listens.put(tell)
        self._closing.wait()
        self.ended.set()

    def tell(self, presence: Presence) -> None:
        tell = self._listens.get(timeout=END_S)
        self._listens.put(tell)
        tell(presence)

    def close(self) -> None:
        self._closing.set()
