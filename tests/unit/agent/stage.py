"""A supervisor on a stage: a recording that only notes what it is told."""

import queue
import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from recorder.agent.control import Reply
from recorder.agent.lead import Lead
from recorder.agent.looking import Looking
from recorder.agent.notes import Asked, Looked, Note, SourceReady, Stream
from recorder.agent.order import NOTHING, Order
from recorder.agent.recording import Recording
from recorder.agent.session import Limits
from recorder.agent.signs import Signs
from recorder.agent.supervisor import Desk, Supervisor
from recorder.agent.totals import Totals
from recorder.agent.watching import Watching
from recorder.consent.errors import NoConsent
from recorder.core.levels import Levels
from recorder.core.losses import Loss
from recorder.core.ports import PresenceSource

if TYPE_CHECKING:
    from recorder.core.errors import RecorderError


class FakeRecording(Recording):
    """Says what the supervisor asked for, in order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.refusal: RecorderError | None = None
        self.display_is_up = True
        self.room = True
        self.waited_ns = 0
        self.kept_until_ns: int | None = None
        self.paused = False
        self.is_ended = False
        """Whether the consent ended before anything began."""
        self.opened = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)

    def open_stretch(self, log: Path, reason: str) -> None:
        _ = log, reason
        self.done.append("open")
        self.opened.release()
        if self.refusal is not None:
            raise self.refusal

    def look_ahead(self) -> None:
        self.done.append("look ahead")
        if self.is_ended:
            raise NoConsent

    def is_current(self, stretch: int) -> bool:
        return stretch == self.done.count("open")

    def ready(self, stream: Stream) -> bool:
        return stream == "screen"

    def end_stretch(self, reason: str, keep_until_ns: int | None = None) -> None:
        self.kept_until_ns = keep_until_ns
        self.done.append(f"pause {reason}")
        self.ended.release()

    def close_episode(self) -> None:
        self.done.append("close")

    def begin_stop(self) -> None:
        self.done.append("stop")

    def poll_stop(self) -> bool:
        return True

    def restart(self, stream: Stream) -> None:
        self.done.append(f"restart {stream}")
        self.opened.release()

    def lost(self, stream: Stream, reason: Loss) -> None:
        self.done.append(f"lost {stream} {reason}")

    def tick(self) -> None:
        pass

    def has_room(self) -> bool:
        return self.room

    def disk_answers(self) -> bool:
        return False

    def free_mb(self) -> int | None:
        return None

    @property
    def disk_hangs(self) -> bool:
        return False

    @property
    def writes_ns(self) -> int:
        return self.waited_ns

    def display_answers(self) -> bool:
        return self.display_is_up

    @property
    def pipeline(self) -> None:
        return None

    @property
    def order(self) -> Order:
        return Order(folder="/nowhere", display=":1", paused=self.paused)

    @property
    def levels(self) -> Levels:
        return Levels()

    @property
    def apps(self) -> frozenset[str]:
        return frozenset({"xterm"})

    @property
    def frames_left(self) -> int:
        return 0

    @property
    def totals(self) -> Totals:
        return Totals()

    def seen(self) -> tuple[str | None, bool, tuple[str, ...]]:
        return "xterm", True, ()


class Stage:
    """A supervisor in a thread, with the other ends of its lead and its inbox."""

    def __init__(
        self, limits: Limits, *sources: PresenceSource, signs: Signs | None = None
    ) -> None:
        ours, theirs = socket.socketpair()
        self.lead = Lead(ours)
        self._theirs = Lead(theirs)
        self.inbox: queue.Queue[Note] = queue.Queue()
        looking = Looking(sources, lambda: self.inbox.put(Looked()))
        self.recording = FakeRecording()
        self.error: RecorderError | None = None
        self._desk = Desk(
            self.recording,
            self._theirs,
            self.inbox,
            limits,
            Path("/nowhere"),
            Watching(self.recording, NOTHING, looking),
            signs or Signs(),
        )
        self.thread = threading.Thread(target=self._run, name="supervisor")

    def begin(self) -> None:
        self.thread.start()
        assert self.recording.opened.acquire(timeout=5)

    def record(self) -> dict[str, object]:
        self.begin()
        self.inbox.put(SourceReady("screen", 1))
        return self.wait("recording")

    def ask(self, **request: object) -> dict[str, object]:
        ours, theirs = socket.socketpair()
        self.inbox.put(Asked(dict(request), Reply(theirs)))
        with Lead(ours) as answers:
            last: dict[str, object] = {}
            with suppress(EOFError):
                while (said := answers.receive(5.0)) is not None:
                    last = said
            return last

    def wait(self, event: str) -> dict[str, object]:
        while (said := self.lead.receive(5.0)) is not None:
            if said["event"] == event:
                return said
        raise AssertionError(f"{event} did not come")

    def close(self) -> None:
        self.lead.close()
        self.thread.join(5.0)
        assert not self.thread.is_alive()
        self._theirs.close()

    def _run(self) -> None:
        self.error = Supervisor(self._desk).run()
