"""The tagger's tables: what is refused, how a string is found, that probabilities are such."""

import zlib

import pytest

from recorder.redaction.tagger_features import manners, word_features
from recorder.redaction.tagger_model import MAGIC, HashTable, load, unpack
from recorder.redaction.tagger_tokens import tokens


def test_bytes_of_another_version_are_refused() -> None:
    with pytest.raises(ValueError, match="names and addresses"):
        unpack(b"something else" + zlib.compress(b""))


def test_the_file_stays_small_and_carries_its_version() -> None:
    assert load().flags("london") != load().flags("qwzxv") == ""
    assert MAGIC.endswith(b"\n")


def test_a_table_finds_what_stands_in_it_after_a_collision() -> None:
    value = zlib.crc32(b"key")
    marks = [0] * 4
    marks[value & 3] = (value >> 16) ^ 1
    marks[(value + 1) & 3] = value >> 16
    table = HashTable(b"".join(mark.to_bytes(2, "little") for mark in marks))
    assert table.find_all(["key", "other"])[0] == (value + 1) & 3
    assert table.find_all([]) == []


def test_probabilities_are_between_nothing_and_all() -> None:
    text = "Ask Ingrid Solheim, 27 Hawthorn Crescent"
    for person, address in load().probabilities(text, tokens(text)):
        assert 0 <= person <= 1
        assert 0 <= address <= 1
        assert person + address <= 1 + 1e-9


def test_long_texts_do_not_run_out_of_range() -> None:
    text = "Ingrid Solheim 27 Hawthorn Crescent " * 400
    assert all(0 <= p + a <= 1 + 1e-9 for p, a in load().probabilities(text, tokens(text)))


@pytest.mark.parametrize(
    ("line", "manner"),
    [("all small", "x"), ("ALL LOUD", "X"), ("Each Word", "T"), ("One word", "a"), ("a_b = 1", "xs")],
)  # fmt: skip
def test_the_manner_of_a_line_is_told(line: str, manner: str) -> None:
    assert set(manners(line, tokens(line))) == {manner}


def test_each_line_has_its_own_manner() -> None:
    text = "One word\nx = {}"
    assert manners(text, tokens(text)) == ["a", "a", "a", "xs", "xs", "xs", "xs"]


def test_digits_are_looked_at_by_their_number_only() -> None:
    assert word_features("731", "").own == word_features("954", "").own
