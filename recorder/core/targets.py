"""The element under an action, as accessibility tells it. In memory only until redacted."""

from dataclasses import dataclass, field

from recorder.core.geometry import Rect


@dataclass(frozen=True, slots=True)
class Target:
    """One element.

    Attributes:
        role: What sort of element it is, in the words of AT-SPI ("push button").
        name: What it is called, raw; "" for none and for what is content.
        rect: Where it is, physical pixels of the virtual desktop.
    """

    role: str
    name: str = field(repr=False)
    rect: Rect
