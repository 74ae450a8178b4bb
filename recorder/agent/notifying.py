"""Which changes of a recording the person is notified of: pauses by itself, and losses. Pure.

What says that it is paused is taken away once it records again: it would be believed.
"""

from collections.abc import Callable
from typing import Final

from recorder.agent.session import BY_PERSON, Reason
from recorder.core.amounts import count_text
from recorder.core.errors import RecorderError
from recorder.core.faces import Face
from recorder.core.losses import LOST, Loss, items_text
from recorder.core.notifications import Notification

Facts = dict[str, object]
_NOTIFIED: Final = frozenset({
    Loss.PLATFORM, Loss.QUEUE_FULL, Loss.REDACTION_FAILED, Loss.SOURCE_DIED, Loss.WRITE_FAILED,
})  # fmt: skip
"""Losses that nobody wished for; frames left out for their age or contents are no news."""
_ENDED: Final = {"cap": "Its time is over. recorder start begins another."}
"""Ends without an error that come by themselves."""


class Notifier:
    """Compares each status with the one before it.

    Args:
        notify: Passes a notification on; it does not wait.
        take_away: Takes away what was told of a kind; it does not wait.
        end: Called when nothing more is told.
    """

    def __init__(
        self,
        notify: Callable[[Notification], object],
        take_away: Callable[[str], object],
        end: Callable[[], object] = lambda: None,
    ) -> None:
        self._notify = notify
        self._take_away = take_away
        self._end = end
        self._paused_for: frozenset[str] = frozenset()
        self._told: dict[tuple[str, Loss], int] = {}

    def see(self, face: Face, said: Facts, goes_on: str) -> None:
        """Take a status.

        Args:
            face: What the indicator shows for it.
            said: The `status`.
            goes_on: How a pause ends, in words.
        """
        reasons = _reasons(said) if face.state == "paused" else frozenset()
        new = reasons - self._paused_for - BY_PERSON
        for reason in sorted(self._paused_for - reasons - BY_PERSON):
            self._take_away(f"paused {reason}")
        if new and not reasons & BY_PERSON:
            why = f"{_sentence(face.reason)} {_sentence(goes_on)}".strip()
            self._notify(Notification(f"paused {min(new)}", "Recording is paused", why))
        self._paused_for = reasons
        for (stream, reason), count in _losses(said).items():
            more = count - self._told.get((stream, reason), 0)
            if more > 0:
                self._notify(_lost(stream, reason, more))
            self._told[stream, reason] = count

    def forgotten(self, answer: Facts) -> None:
        """Take what "forget the last five minutes" did; from any thread."""
        rows, files = _count(answer, "rows"), _count(answer, "files")
        gone = [count_text(rows, "row") + " of this recording"] if rows else []
        if files:
            more_s = answer.get("more_s")
            is_more = isinstance(more_s, float) and more_s >= 1
            before = f", with up to {more_s:.0f} s before" if is_more else ""
            gone.append(count_text(files, "file") + f" of recordings just closed{before}")
        error = answer.get("error")
        if error is not None:
            summary = "Not all was deleted" if gone else "Nothing was deleted"
            body = f"{_sentence(str(error))} To try again: recorder forget 5m."
            self._notify(Notification("not forgotten", summary, body))
        elif gone:
            body = _sentence(" and ".join(gone))
            self._notify(Notification("forgotten", "Deleted the last 5 minutes", body))
        else:
            body = "Nothing was recorded in the last 5 minutes."
            self._notify(Notification("forgotten", "There was nothing to delete", body))

    def ended(self, why: str, error: RecorderError | None) -> None:
        """Take the end of the recording; one that the person asked for is no news.

        Args:
            why: As `Session.ended_by` has it.
            error: What ended it, None for none.
        """
        told = str(error) if error is not None else _ENDED.get(why, "")
        if told:
            self._notify(Notification("ended", "Recording has ended", told))

    def unopened(self) -> None:
        """Tell that the review page did not open; from any thread."""
        body = "Open it from a terminal: recorder review."
        self._notify(Notification("unopened", "The review page did not open", body))

    def close(self) -> None:
        """Tell nothing more."""
        self._end()


def _reasons(said: Facts) -> frozenset[str]:
    found = said.get("reasons")
    return frozenset(Reason(word) for word in found) if isinstance(found, list) else frozenset()


def _losses(said: Facts) -> dict[tuple[str, Loss], int]:
    found = said.get("losses")
    return {
        (str(stream), Loss(reason)): count
        for stream, reasons in (found.items() if isinstance(found, dict) else ())
        for reason, count in reasons.items()
        if reason in _NOTIFIED
    }


def _lost(stream: str, reason: Loss, count: int) -> Notification:
    body = f"{items_text(stream, count)} missing: {LOST[reason]}. recorder status shows all losses."
    return Notification(f"lost {stream} {reason}", "Something was not recorded", body)


def _count(answer: Facts, name: str) -> int:
    found = answer.get(name)
    return found if isinstance(found, int) else 0


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
