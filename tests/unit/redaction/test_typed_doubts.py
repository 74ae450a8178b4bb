"""Typed text that no rule proves to be a value and that may be one: it falls to class."""

import pytest

from recorder.core.levels import KeyboardLevel
from recorder.core.scenes import Field
from recorder.redaction.entities import EntityBook
from recorder.redaction.hits import Rule
from recorder.redaction.text import TextRedactor
from recorder.redaction.typed import TypedRedactor
from tests.unit.redaction.typist import Typist


def test_a_word_that_becomes_an_address_after_a_pause_never_shows() -> None:
    for pause_s in (3, 12):
        typist = Typist()
        typist.type("larsen ")
        typist.wait(pause_s)
        typist.key("backspace")
        typist.type("@post.example.dk ok\n")
        assert "larsen" not in typist.finish().shown


@pytest.mark.parametrize(
    "begun",
    [
        "ghp_abcd",
        "eyJhbGci",
        "AKIAQWER",
        "kim@post",
        "Tr0ub4dor&3x",
        "#Q?hR+$iD",
        "aB?/kQ9!zx",
        "0044 0532 013",
    ],
)
def test_a_value_left_half_typed_is_class(begun: str) -> None:
    typist = Typist()
    typist.type(f"use {begun} now\n")
    shown = typist.finish().shown
    assert shown.startswith("use ")
    assert shown.endswith(" now{enter}")
    assert not any(begun[at : at + 3] in shown for at in range(len(begun) - 2))


def test_a_mixed_word_left_for_another_field_never_shows() -> None:
    for begun in ("#Q?hR+$iD", "kq+wd!rt", "horse7battery"):
        typist = Typist()
        typist.type(begun + "\t")
        typist.field_id += 1
        typist.type("4000 0566 5566 5556\n")
        shown = typist.finish().shown.replace("{enter}", "")
        assert "<CARD_1>" in shown
        assert not any(begun[at : at + 3] in shown for at in range(len(begun) - 2))


def test_plain_words_wait_with_their_phrase_and_come_out() -> None:
    no_rules = TextRedactor([Rule("none", lambda _text: [])])
    typist = Typist(redactor=TypedRedactor(no_rules, EntityBook(b"k" * 32)))
    typist.type("one two three four five six seven eight. ")
    typist.wait(2.1)
    assert typist.shown == "one two "
    typist.wait(7)
    assert typist.shown == "one two three four five six seven \u00b7\u00b7\u00b7\u00b7\u00b7\u00b7 "


def test_shift_leaves_no_row_where_letters_are_not_told() -> None:
    for typist in (Typist(level=KeyboardLevel.CLASS), Typist(field_kind=Field.UNKNOWN)):
        typist.type("AbC\n")
        assert all(row.key != "shift" for row in typist.finish().rows)
    typist = Typist()
    typist.type("password: ZebRA\n")
    assert all(row.key != "shift" for row in typist.finish().rows)


def test_going_back_to_the_line_above_makes_what_follows_class() -> None:
    typist = Typist()
    typist.type("first\n")
    typist.key("backspace")
    typist.type("more\n")
    assert "more" not in typist.finish().shown


def test_a_masked_value_costs_one_key_to_erase_whatever_its_length() -> None:
    for value, name in (("4000 0566 5566 5556", "CARD_1"), ("jo.dale@mail.example.net", "EMAIL_1")):
        typist = Typist()
        typist.type(value)
        typist.wait(12)
        typist.key("backspace", len(value))
        typist.type("never mind\n")
        assert typist.finish().shown == f"<{name}>{{backspace}}never mind{{enter}}"


@pytest.mark.parametrize(("held", "erased"), [(100, 100), (300, 300)])
def test_what_a_held_key_typed_and_a_held_backspace_erased_is_told_for_both_or_for_none(
    held: int, erased: int
) -> None:
    typist = Typist()
    typist.type("a" * held, step_ms=16)
    for _ in range(erased):
        typist.press(key="backspace", step_ms=16)
    typist.type("\n")
    told = typist.finish().shown
    assert told.count("·") - told.count("{backspace}") == held - erased
    assert told.replace("·", "").replace("{backspace}", "") == "{enter}"
