"""The memory side of one episode: raw events and scenes in, redacted rows out.

Reader threads put in, the writer thread takes out; one lock keeps them apart. Nothing
here touches a file.
"""

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from recorder.agent.scene_rows import SceneRows
from recorder.agent.window_names import WindowNames
from recorder.capture.intake import Intake
from recorder.capture.timeline import Timeline
from recorder.core.context import ContextRow
from recorder.core.events import EventRow, Kind, RawEvent
from recorder.core.frames import FrameRow
from recorder.core.levels import Levels
from recorder.core.losses import Loss, Losses
from recorder.core.proofs import Redacted
from recorder.core.scenes import Scene
from recorder.core.scoped import ScopedEvent
from recorder.core.screen_messages import ActionBegan, EntityIs, Forget, FrameBound, FramesLost
from recorder.core.targets import Target
from recorder.redaction.context import redact_context, window_name
from recorder.redaction.entities import EntityBook
from recorder.redaction.received import received
from recorder.redaction.text import TextRedactor
from recorder.redaction.typed import TypedRedactor

MAX_FRAMES: Final = 64
"""Finished frames waiting for the writer; more are counted as lost."""
MAX_CONTEXT: Final = 4096


@dataclass(frozen=True, slots=True)
class Released:
    """What may be written: rows in order of time, frames as they were finished."""

    context: tuple[Redacted[ContextRow], ...]
    events: tuple[Redacted[EventRow], ...]
    frames: tuple[Redacted[FrameRow], ...]


