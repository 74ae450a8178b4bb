"""The tray's words for a state. Pure."""

from typing import Final

from recorder.core.faces import Face, FaceState
from recorder.core.plain_line import plain_line

_HEADS: Final[dict[FaceState, str]] = {
    "starting": "Starting to record",
    "recording": "Recording",
    "degraded": "Recording, with something missing",
    "paused": "Paused, nothing is recorded",
    "stopping": "Stopping, nothing more is recorded",
}
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
