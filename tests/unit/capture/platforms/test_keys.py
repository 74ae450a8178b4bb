# ruff: noqa: RUF001 - letters of many scripts
from dataclasses import dataclass

import pytest

from recorder.capture.platforms import x11_wire as wire
from recorder.capture.platforms.pynput_keys import KeyFollower
from recorder.capture.platforms.x11_connection import DisplayName, parse_display
from recorder.capture.platforms.x11_keysyms import (
    MULTI_KEY,
    Composer,
    character,
    class_of,
    key_name,
)
from recorder.capture.platforms.x11_translate import Translator
from recorder.capture.platforms.x11_wire import CoreEvent
from recorder.core.events import Button, KeyClass, Mods, RawEvent, RawKind
from recorder.core.ports import SourceUnavailable
from recorder.core.wire import KEY_NAMES, pack_events

ACUTE, DIAERESIS, ODD_DEAD, STROKE = 0xFE51, 0xFE57, 0xFE93, 0xFE63


@pytest.mark.parametrize(
    ("keysym", "expected"),
    [
        (0x61, "a"), (0xE4, "ä"), (0x06C6, "ф"), (0x06A6, "і"), (0x07E1, "α"), (0x07F3, "ς"),
        (0x01B1, "ą"), (0x0CE0, "א"), (0x0DA1, "ก"), (0x20AC, "€"), (0x0100044F, "я"),
        (0xFFB5, "5"), (0xFFAB, "+"), (0xFF0D, ""), (0, ""), (0x01000007, ""), (0x0100D800, ""),
        (0x7FFFFFFF, ""), (0xFE51, ""),
    ],
)  # fmt: skip
def test_symbols_as_characters(keysym: int, expected: str) -> None:
    assert character(keysym) == expected


def test_every_name_may_cross_the_pipe_and_odd_symbols_are_unknown() -> None:
    names = {key_name(keysym) for keysym in (*range(0xFD00, 0x10000), 0x1008FF11, 0x12345678)}
    assert names <= set(KEY_NAMES)
    assert key_name(0x12345678) == "unknown"
    assert class_of("unknown") is KeyClass.CHAR
    assert class_of("f5") is KeyClass.FUNCTION


def test_dead_keys_join_the_next_letter() -> None:
    composer = Composer()
    assert (composer.dead(ACUTE), composer.letter("e")) == ("", "é")
    assert (composer.dead(DIAERESIS), composer.letter(" ")) == ("", "¨")
    assert (composer.dead(ACUTE), composer.dead(ACUTE), composer.letter("a")) == ("", "´", "a")
    assert (composer.dead(STROKE), composer.letter("o")) == ("", "ø")
    assert (composer.dead(ACUTE), composer.letter("x"), composer.letter("x")) == ("", "", "x")


def test_what_is_uncertain_is_not_guessed() -> None:
    composer = Composer()
    composer.compose()
    assert [composer.letter(char) for char in "o/a"] == ["", "", "a"]
    composer.dead(ODD_DEAD)
    assert [composer.letter(char) for char in "ab"] == ["", "b"]
    composer.dead(ACUTE)
    composer.interrupt()
    assert composer.letter("e") == "e"


class Map:
    """Key codes are symbols; nothing is held but what the state says."""

    def keysym(self, keycode: int, state: int) -> int:
        known = {1: 0xFF0D, 2: 0xFFE1, 3: ACUTE, 4: MULTI_KEY, 5: 0x20}
        upper = ord("a") - ord("A") if state & 1 else 0
        return known.get(keycode, keycode - upper)

    def mods(self, state: int) -> Mods:
        return Mods(state & 1)


def play(*events: tuple[int, int, int], step_ns: int = 1) -> list[RawEvent]:
    translator = Translator(Map())
    found = []
    for number, (kind, detail, state) in enumerate(events):
        event = translator.translate(CoreEvent(kind, detail, 0, 7, 8, state), number * step_ns)
        found += [event] if event else []
    return found


PRESS, RELEASE = wire.KEY_PRESS, wire.KEY_RELEASE


def test_a_release_names_what_its_press_gave() -> None:
    found = play((PRESS, 97, 1), (RELEASE, 97, 0))
    assert [event.char for event in found] == ["A", "A"]
    assert [event.kind for event in found] == [RawKind.KEY_DOWN, RawKind.KEY_UP]


