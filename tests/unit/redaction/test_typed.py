"""Typed text: nothing of a value survives, the rest does, in order of time."""

import pytest

from recorder.core.events import EventRow, KeyClass, Kind, Mods, Redaction
from recorder.core.levels import KeyboardLevel
from recorder.core.scenes import Field
from recorder.redaction.entities import EntityBook
from recorder.redaction.hits import Hit, Rule
from recorder.redaction.text import TextRedactor
from recorder.redaction.typed import TypedRedactor
from tests.unit.redaction.typist import MS, Typist, characters

MAIL = "jo.dale@mail.example.net"


def test_plain_text_is_kept_with_its_exact_times() -> None:
    typist = Typist()
    typist.t_ns += 13
    typist.type("ls -la\n")
    typist.finish()
    assert typist.shown == "ls -la{enter}"
    fed = [e.row.t_ns for e in typist.fed if e.row.kind is Kind.KEY_DOWN]
    assert [r.t_ns for r in typist.rows if r.kind is Kind.KEY_DOWN] == fed


def test_nothing_is_released_before_the_segment_ends() -> None:
    typist = Typist()
    typist.type("some words of text")
    assert typist.rows == []
    typist.type(" that is longer than the phrase at its end")
    typist.wait(2.1)
    assert typist.shown == "some words of text that is longer "


def test_a_value_is_one_row_without_trace() -> None:
    typist = Typist()
    typist.type(f"to {MAIL} now\n")
    typist.finish()
    assert typist.shown == "to <EMAIL_1> now{enter}"
    (row,) = (r for r in typist.rows if r.redaction is Redaction.MASKED)
    assert (row.kind, row.key, row.key_class, row.mods) == (Kind.KEY_DOWN, None, KeyClass.CHAR, 0)
    assert row.is_repeat is False


def test_the_same_value_has_the_same_number() -> None:
    typist = Typist()
    typist.type(f"{MAIL}\nx.y@other.example.org\n{MAIL.upper()}\n")
    typist.finish()
    assert typist.shown == "<EMAIL_1>{enter}<EMAIL_2>{enter}<EMAIL_1>{enter}"


def test_typos_leave_no_trace_of_a_value() -> None:
    typist = Typist()
    typist.type("jo.dael")
    typist.key("backspace", 2)
    typist.type("le@mail.example.net ok\n")
    assert typist.finish().shown == "<EMAIL_1> ok{enter}"


def test_a_value_that_was_erased_leaves_no_trace() -> None:
    typist = Typist()
    typist.type("4000 0566 5566 5556")
    typist.key("backspace", 19)
    typist.type("never mind\n")
    assert typist.finish().shown == "never mind{enter}"


def test_arrows_home_and_end_rebuild_the_line() -> None:
    typist = Typist()
    typist.type("dale@mail.example.net")
    typist.key("home")
    typist.type("jo.")
    typist.key("end")
    typist.type(" thanks\n")
    assert typist.finish().shown == "<EMAIL_1> thanks{enter}"


def test_a_selection_is_replaced() -> None:
    typist = Typist()
    typist.type("to jo.dale@wrong")
    typist.key("left", 5, Mods.SHIFT)
    typist.type("mail.example.net ok\n")
    assert typist.finish().shown == "to <EMAIL_1> ok{enter}"


def test_select_all_and_typing_replaces_the_line() -> None:
    typist = Typist()
    typist.type("4000 0566 5566 5556")
    typist.press(char="a", mods=Mods.CTRL)
    typist.type("nothing here\n")
    assert typist.finish().shown == "nothing here{enter}"


def test_word_wise_erasing_is_followed() -> None:
    typist = Typist()
    typist.type("jo.dale@mail.wrong")
    typist.key("backspace", 1, Mods.CTRL)
    typist.type("example.net ok\n")
    assert typist.finish().shown == "<EMAIL_1> ok{enter}"


def test_a_value_typed_with_a_pause_inside_is_one_row() -> None:
    typist = Typist()
    typist.type("to jo.dale@ma")
    typist.wait(4)
    typist.type("il.example.net ok\n")
    assert typist.finish().shown == "to <EMAIL_1> ok{enter}"


def test_a_pause_of_more_than_ten_seconds_leaves_class_rows() -> None:
    typist = Typist()
    typist.type("to jo.da")
    typist.wait(12)
    assert typist.shown.startswith("to ")
    assert "jo" not in typist.shown
    typist.type("le@mail.example.net ok\n")
    assert characters(typist.finish().rows).count("e") == 0


def test_nothing_waits_for_more_than_ten_seconds() -> None:
    typist = Typist()
    typist.type("4000 0566")
    last_ns = typist.t_ns
    while not typist.rows:
        typist.wait(0.1)
        assert typist.t_ns - last_ns < 10_000 * MS


def test_a_card_typed_in_four_fields_is_one_row() -> None:
    typist = Typist()
    for group in ("4000", "0566", "5566", "5556"):
        typist.type(group + "\t")
        typist.field_id += 1
    assert typist.finish().shown == "<CARD_1>{tab}{tab}{tab}{tab}"


