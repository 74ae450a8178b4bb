"""What each stream stores, shown on a made-up moment: rows as they stand in the files.

The moment: someone types `Hi anna@example.com` and presses enter in a mail program,
then clicks on Send.
"""

import json
from dataclasses import asdict

from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.core.levels import (
    KeyboardLevel,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)

Level = KeyboardLevel | ScreenLevel | TitlesLevel | PointerLevel | TargetsLevel
MOMENT = "you type `Hi anna@example.com`, press enter, then click Send in a mail program."
_CLASS = Redaction.CLASS
_MS = 1_000_000


def sample(level: Level) -> str:
    """Give the rows that this level of the stream stores of `MOMENT`."""
    rows = _rows(level)
    shown = "\n".join(f"  {row}" for row in rows) if rows else "  (nothing)"
    return f"Stored at level {level.value}:\n{shown}"


def _rows(level: Level) -> list[str]:
    if isinstance(level, KeyboardLevel):
        return [*(_shown(row) for row in _keys(level)), *_KEY_NOTES[level]]
    if isinstance(level, PointerLevel):
        return [_shown(row) for row in _pointer(level)]
    if isinstance(level, TitlesLevel):
        return [_shown(row) for row in _titles(level)]
    if isinstance(level, TargetsLevel):
        return [_shown(_TARGET)] if level is TargetsLevel.ON else []
    return list(_SCREENS[level])


def _shown(row: EventRow | ContextRow) -> str:
    """Give the row without empty fields; times in ms of the recording."""
    fields = {k: v for k, v in asdict(row).items() if v is not None}
    fields["t_ms"] = fields.pop("t_ns") // _MS
    if fields.get("redaction") == Redaction.NONE:
        del fields["redaction"]
    return json.dumps(fields, ensure_ascii=False)


def _keys(level: KeyboardLevel) -> list[EventRow]:
    """Two letters, a space, the address, enter; presses only."""
    if level is KeyboardLevel.OFF:
        return []
    enter = EventRow(4650 * _MS, Kind.KEY_DOWN, key="enter", key_class=KeyClass.ENTER)
    if level is KeyboardLevel.CLASS:
        letter = EventRow(1000 * _MS, Kind.KEY_DOWN, key_class=KeyClass.CHAR, redaction=_CLASS)
        space = EventRow(1200 * _MS, Kind.KEY_DOWN, key_class=KeyClass.SPACE, redaction=_CLASS)
        return [letter, letter, space, enter]
    return [
        EventRow(1003 * _MS, Kind.KEY_DOWN, key="H", key_class=KeyClass.CHAR),
        EventRow(1101 * _MS, Kind.KEY_DOWN, key="i", key_class=KeyClass.CHAR),
        EventRow(1214 * _MS, Kind.KEY_DOWN, key="space", key_class=KeyClass.SPACE),
        EventRow(1300 * _MS, Kind.KEY_DOWN, redaction=Redaction.MASKED, entity="EMAIL_1"),
        enter,
    ]


def _pointer(level: PointerLevel) -> list[EventRow]:
    moves = [
        EventRow(5012 * _MS, Kind.MOVE, x=640, y=300),
        EventRow(5020 * _MS, Kind.MOVE, x=652, y=310),
    ]
    clicks = [
        EventRow(5400 * _MS, Kind.BUTTON_DOWN, x=700, y=402, button="left"),
        EventRow(5470 * _MS, Kind.BUTTON_UP, x=700, y=402, button="left"),
    ]
    stored = {PointerLevel.FULL: moves + clicks, PointerLevel.CLICKS: clicks}
    return stored.get(level, [])


def _titles(level: TitlesLevel) -> list[ContextRow]:
    if level is TitlesLevel.OFF:
        return []
    return [
        ContextRow(
            900 * _MS,
            ContextKind.FOCUS,
            app_id="mail",
            app_name="Mail",
            window_title=None if level is TitlesLevel.APP else "Message to <EMAIL_1>",
            url_host="mail.example.com" if level is TitlesLevel.HOST else None,
        )
    ]


_KEY_NOTES = {
    KeyboardLevel.OFF: (),
    KeyboardLevel.CLASS: ("… one such row for each letter, and one when a key goes up",),
    KeyboardLevel.TEXT: ("… and one row when a key goes up; one row stands for the address",),
}
_TARGET = EventRow(
    5400 * _MS, Kind.BUTTON_DOWN, button="left", target_role="push button", target_name="Send",
    target_x=660, target_y=390, target_w=80, target_h=24,
)  # fmt: skip
_SCREENS = {
    ScreenLevel.OFF: (),
    ScreenLevel.LAYOUT: (
        "a picture of the window:   ┌─────────────┐",
        "                           │ ███ ███████ │   all text is painted out",
        "                           │     [████]  │",
        "                           └─────────────┘",
    ),
    ScreenLevel.REDACTED: (
        "a picture of the window:   ┌─────────────┐",
        "                           │ To: ███████ │   the address is painted out",
        "                           │      [Send] │",
        "                           └─────────────┘",
    ),
}