class Flow:
    """Everything of one episode that is not stored yet.

    Args:
        levels: The grant's.
        text: The rules.
        entity_key: 32 random bytes of this episode.
        first_context_seq: Number of the next context row; the writer counts alike.
    """

    def __init__(
        self, levels: Levels, text: TextRedactor, entity_key: bytes, first_context_seq: int
    ) -> None:
        self.entity_key = entity_key
        self.losses = Losses()
        self._lock = threading.Lock()
        self._levels = levels
        self._text = text
        self._book = EntityBook(entity_key)
        self._timeline = Timeline()
        self._intake = Intake(levels, self._timeline)
        self._typed = TypedRedactor(text, self._book)
        self._seen = SceneRows()
        self._names = WindowNames(lambda app, host: window_name(app, host, levels.titles, text))
        self._scene: Scene | None = None
        self._is_shut = False
        self._since_ns = 0
        self._waiting: list[Redacted[EventRow]] = []
        self._context: deque[ContextRow] = deque()
        self._context_seq = first_context_seq
        self._frames: deque[Redacted[FrameRow]] = deque()
        self._promised: set[int] = set()
        self._next_frame_id = 0
        self._forgotten: list[tuple[int, int]] = []
        self._told = 0
        self._gone: tuple[Forget, ...] = ()

    def raw(self, events: Sequence[RawEvent]) -> list[ActionBegan]:
        """Take input as it arrives; gives the actions that want a frame.

        What comes while it is paused, or is of a time before it went on, is refused.
        """
        with self._lock:
            if self._is_shut:
                return []
            began = [self._intake.feed(e) for e in events if e.t_ns >= self._since_ns]
            return [action for action in began if action is not None]

    def scene(self, scene: Scene) -> None:
        """Take a scene; from now on, and backwards where it closes, it decides.

        One from before a pause never decides about what comes after it.
        """
        with self._lock:
            if not self._is_shut and scene.t_ns >= self._since_ns:
                self._see(scene)

    def _see(self, scene: Scene) -> None:
        self._scene = scene
        for row in self._seen.feed(scene):
            if len(self._context) >= MAX_CONTEXT:
                self.losses.add("context", Loss.QUEUE_FULL)
                continue
            self._context.append(row)
            self._context_seq += 1
        self._timeline.add(scene, self._context_seq - 1)

    def context(self, row: ContextRow) -> None:
        """Take a row that no scene brings: clock, task, suspend."""
        with self._lock:
            self._context.append(row)
            self._context_seq += 1

    def bound(self, message: FrameBound) -> None:
        """Take the frame in force before an action."""
        with self._lock:
            frame_id = message.frame_id if message.frame_id >= 0 else None
            if frame_id is not None and frame_id >= self._next_frame_id:
                self._promised.add(frame_id)
            self._intake.bind(message.action_id, frame_id)

    def hit(self, action_id: int, target: Target | None) -> None:
        """Take the element under an action, None where nothing is told."""
        with self._lock:
            self._intake.hit(action_id, target)

    def labelled(self, scene: Scene) -> Scene:
        """Give the scene with numbers for names, by which `frame` knows them again."""
        with self._lock:
            return self._names.labelled(scene)

    def frame(self, row: FrameRow, shown: tuple[int, ...]) -> None:
        """Take a finished frame and the numbers of the windows that it shows."""
        with self._lock:
            row = replace(row, apps=self._names.named(shown))
            self._promised.discard(row.frame_id)
            self._next_frame_id = max(self._next_frame_id, row.frame_id + 1)
            if self._is_forgotten(row):
                self.losses.add("screen", Loss.FORGOTTEN)
            elif len(self._frames) >= MAX_FRAMES:
                self.losses.add("screen", Loss.QUEUE_FULL)
            else:
                self._frames.append(received(row))

    def frames_lost(self, message: FramesLost) -> None:
        """Count frames that the screen process did not keep."""
        with self._lock:
            self.losses.add("screen", message.reason, message.count)

    def entity(self, kind: str, digest: bytes) -> EntityIs:
        """Give the number of a value that the screen process found."""
        with self._lock:
            return EntityIs(kind, digest, self._book.number(kind, digest))

    def known(self) -> tuple[EntityIs, ...]:
        """Give all numbers; for a screen process that starts."""
        with self._lock:
            self._told = len(self._book.known())
            return self._book.known()

    def news(self) -> tuple[EntityIs | Forget, ...]:
        """Give what the screen process has not been told: numbers, and until when was forgotten."""
        with self._lock:
            found = self._book.known()
            fresh, self._told = found[self._told :], len(found)
            gone, self._gone = self._gone, ()
            return (*fresh, *gone)

    @property
    def is_idle(self) -> bool:
        """Whether no input, no scene and no frame waits to be released."""
        with self._lock:
            return not (self._intake.is_waiting or self._context or self._frames)

    @property
    def next_frame_id(self) -> int:
        """The first number that no frame has."""
        with self._lock:
            return max(self._next_frame_id, max(self._promised, default=-1) + 1)

    @property
    def frames_left(self) -> int:
        """How many frames the screen process still works on, as far as we know."""
        with self._lock:
            return len(self._promised)

    def give_up_frames(self, reason: Loss) -> None:
        """Count the frames that were promised and will not come."""
        with self._lock:
            self.losses.add("screen", reason, len(self._promised))
            self._next_frame_id = max(self._next_frame_id, max(self._promised, default=-1) + 1)
            self._promised.clear()

    def gap(self, t_ns: int, stream: str, reason: Loss, count: int = 1) -> None:
        """Count a loss and put a gap row where it happened."""
        with self._lock:
            self.losses.add(stream, reason, count)
            self._typed.feed([_state_row(t_ns, Kind.GAP, reason.value)])

    def pause(self, t_gate_ns: int, now_ns: int, reason: str) -> None:
        """Take nothing any more, and let everything stamped up to the gate be released."""
        self.shut(t_gate_ns, now_ns)
        self.say_paused(t_gate_ns, now_ns, reason)

    def shut(self, t_gate_ns: int, now_ns: int) -> None:
        """Do as `pause`, and say nothing of it yet."""
        with self._lock:
            self._typed.feed(self._intake.interrupt(t_gate_ns))
            self._waiting += self._typed.flush(now_ns)
            self._is_shut, self._scene, self._seen = True, None, SceneRows()

    def say_paused(self, t_gate_ns: int, now_ns: int, reason: str) -> None:
        """Put the row that says why nothing is taken any more."""
        with self._lock:
            self._typed.feed([_state_row(t_gate_ns, Kind.PAUSE, reason)])
            self._waiting += self._typed.flush(now_ns)

    def resume(self, t_ns: int, reason: str) -> None:
        """Go on; nothing comes out before the watcher has told of a scene from now on."""
        with self._lock:
            self._is_shut, self._since_ns = False, t_ns
            self._typed.feed([_state_row(t_ns, Kind.RESUME, reason)])

    def release(self, now_ns: int) -> Released:
        """Take out what redaction releases by now."""
        with self._lock:
            self._typed.feed(self._intake.release(now_ns))
            return self._released(self._typed.release(now_ns))

    def drain(self, t_gate_ns: int, now_ns: int) -> Released:
        """Take out everything; what was stamped after the gate shut is dropped."""
        with self._lock:
            self._typed.feed(self._intake.drain(t_gate_ns))
            return self._released(self._typed.flush(now_ns))

    def forget(self, since_ns: int, now_ns: int) -> None:
        """Drop frames of that time, those still in work too."""
        with self._lock:
            self._forgotten.append((since_ns, now_ns))
            self._gone = (Forget(now_ns),)
            kept = [f for f in self._frames if not self._is_forgotten(f.value)]
            self.losses.add("screen", Loss.FORGOTTEN, len(self._frames) - len(kept))
            self._frames = deque(kept)

    def tell_focus(self, now_ns: int) -> None:
        """Tell monitors and focus anew: the rows that told them may be gone."""
        with self._lock:
            self._seen = SceneRows()
            if self._scene is not None:
                self._see(replace(self._scene, t_ns=max(now_ns, self._scene.t_ns)))

    def _released(self, events: Sequence[Redacted[EventRow]]) -> Released:
        for reason, count in self._intake.take_losses().items():
            self.losses.add("input", reason, count)
        rows = [self._redacted(self._context.popleft()) for _ in range(len(self._context))]
        frames = [self._frames.popleft() for _ in range(len(self._frames))]
        waiting, self._waiting = self._waiting, []
        return Released(tuple(rows), (*waiting, *events), tuple(frames))

    def _is_forgotten(self, row: FrameRow) -> bool:
        return any(since <= row.t_grab_end_ns <= until for since, until in self._forgotten)

    def _redacted(self, row: ContextRow) -> Redacted[ContextRow]:
        return redact_context(row, self._levels.titles, self._text, self._book)


def _state_row(t_ns: int, kind: Kind, reason: str) -> ScopedEvent:
    return ScopedEvent(EventRow(t_ns, kind, reason=reason))
