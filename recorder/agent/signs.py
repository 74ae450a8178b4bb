"""The signs of one recording: what shows it, what notifies of it, and the key that pauses it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from recorder.agent.control import Answer, Reply, Request
from recorder.agent.hotkey import PauseKey
from recorder.agent.indicator import Indicators
from recorder.agent.just_closed import FORGOTTEN_S, JustClosed
from recorder.agent.live_line import how_it_goes_on
from recorder.agent.notifying import Notifier
from recorder.agent.page_opening import PageOpening
from recorder.agent.session import Session, State
from recorder.core.degraded import DEGRADED
from recorder.core.errors import RecorderError
from recorder.core.faces import Face, FaceState

Facts = dict[str, object]
_HIDDEN: Final = "indicator_hidden"
_CHOICES: Final[dict[str, Request]] = {
    "pause": {"verb": "pause"},
    "resume": {"verb": "resume"},
    "forget": {"verb": "forget", "seconds": FORGOTTEN_S},
    "stop": {"verb": "stop"},
}
_WHY: Final = {
    "user": "you paused it",
    "hotkey": "you pressed the hotkey",
    "lock": "the screen is locked",
    "idle": "nobody is here",
    "schedule": "outside your hours",
    "suspend": "the computer slept",
    "disk": "no room on the disk",
    "display_lost": "the display is lost",
    "source_dead": "a part of it ended",
    "indicator": "this could not be seen",
}
"""In words that fit a small window; the first one that stands is shown."""


class Signs:
    """Opened before anything is captured, closed when nothing is any more.

    Args:
        indicators: Ways to show it; None: the lead's other end shows it.
        key: The hotkey.
        notifier: Tells of automatic pauses and losses.
        just_closed: What a choice to forget reaches beside the open episode.
        page: Opens the review page.
    """

    def __init__(
        self,
        indicators: Indicators | None = None,
        key: PauseKey | None = None,
        notifier: Notifier | None = None,
        just_closed: JustClosed | None = None,
        page: PageOpening | None = None,
    ) -> None:
        self._indicators = indicators or Indicators(None, lambda _word: None)
        self._key = key or PauseKey()
        self._notifier = notifier
        self._just_closed = just_closed
        self._page = page

    @property
    def are_own(self) -> bool:
        """Whether they show it by themselves: then the lead may go once it records."""
        return self._indicators.is_wanted

    @property
    def need_news(self) -> bool:
        """Whether somebody is there to be shown or told."""
        return self.are_own or self._notifier is not None

    def open(self, now_ns: int) -> bool:
        """Show that it starts and take the hotkey; False when nothing can be seen."""
        self._key.keep(now_ns)
        if self._page is not None:
            self._page.begin()
        return self._indicators.open()

    def show(self, session: Session, said: Facts, *, calls: bool = False) -> None:
        """Show how it stands.

        Args:
            session: The state.
            said: A `status` of it.
            calls: Whether it draws the eye for a moment.
        """
        can_review = self._page is not None and self._page.is_possible
        face = replace(face_of(session, said, calls=calls), can_review=can_review)
        self._indicators.show(face)
        if self._notifier is not None:
            self._notifier.see(face, said, how_it_goes_on(said))

    def keep(self, now_ns: int, *, is_paused: bool = False) -> bool:
        """See that they are in sight and in force; False when nothing was seen for too long.

        Args:
            now_ns: Monotonic.
            is_paused: It is paused for that: then something has to be seen now, since a glimpse
                every few seconds would let most of it be recorded unseen.
        """
        self._key.keep(now_ns)
        self._indicators.keep(now_ns)
        if is_paused and self.are_own and not self._indicators.name:
            return False
        return not self._indicators.is_unseen(now_ns)

    def add_to(self, said: Facts) -> Facts:
        """Give a `status` with what these tell of themselves, and what is wrong with them."""
        shown = self._indicators.name if self.are_own else "line"
        troubles = [self._key.trouble] if self._key.trouble else []
        troubles += [] if shown else [_HIDDEN]
        degraded = said.get("degraded")
        known = degraded if isinstance(degraded, dict) else {}
        return {
            **said,
            "indicator": shown,
            "hotkey": self._key.words,
            "hotkey_works": bool(self._key.words and not self._key.trouble),
            "degraded": {**known, **{word: DEGRADED[word][1] for word in troubles}},
        }

    def say_end(self, why: str, error: RecorderError | None) -> None:
        """Notify of an end that the person did not ask for.

        Args:
            why: As `Session.ended_by` has it.
            error: What ended it, None for none.
        """
        if self._notifier is not None:
            self._notifier.ended(why, error)

    def close(self) -> None:
        """Take all of them away."""
        self._key.close()
        self._indicators.close()
        if self._just_closed is not None:
            self._just_closed.close()
        if self._notifier is not None:
            self._notifier.close()


def face_of(session: Session, said: Facts, *, calls: bool = False) -> Face:
    """Give the face of a state.

    Args:
        session: The state.
        said: A `status` of it.
        calls: Whether it draws the eye for a moment.
    """
    app, elapsed_s = said.get("app"), said.get("elapsed_s")
    state, reason = _look(session, said)
    return Face(
        state, reason, str(app or ""), elapsed_s if isinstance(elapsed_s, float) else 0.0,
        can_resume=state == "paused" and session.resume(session.since_ns).state is State.STARTING,
        calls=calls,
    )  # fmt: skip


def _look(session: Session, said: Facts) -> tuple[FaceState, str]:
    """Give the state to show, and why it is so."""
    degraded = said.get("degraded")
    if session.state is State.PAUSED:
        return "paused", next((told for why, told in _WHY.items() if why in session.reasons), "")
    missing = [str(word) for word in degraded] if isinstance(degraded, dict) else []
    told = [word for word in missing if word != _HIDDEN]  # who reads it there sees the sign
    if session.state is State.RECORDING and told:
        return "degraded", told[0].replace("_", " ")
    if session.state in {State.RECORDING, State.STARTING}:
        return ("recording" if session.state is State.RECORDING else "starting"), ""
    return "stopping", ""


class _Told(Reply):
    """Takes the answer to a choice; most need none, since the indicator shows the new state."""

    def __init__(self, told: Callable[[Answer], object] = lambda _answer: None) -> None:
        """Open nothing."""
        self._told = told

    def progress(self, answer: Answer) -> None:
        """Take a line."""

    def done(self, answer: Answer) -> None:
        """Take the last line."""
        self._told(answer)


def choosing(
    ask: Callable[[Request, Reply], None],
    forgetting: Callable[[], Callable[[Answer], object]],
    review: Callable[[], object] = lambda: None,
) -> Callable[[str], None]:
    """Give what carries out a choice made at an indicator; one it does not know does nothing.

    Args:
        ask: Takes requests as they come on the control socket.
        forgetting: Gives what takes the answer to "forget", which changes nothing that is shown.
        review: Opens the review page.
    """

    def act(word: str) -> None:
        if word in _CHOICES:
            ask(dict(_CHOICES[word]), _Told(forgetting()) if word == "forget" else _Told())
        elif word == "review":
            review()

    return act