def test_a_press_of_a_held_key_is_a_repeat_until_it_is_stale() -> None:
    presses = [(PRESS, 97, 0)] * 3
    assert [event.is_repeat for event in play(*presses)] == [False, True, True]
    assert not any(event.is_repeat for event in play(*presses, step_ns=4_000_000_000))


def test_dead_and_compose_keys_are_named() -> None:
    found = play((PRESS, 3, 0), (PRESS, 101, 0), (PRESS, 4, 0), (PRESS, 98, 0))
    assert [(event.char, event.key) for event in found] == [
        ("", "dead"), ("é", ""), ("", "compose"), ("", "unknown"),
    ]  # fmt: skip


def test_buttons_scroll_steps_and_moves() -> None:
    found = play(
        (wire.BUTTON_PRESS, 3, 0), (wire.BUTTON_PRESS, 4, 0), (wire.BUTTON_RELEASE, 4, 0),
        (wire.BUTTON_PRESS, 77, 0), (wire.MOTION, 0, 1),
    )  # fmt: skip
    kinds = [RawKind.BUTTON_DOWN, RawKind.SCROLL, RawKind.BUTTON_DOWN, RawKind.MOVE]
    assert [event.kind for event in found] == kinds
    assert [event.button for event in found[:3]] == [Button.RIGHT, Button.NONE, Button.UNKNOWN]
    assert (found[1].dy, found[3].x, found[3].mods) == (1.0, 7, Mods.SHIFT)


def test_translated_events_fit_the_pipe() -> None:
    found = play(*((PRESS, keycode, 0) for keycode in range(1, 256)))
    assert pack_events(found)


@dataclass(frozen=True)
class Named:
    name: str


@dataclass(frozen=True)
class Code:
    char: str | None
    is_dead: bool = False

    def join(self, key: "Code") -> "Code":
        if key.char != "e":
            raise ValueError
        return Code("é")


AT = (1, 2)


def test_pynput_keys_have_sides_modifiers_pairs_and_repeats() -> None:
    keys = KeyFollower()
    shift = keys.press(Named("shift"), 1, AT)
    upper = keys.press(Code("A"), 2, AT)
    again = keys.press(Code("A"), 3, AT)
    keys.release(Named("shift"), 4, AT)
    lower = keys.release(Code("a"), 5, AT)
    assert (shift.key, shift.mods, upper.mods) == ("shift_l", Mods.NONE, Mods.SHIFT)
    assert (upper.is_repeat, again.is_repeat) == (False, True)
    assert (lower.char, lower.keycode) == ("A", upper.keycode)


def test_pynput_release_of_another_character_ends_the_held_one() -> None:
    keys = KeyFollower()
    down = keys.press(Code("!"), 1, AT)
    up = keys.release(Code("1"), 2, AT)
    assert (up.char, up.keycode) == ("!", down.keycode)


def test_pynput_dead_keys_and_unknown_ones() -> None:
    keys = KeyFollower()
    assert keys.press(Code("´", is_dead=True), 1, AT).key == "dead"
    assert keys.press(Code("e"), 2, AT).char == "é"
    keys.press(Code("´", is_dead=True), 3, AT)
    assert keys.press(Code("x"), 4, AT).key == "unknown"
    for odd in (None, Code(None), Code("\x07"), Named("brand_new_key")):
        assert keys.press(odd, 5, AT).key == "unknown"
    space = keys.press(Named("space"), 6, AT)
    assert (space.char, space.key, space.key_class) == (" ", "space", KeyClass.SPACE)


@pytest.mark.parametrize("name", [":5", ":5.1", "unix:5", "unix/:5"])
def test_local_displays_are_read(name: str) -> None:
    found = parse_display(name)
    assert found == DisplayName(5, 1 if name.endswith(".1") else 0)
    assert found.xlib.startswith("unix/:5.")


@pytest.mark.parametrize(
    "name", ["", "host:0", "127.0.0.1:0", "[::1]:0", "tcp/x:0", ":", ":a", "0"]
)
def test_other_displays_are_refused_with_a_fix(name: str) -> None:
    with pytest.raises(SourceUnavailable, match="Fix: "):
        parse_display(name)
