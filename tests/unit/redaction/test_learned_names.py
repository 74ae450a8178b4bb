"""A name proven once is found bare afterwards, in the same episode, and nothing else is."""

import pytest

from recorder.redaction.entities import EntityBook, EntityClient
from recorder.redaction.hits import Rule
from recorder.redaction.learned_names import KIND, learned_names, name_keys, proven_names
from recorder.redaction.text import TextRedactor
from recorder.redaction.typed import TypedRedactor
from tests.unit.redaction.typist import Typist

NO_RULES = TextRedactor([Rule("none", lambda _text: [])])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dear Ms Okafor,", "Okafor"),
        ("Hallo Lena Brandt!", "Lena Brandt"),
        ("Name: Lena Brandt", "Lena Brandt"),
        ("id 4; Nombre: Lena Brandt; x", "Lena Brandt"),
        ("From Lena Brandt <l@post.example.dk>", "Lena Brandt"),
        ("to lena.brandt@post.example.dk", "lena brandt"),
    ],
)
def test_a_strong_context_proves_a_name(text: str, name: str) -> None:
    assert name.casefold() in [key for found in proven_names(text) for key in name_keys(found)]


@pytest.mark.parametrize(
    "text",
    ["Dear all, see below", "Name: server-7", "call Lena Brandt", "no.reply@post.example.dk",
     "sales.team@post.example.dk", "hello world"],
)  # fmt: skip
def test_a_weak_context_proves_nothing(text: str) -> None:
    assert [key for name in proven_names(text) for key in name_keys(name)] == []


def test_a_proven_name_is_found_bare_under_its_number() -> None:
    book = EntityBook(b"k" * 32)
    NO_RULES.redact("Name: Lena Brandt", book)
    redacted = NO_RULES.redact("Brandt asked; Lena Brandt knows. The brand and lena stay", book)
    assert redacted.text == "<PERSON_1> asked; <PERSON_1> knows. The brand and lena stay"


def test_a_word_that_means_something_else_is_learned_with_its_name_only() -> None:
    book = EntityBook(b"k" * 32)
    NO_RULES.redact("Name: Will Okafor", book)
    redacted = NO_RULES.redact("Will it rain? Will Okafor says Okafor knows", book)
    assert redacted.text == "Will it rain? <PERSON_1> says <PERSON_1> knows"


def test_another_episode_knows_nothing() -> None:
    NO_RULES.redact("Name: Lena Brandt", EntityBook(b"k" * 32))
    other = NO_RULES.redact("Brandt asked", EntityBook(b"k" * 32))
    assert other.text == "Brandt asked"


def test_the_book_holds_digests_and_a_bounded_number_of_names() -> None:
    book = EntityBook(b"k" * 32)
    for at in range(2000):
        book.learn_name("Xa" + "".join(chr(97 + int(d)) for d in str(at)))
    assert sum(news.kind == KIND for news in book.known()) <= 1025
    assert all(isinstance(news.digest, bytes) for news in book.known())


def test_a_name_typed_behind_its_label_is_gone_when_typed_bare_and_read_on_screen() -> None:
    key = b"k" * 32
    book = EntityBook(key)
    typist = Typist(redactor=TypedRedactor(NO_RULES, book))
    typist.type("Name: Lena Brandt\n")
    typist.type("ask Brandt now\n")
    assert typist.finish().shown.endswith("ask <PERSON_1> now{enter}")
    screen = EntityClient(key, lambda _kind, _digest: 1)
    for news in book.known():
        screen.learn(news)
    hits = learned_names("with Lena Brandt", lambda name: screen.is_known(KIND, name))
    assert [(hit.start, hit.end) for hit in hits] == [(5, 16)]
