"""Numbers of values, in the agent and in the screen process."""

import pytest

from recorder.core.screen_messages import EntityIs
from recorder.redaction.entities import EntityBook, EntityClient

KEY = bytes(range(32))


def test_a_value_keeps_its_number_and_kinds_count_apart() -> None:
    book = EntityBook(KEY)
    marks = [book.mark("EMAIL", "a"), book.mark("EMAIL", "b"), book.mark("IP", "a")]
    assert marks == ["EMAIL_1", "EMAIL_2", "IP_1"]
    assert book.mark("EMAIL", "a") == "EMAIL_1"


def test_the_digest_depends_on_key_kind_and_value() -> None:
    digests = {
        EntityBook(KEY).digest("EMAIL", "a"),
        EntityBook(KEY).digest("EMAIL", "b"),
        EntityBook(KEY).digest("IP", "a"),
        EntityBook(b"x" * 32).digest("EMAIL", "a"),
    }
    assert len(digests) == 4
    assert {len(d) for d in digests} == {16}


def test_both_processes_agree_on_a_number() -> None:
    book = EntityBook(KEY)
    client = EntityClient(KEY, book.number)
    assert client.number("EMAIL", "a") == 1
    assert book.mark("EMAIL", "a") == "EMAIL_1"


def test_the_screen_process_asks_once_and_learns_from_news() -> None:
    asked: list[str] = []

    def ask(kind: str, _digest: bytes) -> int:
        asked.append(kind)
        return 5

    client = EntityClient(KEY, ask)
    assert [client.number("IP", "x"), client.number("IP", "x")] == [5, 5]
    client.learn(EntityIs("EMAIL", EntityBook(KEY).digest("EMAIL", "a"), 9))
    assert client.number("EMAIL", "a") == 9
    assert client.is_known("EMAIL", "a")
    assert not client.is_known("EMAIL", "b")
    assert asked == ["IP"]


def test_what_is_known_goes_to_a_screen_process_that_starts() -> None:
    book = EntityBook(KEY)
    book.mark("EMAIL", "a")
    assert [(e.kind, e.number) for e in book.known()] == [("EMAIL", 1)]


def test_the_key_is_never_shown() -> None:
    book, client = EntityBook(KEY), EntityClient(KEY, lambda _kind, _digest: 1)
    assert repr(KEY) not in repr(book) + repr(client)
    with pytest.raises(ValueError, match="32"):
        EntityBook(b"short")
