"""Who waits for word from the supervisor: the indicator, and callers of stop and resume."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Final

from recorder.agent.control import Reply
from recorder.agent.lead import Lead
from recorder.agent.report import Facts
from recorder.core.errors import RecorderError

_STATUS_NS: Final = 1_000_000_000


class Audience:
    """Tells each of them what it waits for; used by the supervisor's thread only.

    Args:
        lead: Where the indicator is.
    """

    def __init__(self, lead: Lead) -> None:
        self._lead = lead
        self._told_ns = 0
        self._stoppers: list[Reply] = []
        self._resumers: list[Reply] = []
        self.told_recording = False
        """Whether it was ever said that it records, or waits to."""

    @property
    def is_gone(self) -> bool:
        """Whether the indicator is gone."""
        return self._lead.is_gone

    def wants_stop(self, reply: Reply) -> None:
        """Remember who is told of progress, and at the end."""
        self._stoppers.append(reply)

    def wants_resume(self, reply: Reply) -> None:
        """Remember who is answered when it records again, or cannot."""
        self._resumers.append(reply)

    def say_recording(self, status: Callable[[], Facts]) -> None:
        """Say once that it records."""
        if not self.told_recording:
            self.told_recording = True
            self._lead.send("recording", status())

    def say_waiting(self, status: Callable[[], Facts]) -> None:
        """Say that it was started and waits, paused, for the person."""
        self.told_recording = True
        self._lead.send("waiting", status())

    def is_due(self, now_ns: int) -> bool:
        """Tell whether a second has passed since the last regular word, which comes now."""
        if now_ns - self._told_ns < _STATUS_NS:
            return False
        self._told_ns = now_ns
        return True

    def say_progress(self, said: Facts) -> None:
        """Say how far the stop is."""
        for reply in self._stoppers:
            reply.progress(said)
        self._lead.send("progress", said)

    def say_status(self, said: Facts) -> None:
        """Say how it stands."""
        self._lead.send("status", said)

    def say_resumed(self, error: RecorderError | None, brief: Facts) -> None:
        """Answer those who asked for it to go on."""
        for reply in self._resumers:
            if error is not None:
                reply.refused(error)
            else:
                reply.done(brief)
        self._resumers.clear()

    def say_end(self, said: Facts, error: RecorderError | None) -> None:
        """Say what was recorded, and what ended it."""
        for reply in self._stoppers:
            reply.done(said)
        if error is None:
            self._lead.send("ended", said)
            return
        more: Facts = {"error": error.message, "fix": error.fix, "code": int(error.code)}
        self._lead.send("ended" if self.told_recording else "error", {**said, **more})


def answer_from(reply: Reply, brief: Facts) -> Callable[[Future[object]], None]:
    """Give what answers a request when the writer's thread is done with it."""

    def answer(done: Future[object]) -> None:
        error = done.exception()
        if isinstance(error, RecorderError):
            reply.refused(error)
        elif error is not None:
            reply.done({**brief, "ok": False, "error": "The recorder could not do it in time"})
        else:
            rows = done.result()
            reply.done({**brief, "rows": rows if isinstance(rows, int) else 0})

    return answer
