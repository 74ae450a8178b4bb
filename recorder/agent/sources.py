"""The sources of one stretch of recording: the context watcher and the two processes.

Opened when a stretch begins, gone when it ends: while paused nothing of this exists.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from recorder.agent.children import Child, kill_and_reap, spawn
from recorder.agent.notes import Note, SourceEnded, SourceReady, Stream
from recorder.agent.stretch import Parts, Stretch
from recorder.capture.scope import Scope
from recorder.consent.handover import pack_grant
from recorder.core.errors import RecorderError
from recorder.core.events import RawEvent, RawKind
from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
)
from recorder.core.ports import SourceLost
from recorder.core.scenes import Scene
from recorder.core.screen_messages import (
    Alive,
    Drain,
    EntityWanted,
    FrameBound,
    FrameDone,
    FramesLost,
    Hello,
    Message,
    Ready,
    SceneIs,
    SceneWanted,
    Unpacker,
    pack,
)
from recorder.core.wire import EVENT_SIZE_BYTES, unpack_events

_READ_BYTES: Final = 1 << 16
_WAIT_S: Final = 0.1
_SEND_S: Final = 1.0
_JOIN_S: Final = 1.0
_LAST_EVENTS_S: Final = 0.02
"""How long input stamped before the gate may be on its way: news of motion waits for 12 ms."""
_FOREVER_NS: Final = 2**62
_SILENT_NS: Final = 8 * 10**9
"""Processes say once a second that they live."""


class Sources:
    """Opened by its making; `shut` ends it for good.

    Args:
        stretch: What to record.
        parts: The adapters.
        note: Told of readiness and ends, from reader threads.
    """

    def __init__(self, stretch: Stretch, parts: Parts, note: Callable[[Note], object]) -> None:
        self._stretch = stretch
        self._flow = stretch.flow
        self._note = note
        self._gate_ns = _FOREVER_NS
        self._closing = threading.Event()
        self._is_past_gate = threading.Event()
        self._children: dict[Stream, Child] = {}
        self._seen_ns: dict[Stream, int] = {}
        self._send_lock = threading.Lock()
        self._scene: Scene | None = None
        self._threads: list[threading.Thread] = []
        self._watcher = parts.scenes(stretch.display, stretch.scope)
        self._aims = stretch.grant.terms.levels.targets is TargetsLevel.ON
        self.wanted = frozenset({"context", *_streams(stretch.grant.terms.levels)})
        for stream in _streams(stretch.grant.terms.levels):
            self.restart(stream)
        self._start("scenes", self._watch)

    def restart(self, stream: Stream) -> None:
        """Start a capture process; its reader thread ends with it."""
        arguments: tuple[str, ...] = (self._stretch.display,)
        if stream == "input":
            arguments += (self._stretch.source,)
        first = pack_grant(self._stretch.grant)
        child = spawn(stream, arguments, first, self._stretch.log)
        child.pipe.settimeout(_SEND_S)
        self._seen_ns[stream] = time.monotonic_ns()
        self._children[stream] = child
        if stream == "screen":
            self._greet()
        read = self._read_input if stream == "input" else self._read_screen
        self._start(f"{stream}-reader", lambda: read(child))

    def set_scope(self, scope: Scope) -> None:
        """Decide by another list of apps from now on."""
        self._watcher.set_scope(scope)

    def tell_news(self) -> None:
        """Tell the screen process what was typed or forgotten since the last call."""
        for news in self._flow.news():
            self._send(news)

    def silent(self) -> list[Stream]:
        """Give the processes that have said nothing for long; they are ended."""
        now_ns = time.monotonic_ns()
        late = [s for s in self._children if now_ns - self._seen_ns[s] > _SILENT_NS]
        for stream in late:
            self._children[stream].process.kill()
        return late

    @property
    def scene(self) -> Scene | None:
        """The newest scene, None before the first one."""
        return self._scene

    def shut_gate(self, gate_ns: int, drain_until_ns: int) -> None:
        """Refuse what is stamped later, end the hook, let frames in work be finished.

        The hook ends with the first event behind the gate: those before it have arrived.
        """
        self._gate_ns = gate_ns
        self._closing.set()
        self._send(Drain(drain_until_ns))
        if "input" in self._children:
            self._is_past_gate.wait(_LAST_EVENTS_S)
            self._children["input"].process.kill()

    @property
    def is_drained(self) -> bool:
        """Whether both processes have ended."""
        return all(child.process.poll() is not None for child in self._children.values())

    def end(self, deadline_ns: int) -> None:
        """Reap the processes by the deadline, join the threads, close the pipes."""
        kill_and_reap(tuple(self._children.values()), deadline_ns)
        for thread in self._threads:
            thread.join(_JOIN_S if thread.name != "scenes" else 0)
        for child in self._children.values():
            child.close()

    def _start(self, name: str, body: Callable[[], None]) -> None:
        thread = threading.Thread(target=body, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _watch(self) -> None:
        watcher = self._watcher
        try:
            watcher.open(self._stretch.grant)
            self._take(watcher.fresh())
            self._ready("context")
            while not self._closing.is_set():
                for scene in watcher.wait(_WAIT_S):
                    self._take(scene)
        except RecorderError as error:
            self._ended("context", error)
        finally:
            watcher.close()

    def _take(self, scene: Scene) -> None:
        if self._closing.is_set():
            return
        self._flow.scene(scene)
        self._scene = scene
        self._send(SceneIs(0, self._flow.labelled(scene)))

    def _greet(self) -> None:
        self._send(Hello(self._flow.next_frame_id, self._flow.entity_key))
        for known in self._flow.known():
            self._send(known)
        if self._scene is not None:
            self._send(SceneIs(0, self._flow.labelled(self._scene)))

    def _read_input(self, child: Child) -> None:
        rest = b""
        while data := _receive(child.pipe):
            data = rest + data
            whole = len(data) - len(data) % EVENT_SIZE_BYTES
            rest = data[whole:]
            self._seen_ns["input"] = time.monotonic_ns()
            self._take_events(list(unpack_events(data[:whole])))
        self._child_ended("input", child)

    def _take_events(self, events: list[RawEvent]) -> None:
        if any(event.kind is RawKind.READY for event in events):
            self._ready("input")
        wanted = [
            event
            for event in events
            if event.kind not in {RawKind.READY, RawKind.ALIVE} and event.t_ns <= self._gate_ns
        ]
        for began in self._flow.raw(wanted):
            self._send(began)
            if self._aims:
                place = None if began.by_key else (began.x, began.y)
                self._watcher.aim(place, partial(self._flow.hit, began.action_id))
        if events and events[-1].t_ns > self._gate_ns:
            self._is_past_gate.set()

    def _read_screen(self, child: Child) -> None:
        unpacker = Unpacker()
        while data := _receive(child.pipe):
            self._seen_ns["screen"] = time.monotonic_ns()
            for message in unpacker.feed(data):
                self._take_message(message)
        self._child_ended("screen", child)

    def _take_message(self, message: Message) -> None:
        match message:
            case Ready():
                self._ready("screen")
            case SceneWanted():
                self._answer_scene(message)
            case EntityWanted():
                self._send(self._flow.entity(message.kind, message.digest))
            case FrameBound():
                self._flow.bound(message)
            case FrameDone() if message.row.t_grab_end_ns <= self._gate_ns:
                self._flow.frame(message.row, message.shown)
            case FramesLost():
                self._flow.frames_lost(message)
            case Alive() | _:
                pass

    def _answer_scene(self, wanted: SceneWanted) -> None:
        """Answer with the scene of this instant; while it cannot be told, with nothing."""
        with contextlib.suppress(SourceLost):
            scene = self._watcher.fresh(asks_apps=wanted.asks_apps)
            self._send(SceneIs(wanted.token, self._flow.labelled(scene)))

    def _send(self, message: Message) -> None:
        """Send to the screen process; one that does not read is ended, not waited for."""
        child = self._children.get("screen")
        if child is None:
            return
        try:
            with self._send_lock:
                child.pipe.sendall(pack(message))
        except TimeoutError:
            child.process.kill()
        except OSError:
            return  # it ended; its reader tells

    def _ready(self, stream: Stream) -> None:
        self._note(SourceReady(stream, self._stretch.number))

    def _ended(self, stream: Stream, error: RecorderError) -> None:
        if not self._closing.is_set():
            self._note(SourceEnded(stream, self._stretch.number, error))

    def _child_ended(self, stream: Stream, child: Child) -> None:
        if not self._closing.is_set():
            kill_and_reap((child,), time.monotonic_ns() + 10**9)
            self._ended(stream, child.error)
            child.close()


def _streams(levels: Levels) -> tuple[Stream, ...]:
    """Give the processes that the levels need."""
    found: list[Stream] = []
    if (levels.keyboard, levels.pointer) != (KeyboardLevel.OFF, PointerLevel.OFF):
        found.append("input")
    if levels.screen is not ScreenLevel.OFF:
        found.append("screen")
    return tuple(found)


def _receive(pipe: socket.socket) -> bytes:
    """Give what arrived; b"" at the end."""
    while True:
        try:
            return pipe.recv(_READ_BYTES)
        except TimeoutError:
            continue
        except OSError:
            return b""
