"""Rows become the actions that a person made."""

from collections.abc import Sequence

import pytest

from recorder.core.events import EventRow, KeyClass, Kind, Mods
from recorder.episodes.rows import to_table
from recorder.review.grouping import Family, group

MS = 1_000_000


def families(rows: Sequence[EventRow]) -> list[tuple[str, int]]:
    """Give the actions of rows: family and number of rows."""
    groups = group(to_table("events", rows, range(len(rows)), "e", 0))
    return [
        (Family(int(family)).name, int(end - first))
        for family, first, end in zip(groups.family, groups.first, groups.end, strict=True)
    ]


def click(at_ms: int, x: int = 10, y: int = 10) -> list[EventRow]:
    return [
        EventRow((at_ms + more) * MS, kind, x=x, y=y, button="left")
        for kind, more in ((Kind.BUTTON_DOWN, 0), (Kind.BUTTON_UP, 80))
    ]


def key(
    at_ms: int, key_class: KeyClass = KeyClass.CHAR, mods: Mods = Mods.NONE, **more: object
) -> EventRow:
    return EventRow(at_ms * MS, Kind.KEY_DOWN, key="a", key_class=key_class, mods=mods, **more)  # type: ignore[arg-type]  # fields of a row


def scroll(at_ms: int) -> EventRow:
    return EventRow(at_ms * MS, Kind.SCROLL, x=1, y=1, dx=0.0, dy=1.0)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], []),
        (click(0), [("CLICK", 2)]),
        (click(0) + click(200), [("CLICK", 4)]),
        (click(0) + click(600), [("CLICK", 2), ("CLICK", 2)]),
        (click(0) + click(200, x=40), [("CLICK", 2), ("CLICK", 2)]),
        ([scroll(0), scroll(400), scroll(1000)], [("SCROLL", 2), ("SCROLL", 1)]),
        ([key(0), key(1500), key(4000)], [("TYPING", 2), ("TYPING", 1)]),
        ([key(0), key(100, KeyClass.ENTER), key(200)], [("TYPING", 1), ("PRESS", 1), ("TYPING", 1)]),
        ([key(0, mods=Mods.CTRL)], [("PRESS", 1)]),
        ([key(0, mods=Mods.ALTGR), key(50, mods=Mods.SHIFT)], [("TYPING", 2)]),
        ([key(0, KeyClass.MODIFIER), key(50)], [("TYPING", 1)]),
        ([key(0, window_seq=1), key(50, window_seq=2)], [("TYPING", 1), ("TYPING", 1)]),
        ([key(0, KeyClass.ENTER), key(30, KeyClass.ENTER, is_repeat=True)], [("PRESS", 2)]),
        ([EventRow(0, Kind.PAUSE), EventRow(9, Kind.RESUME)], [("MARK", 1), ("MARK", 1)]),
        ([EventRow(0, Kind.KEY_UP, key="a"), *click(5)], [("CLICK", 2)]),
    ],
)  # fmt: skip
def test_rows_become_actions(rows: list[EventRow], found: list[tuple[str, int]]) -> None:
    assert families(rows) == found