def test_a_password_after_its_label_never_shows() -> None:
    typist = Typist()
    typist.type("password: swordf")
    typist.wait(3)
    typist.type("ish\n")
    assert typist.finish().shown == "password: <PASSWORD_1>{enter}"


def test_a_one_time_code_in_six_boxes_never_shows() -> None:
    typist = Typist()
    for digit in "482915":
        typist.type(digit)
        typist.field_id += 1
    assert not any(char.isdigit() for char in characters(typist.finish().rows))


@pytest.mark.parametrize("name", ["up", "down", "unknown", "insert"])
def test_an_unknown_caret_makes_the_segment_class(name: str) -> None:
    typist = Typist()
    typist.type("first words ")
    typist.key(name)
    typist.type("more")
    typist.key("enter")
    typist.type("again\n")
    shown = typist.finish().shown
    assert shown.startswith("····· ····· ")
    assert "more" not in shown
    assert shown.endswith("{enter}again{enter}")


def test_undo_makes_the_segment_class() -> None:
    typist = Typist()
    typist.type("first words ")
    typist.press(char="z", mods=Mods.CTRL)
    assert characters(typist.finish().rows) == "z"


def test_a_click_inside_the_field_makes_what_follows_class() -> None:
    typist = Typist()
    typist.type("first ")
    typist.click()
    typist.type("second\nthird\n")
    assert typist.finish().shown == "first ······{enter}third{enter}"


def test_a_click_into_another_field_keeps_its_text() -> None:
    typist = Typist()
    typist.type("first ")
    typist.click()
    typist.field_id = 2
    typist.type("second\n")
    assert typist.finish().shown == "first second{enter}"


def test_completion_by_tab_makes_what_follows_class() -> None:
    typist = Typist()
    typist.type("cat not\tes\nls\n")
    assert typist.finish().shown.endswith("{tab}··{enter}ls{enter}")


def test_paste_is_its_shortcut_only() -> None:
    typist = Typist()
    typist.type("see ")
    typist.press(char="v", mods=Mods.CTRL)
    typist.type("x\n")
    rows = [r for r in typist.finish().rows if r.kind is Kind.KEY_DOWN and r.key == "v"]
    assert [r.mods for r in rows] == [int(Mods.CTRL)]
    assert typist.shown == "see v·{enter}"


def test_level_class_tells_the_kind_of_key_on_a_coarse_grid() -> None:
    typist = Typist(level=KeyboardLevel.CLASS)
    typist.type("Ab1 \n")
    typist.press(char="s", mods=Mods.CTRL)
    rows = typist.finish().rows
    assert all(row.t_ns % (50 * MS) == 0 for row in rows)
    assert typist.shown == "··· {enter}s"
    classed = [r for r in rows if r.redaction is Redaction.CLASS]
    assert {(r.key, r.mods, r.key_class) for r in classed} == {(None, 0, KeyClass.CHAR)}


def test_level_off_and_secure_fields_leave_nothing() -> None:
    for typist in (Typist(level=KeyboardLevel.OFF), Typist(field_kind=Field.SECURE)):
        typist.type("abc\n")
        assert typist.finish().rows == []


def test_an_unknown_field_is_class_at_most() -> None:
    typist = Typist(field_kind=Field.UNKNOWN)
    typist.type("abc\n")
    assert typist.finish().shown == "···{enter}"


def test_events_behind_held_text_wait() -> None:
    typist = Typist()
    typist.type("word")
    typist.row(Kind.MOVE)
    assert typist.rows == []
    typist.type("\n")
    kinds = [r.kind for r in typist.finish().rows]
    assert kinds.index(Kind.MOVE) == 8


def test_the_frame_of_a_vanished_key_goes_to_the_masked_row() -> None:
    typist = Typist()
    typist.press(char="x")
    typist.key("backspace")
    first = typist.redactor._queue[0].event
    object.__setattr__(first, "row", EventRow(first.row.t_ns, Kind.KEY_DOWN, mods=0, frame_id=7))
    typist.type(f"{MAIL}\n")
    (row,) = (r for r in typist.finish().rows if r.redaction is Redaction.MASKED)
    assert row.frame_id == 7


def test_a_rule_that_raises_makes_the_segment_class() -> None:
    def broken(_text: str) -> list[Hit]:
        raise KeyError("x")

    redactor = TypedRedactor(TextRedactor([Rule("broken", broken)]), EntityBook(b"k" * 32))
    typist = Typist(redactor=redactor)
    typist.type("abc\n")
    assert typist.finish().shown == "···{enter}"


def test_a_target_name_is_redacted() -> None:
    typist = Typist()
    row = EventRow(typist.t_ns, Kind.BUTTON_DOWN, target_name=f"Mail {MAIL}")
    typist._feed_row(row)
    assert typist.finish().rows[0].target_name == "Mail <EMAIL_1>"


@pytest.mark.parametrize(
    ("rest", "shown"), [(" is open\n", "the café is open{enter}"), ("", "the ····")]
)
def test_a_dead_key_is_told_by_its_letter_alone(rest: str, shown: str) -> None:
    person = Typist()
    person.type("the caf")
    person.key("dead")
    person.press(char="é")
    person.type(rest)
    assert person.finish().shown == shown
