"""Captured text on a page: one line, bounded, nothing that hides or turns letters around."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.review.shown import LIMIT, visible

_NEVER = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, ünïcode ✓", "plain text, ünïcode ✓"),
        ("a\tb\r\nc", "a b  c"),
        ("x\u202egnp.exe", "x[U+202E]gnp.exe"),
        ("\x1b[31mred", "[U+001B][31mred"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("\ud800", "[U+D800]"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 3 + "[U+0301]" * 6),
    ],
)
def test_what_is_unseen_is_named(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_long_text_says_how_much_is_missing() -> None:
    assert visible("a" * 1_000_000) == "a" * LIMIT + "… (999700 more characters)"


@given(st.text(st.characters(exclude_categories=()), max_size=400))
def test_nothing_unseen_is_left_whatever_comes(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(character) in _NEVER for character in shown)
    assert "\n" not in shown
    assert visible(shown[:LIMIT]) == shown[:LIMIT]
