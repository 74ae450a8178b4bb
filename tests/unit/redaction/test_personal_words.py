"""A person's own words: found however they are written, known by digests only."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.redaction.entities import EntityBook
from recorder.redaction.personal_words import PersonalWords, UnusableWord, digests_of
from recorder.redaction.rules import rules_with
from recorder.redaction.text import TextRedactor
from recorder.redaction.typed import TypedRedactor
from tests.unit.redaction.typist import Typist

KEY = b"k" * 32
WIDE = "".join(chr(ord(char) + 0xFEE0) for char in "solberg")
CYRILLIC = "S\u043elb\u0435rg"


def words(*given_words: str) -> PersonalWords:
    entries = [digests_of(KEY, word) for word in given_words]
    digests = frozenset(d for entry in entries for d in entry.digests)
    return PersonalWords(KEY, digests, max(entry.parts for entry in entries) + 1)


def found(text: str, *own: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in words(*own).find(text)]


@pytest.mark.parametrize(
    ("own", "text", "expected"),
    [
        ("Solberg", "mr SOLBERG's boat", ["SOLBERG"]),
        ("Solberg", f"at {WIDE}", [WIDE]),
        ("Solberg", "read as S0lberg, so1berg, Sol berg", ["S0lberg", "so1berg", "Sol berg"]),
        ("Solberg", "write to kim.solberg@example.org", ["solberg"]),
        ("Solberg", f"{CYRILLIC} looks alike", [CYRILLIC]),
        ("José Álvarez", "jose alvarez, JoséÁlvarez", ["jose alvarez", "JoséÁlvarez"]),
        ("Müller", "Mu\u0308ller and MULLER", ["Mu\u0308ller", "MULLER"]),
        ("Müller", "Mueller and MUELLER-Mill", ["Mueller", "MUELLER"]),
        ("Soerensen", "Sørensen", ["Sørensen"]),
        ("Jörg", "Joerg, joerg", ["Joerg", "joerg"]),
        ("Aase", "hi Åse", ["Åse"]),
        ("Große Straße 12", "in der grosse-strasse 12, oben", ["grosse-strasse 12"]),
        ("project blue heron at sea", "Project Blue Heron at Sea!", ["Project Blue Heron at Sea"]),
        ("山田太郎", "これは山田太郎です", ["山田太郎"]),
        ("Arne", "a barn, Arne", ["Arne"]),
        ("Solberg", "solberg42 and 7Solberg, solberg_1", ["solberg42", "7Solberg", "solberg"]),
        ("Blue Heron", "blue heron99", ["blue heron99"]),
        ("agent007", "Agent007", ["Agent007"]),
        (
            "\u0645\u062d\u0645\u062f",
            "\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f",
            ["\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f"],
        ),
        (
            "\u0938\u093f\u0926\u094d\u0927\u093e\u0930\u094d\u0925 \u0936\u0930\u094d\u092e\u093e",
            "\u0936\u094d\u0930\u0940 \u0938\u093f\u0926\u094d\u0927\u093e\u0930\u094d\u0925 \u0936\u0930\u094d\u092e\u093e",
            [
                "\u0938\u093f\u0926\u094d\u0927\u093e\u0930\u094d\u0925 \u0936\u0930\u094d\u092e\u093e"
            ],
        ),
    ],
)
def test_a_word_is_found_however_it_is_written(own: str, text: str, expected: list[str]) -> None:
    assert found(text, own) == expected


@pytest.mark.parametrize(
    ("own", "text"),
    [
        ("Ali", "all of it"),
        ("Ina", "in a hurry"),
        ("Sue", "su and sous"),
        ("Toan", "to an end"),
        ("Solberg", "Solberghaven"),
        ("Solberg", "solberg42x 42"),
        ("Ina", "in42"),
        ("Blue Heron", "the blue whale, a heron"),
    ],
)
def test_other_words_stay(own: str, text: str) -> None:
    assert found(text, own) == []


@pytest.mark.parametrize("own", ["", "ab", "a b", "-- !", "one two three four five six"])
def test_too_short_and_too_long_entries_are_refused(own: str) -> None:
    with pytest.raises(UnusableWord):
        digests_of(KEY, own)


def test_nothing_of_a_word_shows_in_its_entry() -> None:
    entry = digests_of(KEY, "Solberg")
    assert "olberg" not in repr(entry).lower() + repr(words("Solberg")).lower()
    assert entry != digests_of(b"o" * 32, "Solberg")


@given(st.text("abcdefghijklmnoéüßøÅ", min_size=3, max_size=12), st.sampled_from(("", " x", "'s")))
def test_what_was_added_is_always_found(word: str, after: str) -> None:
    for form in (word, word.upper(), unicodedata.normalize("NFD", word), word.title()):
        assert found(f"so {form}{after}", word)


def test_text_gets_a_mark_and_stays_the_same_when_redacted_again() -> None:
    redactor = TextRedactor(rules_with(words("blue heron").find))
    once = redactor.redact("the Blue Heron flies; blue heron", EntityBook(KEY)).text
    assert once == "the <PERSONAL_1> flies; <PERSONAL_1>"
    assert redactor.redact(once, EntityBook(KEY)).text == once


def test_what_is_typed_leaves_one_row_for_it() -> None:
    redactor = TextRedactor(rules_with(words("Solberg").find))
    typist = Typist(redactor=TypedRedactor(redactor, EntityBook(KEY)))
    typist.type("ask solberg now\n")
    rows = typist.finish().rows
    assert [row.entity for row in rows if row.entity] == ["PERSONAL_1"]
    assert "sol" not in "".join(row.key or "" for row in rows)
