"""What an indicator shows of a recording: its state in a few words, never content."""

from dataclasses import dataclass
from typing import Final, Literal

FaceState = Literal["starting", "recording", "degraded", "paused", "stopping"]
SHOWN_BY: Final = {
    "tray": "An icon in your panel shows that it records",
    "window": "A small window in the corner shows that it records",
    "line": "A line in the terminal shows that it records",
}
"""By the name of what shows it."""


@dataclass(frozen=True, slots=True)
class Face:
    """The state of a recording as the person sees it.

    Attributes:
        state: Where it stands; `degraded` is recording with something missing.
        reason: Why it is paused or degraded, in words; "" for no reason.
        app: Id of the app that is being recorded, "" while nothing in scope has the focus.
        elapsed_s: Seconds since the start.
        can_resume: Whether the person's word ends the pause.
        calls: Whether it should draw the eye for a moment.
        can_review: Whether a choice can open the review page.
    """

    state: FaceState
    reason: str = ""
    app: str = ""
    elapsed_s: float = 0.0
    can_resume: bool = False
    calls: bool = False
    can_review: bool = False
