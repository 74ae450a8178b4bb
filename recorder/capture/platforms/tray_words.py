"""The tray's words for a state. Pure."""

import unicodedata
from typing import Final

from recorder.core.faces import Face, FaceState

_HEADS: Final[dict[FaceState, str]] = {
    "starting": "Starting to record",
    "recording": "Recording",
    "degraded": "Recording, with something missing",
    "paused": "Paused, nothing is recorded",
    "stopping": "Stopping, nothing more is recorded",
}
_MOST_CHARACTERS: Final = 200
_MINUTE_S: Final = 60


def headline(face: Face) -> str:
    """Give the state and its reason."""
    head = _HEADS[face.state]
    return plain_line(f"{head}: {face.reason}" if face.reason else head)


def details(face: Face) -> str:
    """Give what is recorded and how long, in whole minutes: it changes once a minute."""
    since = f"{int(face.elapsed_s // _MINUTE_S)} min since the start"
    if face.state not in {"recording", "degraded"}:
        return since
    where = f"in {face.app}" if face.app else "nothing in scope: not stored"
    return plain_line(f"{where}, {since}")


def plain_line(text: str) -> str:
    """Give a text as one line: no control or direction characters, at most 200 characters."""
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    return shown if len(shown) <= _MOST_CHARACTERS else shown[: _MOST_CHARACTERS - 1] + "…"
