"""Streams and their levels, from nothing to most; defaults as the notice shows them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

L = TypeVar("L", bound=StrEnum)


class KeyboardLevel(StrEnum):
    """How much of the keyboard is stored."""

    OFF = "off"
    CLASS = "class"
    TEXT = "text"


class ScreenLevel(StrEnum):
    """How much of the screen is stored."""

    OFF = "off"
    LAYOUT = "layout"
    REDACTED = "redacted"


class TitlesLevel(StrEnum):
    """How much of window titles is stored."""

    OFF = "off"
    APP = "app"
    TITLE = "title"
    HOST = "host"


class PointerLevel(StrEnum):
    """How much of the pointer is stored."""

    OFF = "off"
    CLICKS = "clicks"
    FULL = "full"


class TargetsLevel(StrEnum):
    """Whether the element under an action is stored."""

    OFF = "off"
    ON = "on"


@dataclass(frozen=True, slots=True)
class Levels:
    """One level per stream."""

    keyboard: KeyboardLevel = KeyboardLevel.CLASS
    screen: ScreenLevel = ScreenLevel.REDACTED
    titles: TitlesLevel = TitlesLevel.APP
    pointer: PointerLevel = PointerLevel.FULL
    targets: TargetsLevel = TargetsLevel.OFF


def narrower(one: L, other: L) -> L:
    """Give the lower of two levels of one stream; members are declared in rising order."""
    order = list(type(one))
    return order[min(order.index(one), order.index(other))]
