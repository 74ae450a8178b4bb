"""Fixed structs of raw input events, for the pipe between two of our own processes."""

import struct
from collections.abc import Iterable, Iterator
from typing import Final

from recorder.core.events import Button, KeyClass, Mods, RawEvent, RawKind

_EVENT: Final = struct.Struct("<qBiiBffIHBHBHI")
EVENT_SIZE_BYTES: Final = _EVENT.size

_CLASSES: Final = (None, *KeyClass)
_KINDS: Final = {int(kind): kind for kind in RawKind}
_BUTTONS: Final = {int(button): button for button in Button}
_MODS: Final = tuple(Mods(bits) for bits in range(2 * max(Mods)))
"""Looked up: making a member from its number takes most of reading an event."""
_F_KEYS: Final = tuple(f"f{number}" for number in range(1, 36))
KEY_NAMES: Final = (
    "", "unknown", "dead", "alt", "alt_gr", "alt_l", "alt_r", "backspace", "caps_lock", "cmd",
    "cmd_l", "cmd_r", "ctrl", "ctrl_l", "ctrl_r", "delete", "down", "end", "enter", "esc", "home",
    "insert", "left", "media_next", "media_play_pause", "media_previous", "media_volume_down",
    "media_volume_mute", "media_volume_up", "menu", "num_lock", "page_down", "page_up", "pause",
    "print_screen", "right", "scroll_lock", "shift", "shift_l", "shift_r", "space", "tab", "up",
    "compose", "iso_group", "kp_begin", "help", "undo", "redo", "copy", "paste", "cut", "find",
    *_F_KEYS,
)  # fmt: skip
"""Every name that `RawEvent.key` may hold: pynput's, and a few that it lacks."""
_KEY_INDEX: Final = {name: index for index, name in enumerate(KEY_NAMES)}


def pack_events(events: Iterable[RawEvent]) -> bytes:
    """Give the structs of the events, one after the other."""
    return b"".join(_pack(event) for event in events)


def unpack_events(data: bytes | memoryview) -> Iterator[RawEvent]:
    """Give the events of whole structs; the length is a multiple of `EVENT_SIZE_BYTES`."""
    for fields in _EVENT.iter_unpack(data):
        t_ns, kind, x, y, button, dx, dy, char, key, key_class, mods, repeat, code, count = fields
        yield RawEvent(
            t_ns=t_ns, kind=_KINDS[kind], x=x, y=y, button=_BUTTONS[button], dx=dx, dy=dy,
            char=chr(char) if char else "", key=KEY_NAMES[key], key_class=_CLASSES[key_class],
            mods=_MODS[mods], is_repeat=bool(repeat), keycode=code, count=count,
        )  # fmt: skip


def _pack(event: RawEvent) -> bytes:
    return _EVENT.pack(
        event.t_ns, event.kind, event.x, event.y, event.button, event.dx, event.dy,
        ord(event.char) if event.char else 0, _KEY_INDEX[event.key],
        _CLASSES.index(event.key_class), event.mods, event.is_repeat, event.keycode, event.count,
    )  # fmt: skip
