"""The mechanics of one recording: opens and ends stretches and episodes when told.

Used by the supervisor's thread only. Decides nothing: the session says what happens.
"""

import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recorder.agent.disk import HANGS_NS, Room
from recorder.agent.episode import Studio, open_episode
from recorder.agent.gates import OpensAndRenews
from recorder.agent.notes import Note, Stream
from recorder.agent.order import Order
from recorder.agent.pipeline import Pipeline
from recorder.agent.sources import Sources
from recorder.agent.stretch import Parts, Stretch
from recorder.agent.totals import Totals
from recorder.capture.scope import Scope
from recorder.core.errors import RecorderError
from recorder.core.levels import Levels
from recorder.core.losses import Loss
from recorder.core.proofs import GrantTerms
from recorder.core.scenes import Gate

if TYPE_CHECKING:
    from concurrent.futures import Future

_LOG: Final = logging.getLogger(__name__)
_DRAIN_NS: Final = 60_000_000
_REAP_NS: Final = 120_000_000
"""After a pause the processes have this long, then they are killed."""
_CLOSE_S: Final = 10.0
_RETRY_S: Final = 0.5
_MB: Final = 10**6


class Recording:
    """One recording's sources and episodes.

    Args:
        studio: What its episodes share.
        gate: Asked before every stretch.
        parts: The adapters.
        scope: Gives the scope under a grant's terms; read anew for every stretch.
        note: Told by reader and writer threads.
    """

    def __init__(
        self,
        studio: Studio,
        gate: OpensAndRenews,
        parts: Parts,
        scope: Callable[[GrantTerms], Scope],
        note: Callable[[Note], object],
    ) -> None:
        self._studio = studio
        self._gate = gate
        self._parts = parts
        self._scope = scope
        self._note = note
        self._sources: Sources | None = None
        self._pipeline: Pipeline | None = None
        self._ready: set[Stream] = set()
        self._closed = Totals()
        self._task = studio.order.task
        self._terms: GrantTerms | None = None
        self._stretch = 0
        self._closing: Future[object] | None = None
        self._gate_ns = self._deadline_ns = 0
        self._apps: frozenset[str] = frozenset()
        self._room = Room(studio.order.folder)

    def open_stretch(self, log: Path, reason: str) -> None:
        """Ask the gate, open an episode where none is open, and the sources.

        Raises:
            RecorderError: No consent, no room.
        """
        grant = self._gate.open()
        self._terms = grant.terms
        scope = self._scope(grant.terms)
        self._apps = scope.apps
        if self._pipeline is None:
            self._pipeline = open_episode(self._studio, grant, self._task)
        else:
            self._pipeline.resume(time.monotonic_ns(), reason)
        self._stretch += 1
        self._ready = set()
        order = self._studio.order
        stretch = Stretch(
            self._stretch, order.display, order.source, grant, scope, self._pipeline.flow, log
        )
        self._sources = Sources(stretch, self._parts, self._note)
        self._pipeline.after_release(self._sources.tell_news)

    def is_current(self, stretch: int) -> bool:
        """Tell whether a note belongs to the sources that are open now."""
        return self._sources is not None and stretch == self._stretch

    def ready(self, stream: Stream) -> bool:
        """Take a source's readiness; True when all that are wanted deliver."""
        self._ready.add(stream)
        return self._sources is not None and self._ready >= self._sources.wanted

    def end_stretch(self, reason: str, keep_until_ns: int | None = None) -> None:
        """Shut the gate, end both processes and reap them, then write what came before.

        Args:
            reason: Of the pause.
            keep_until_ns: As `Pipeline.pause` has it.
        """
        if self._sources is None or self._pipeline is None:
            return
        gate_ns = time.monotonic_ns()
        self._sources.shut_gate(gate_ns, gate_ns + _DRAIN_NS)
        self._sources.end(gate_ns + _REAP_NS)
        self._sources = None
        self._pipeline.flow.give_up_frames(Loss.OVER_BUDGET)
        self._pipeline.pause(gate_ns, reason, keep_until_ns)

    def close_episode(self) -> None:
        """Close the episode of a long pause; the next stretch opens another."""
        if self._pipeline is not None and self._sources is None:
            self._wait_closed(self._pipeline.close(time.monotonic_ns()))

    def begin_stop(self) -> None:
        """Shut the gate; frames in work may still be finished."""
        self._gate_ns = now_ns = time.monotonic_ns()
        self._deadline_ns = now_ns + int(self._studio.order.stop_s * 1e9)
        if self._sources is not None:
            self._sources.shut_gate(now_ns, self._deadline_ns)

    def poll_stop(self) -> bool:
        """Go on stopping without waiting; True when everything is written or given up."""
        if self._sources is not None:
            if not self._sources.is_drained and time.monotonic_ns() < self._deadline_ns:
                return False
            self._sources.end(time.monotonic_ns() + _REAP_NS)
            self._sources = None
        if self._pipeline is None:
            return True
        if self._closing is None:
            self._closing = self._pipeline.close(self._gate_ns)
        if not self._closing.done():
            return False
        self._wait_closed(self._closing)
        return True

    def restart(self, stream: Stream) -> None:
        """Start a source that died once more."""
        if self._sources is not None:
            self._sources.restart(stream)

    def lost(self, stream: Stream, reason: Loss) -> None:
        """Count a death and put a gap row where it happened."""
        if self._pipeline is not None:
            self._pipeline.flow.gap(time.monotonic_ns(), stream, reason)
            if stream == "screen":
                self._pipeline.flow.give_up_frames(reason)

    def tick(self) -> None:
        """Do what is small and regular: end processes that fell silent."""
        if self._sources is not None:
            for stream in self._sources.silent():
                _LOG.warning("the %s process fell silent", stream)

    def look_ahead(self) -> None:
        """Find out what would be recorded, so that it can be told; opens nothing.

        Raises:
            RecorderError: No consent, or no list of apps that can be read.
        """
        self._terms = self._gate.agreed()
        self._apps = self._scope(self._terms).apps

    def read_scope(self) -> None:
        """Read the list of allowed apps again."""
        if self._sources is None or self._terms is None:
            with suppress(RecorderError):  # said when it is to go on
                self.look_ahead()
            return
        scope = self._scope(self._terms)
        self._apps = scope.apps
        self._sources.set_scope(scope)

    @property
    def pipeline(self) -> Pipeline | None:
        """The open episode's, None between episodes."""
        return self._pipeline

    @property
    def frames_left(self) -> int:
        """How many frames are still in work."""
        return self._pipeline.flow.frames_left if self._pipeline else 0

    @property
    def totals(self) -> Totals:
        """Everything so far, the open episode included."""
        return self._closed.add(self._pipeline) if self._pipeline else self._closed

    @property
    def order(self) -> Order:
        """What was asked for."""
        return self._studio.order

    @property
    def levels(self) -> Levels | None:
        """The levels in force, None before anything is known of them."""
        return self._terms.levels if self._terms else None

    @property
    def apps(self) -> frozenset[str]:
        """The apps in scope since it was last read."""
        return self._apps

    def has_room(self) -> bool:
        """Tell whether the disk answers and has room, and the recordings are within budget.

        A folder that is gone is found out by the writer, which says what is wrong.
        """
        order = self._studio.order
        free_mb = self.free_mb()
        is_above = free_mb is None or free_mb >= order.floor_mb
        return (
            is_above
            and not self.disk_hangs
            and (order.room_mb is None or self.totals.size_bytes < order.room_mb * _MB)
        )

    def free_mb(self) -> int | None:
        """Give the room on the folder's disk, None while the folder is gone."""
        return self._room.free_mb()

    @property
    def disk_hangs(self) -> bool:
        """Whether the disk keeps a question or the writer's thread waiting for long."""
        return self._room.hangs or self.writes_ns > HANGS_NS

    @property
    def writes_ns(self) -> int:
        """How long the writer's thread has been at one thing; 0 while it waits for work."""
        return self._pipeline.at_work_ns() if self._pipeline else 0

    def disk_answers(self) -> bool:
        """Try whether the folder takes data again, and whether there is room."""
        if not self.has_room():
            return False
        if self._pipeline is None:
            return os.access(self._studio.order.folder, os.W_OK)
        return _error(self._pipeline.retry(), _RETRY_S) is None

    def display_answers(self) -> bool:
        """Try whether the display is there."""
        return self._parts.display_answers(self._studio.order.display)

    def seen(self) -> tuple[str | None, bool, tuple[str, ...]]:
        """Give the focused app when it is in scope, whether the gate is open, what is dim."""
        scene = self._sources.scene if self._sources else None
        if scene is None:
            return None, False, ()
        is_open = scene.gate is Gate.OPEN
        window = scene.focused
        return (window.app_id if window and is_open else None), is_open, scene.degraded

    def _wait_closed(self, closing: "Future[object]") -> None:
        if (error := _error(closing, _CLOSE_S)) is not None:
            _LOG.error("the episode could not be closed: %s", type(error).__name__)
        if self._pipeline is not None:
            self._pipeline.join(_CLOSE_S)
            self._closed = self._closed.add(self._pipeline)
        self._pipeline = self._closing = None


def _error(job: "Future[object]", wait_s: float) -> BaseException | None:
    """Give what a job of the writer's thread raised; being late counts as an error."""
    try:
        return job.exception(wait_s)
    except TimeoutError as error:
        return error
