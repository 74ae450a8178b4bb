"""The researcher's side: a study's folder and keys, and what participants shared with it.

Promises: nothing is opened that its sender's consent does not cover, and what a study says
is signed with the key that its notice names. Never in here: a display, the capture
libraries, redaction, or a participant's own keys.

`recorder.research.reduce` and `with_frames` turn events into steps, `steps` opens a dataset of
them; they load on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from recorder.research.reading import Steps, steps
    from recorder.research.reduction.frames import with_frames
    from recorder.research.reduction.profiles import Profile, Settings
    from recorder.research.reduction.reduce import reduce
    from recorder.research.reduction.reduced import Reduced
    from recorder.research.reduction.schema import STEPS

__all__ = ["STEPS", "Profile", "Reduced", "Settings", "Steps", "reduce", "steps", "with_frames"]

_HOMES: Final = {
    "STEPS": "reduction.schema",
    "Profile": "reduction.profiles",
    "Reduced": "reduction.reduced",
    "Settings": "reduction.profiles",
    "Steps": "reading",
    "reduce": "reduction.reduce",
    "steps": "reading",
    "with_frames": "reduction.frames",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type of a lazily found attribute
    if name in _HOMES:
        return getattr(import_module(f"recorder.research.{_HOMES[name]}"), name)
    raise AttributeError(name)
