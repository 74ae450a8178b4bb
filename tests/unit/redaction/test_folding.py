"""Typography hides no value: invisible, composed, styled and look-alike characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.redaction.entities import EntityBook
from recorder.redaction.folding import fold
from recorder.redaction.text import TextRedactor

REDACTOR = TextRedactor()


def redacted(text: str) -> str:
    return REDACTOR.redact(text, EntityBook(b"k" * 32)).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ki\u200bm@po\u2060st.exam\u00adple.dk", "<EMAIL_1>"),
        ("k\u0456m@\u0440\u043est.\u0435xample.dk", "<EMAIL_1>"),
        ("p\u0430ssw\u043erd: Zebra!7731", "p\u0430ssw\u043erd: <PASSWORD_1>"),
        ("\u202epassword: Zeb\u202cra!7731", "\u202epassword: <PASSWORD_1>"),
        ("AK\u0406AQ3EGSMJ7T2LXW5VB", "<SECRET_1>"),
        ("D\u0415\u200d89 3704 0044 0532 0130 00", "<IBAN_1>"),
        ("4000\u202f0566\u00a05566\u20035556", "<CARD_1>"),
        ("\uff14\uff10\uff10\uff10 \u0660\u0665\u0666\u0666 5566 5556", "<CARD_1>"),
        ("\U0001d7d2\U0001d7ce\U0001d7ce\U0001d7ce 0566 5566 5556", "<CARD_1>"),
        ("p\u0337a\u0337s\u0337s\u0337word: Zebra!7731", "p\u0337a\u0337s\u0337s\u0337word: <PASSWORD_1>"),
        ("Contrasen\u0303a: Zebra!7731", "Contrasen\u0303a: <PASSWORD_1>"),
        ("\u041f\u0430\u0440\u043e\u043b\u044c: Zebra!7731", "\u041f\u0430\u0440\u043e\u043b\u044c: <PASSWORD_1>"),
        ("\udcff kim@post.example.dk \udc80", "\udcff <EMAIL_1> \udc80"),
        ("\ufffd kim@post.example.dk\ufffd", "\ufffd <EMAIL_1>\ufffd"),
    ],
)  # fmt: skip
def test_typography_does_not_hide_a_value(text: str, expected: str) -> None:
    assert redacted(text) == expected


def test_a_value_between_words_that_run_from_right_to_left_is_found() -> None:
    text = redacted("\u05db\u05e8\u05d8\u05d9\u05e1 4000 0566 5566 5556 \u05ea\u05d5\u05d3\u05d4")
    assert "<CARD_1>" in text
    assert "4000" not in text


def test_words_of_another_script_stay_what_they_are() -> None:
    text = "\u0440\u043e\u0441\u0430 \u0438 \u03bd\u03cc\u03bc\u03bf\u03c2"
    assert fold(text).text == text


def test_a_text_without_blanks_in_another_script_is_folded_in_one_go() -> None:
    """Tried again from each of its characters it would take minutes."""
    text = "\u6f22" * 150_000
    assert fold(text).text == text
    assert fold(text + "a\u0430").text == text + "aa"


@given(st.text(max_size=60))
def test_every_folded_character_knows_its_place(text: str) -> None:
    folded = fold(text)
    ends = [folded.origin(at, at + 1) for at in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in ends)
    assert ends == sorted(ends)


@given(
    st.lists(st.sampled_from("\u200b\u00ad\u2060\ufe0f\u0301"), min_size=1, max_size=5),
    st.lists(st.integers(1, 24), min_size=1, max_size=5),
)
def test_marks_and_invisible_characters_anywhere_hide_nothing(
    marks: list[str], places: list[int]
) -> None:
    secret = "ghp_0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX"
    text = secret
    for mark, place in zip(marks, sorted(places, reverse=True), strict=False):
        text = text[:place] + mark + text[place:]
    assert redacted(f"x {text} y") == "x <SECRET_1> y"
