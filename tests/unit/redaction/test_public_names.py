"""Names that everybody knows stay; names of people that hold their words go."""

import pytest

from recorder.redaction.public_names import is_public
from recorder.redaction.tagger import names_and_addresses


@pytest.mark.parametrize(
    "name",
    ["San Francisco", "Los Angeles and San Francisco", "Buenos Aires, New York", "Nueva York",
     "Romeo and Juliet", "Marks & Spencer", "Alfa Romeo", "Charlotte, North Carolina", "NEW  YORK",
     "Riemann Hypothesis", "Parkinson's Law"],
)  # fmt: skip
def test_what_is_nothing_but_public_names_is_public(name: str) -> None:
    assert is_public(name, 0, len(name))


@pytest.mark.parametrize(
    "name",
    ["Santa Barbara Miller", "Paris Whitfield", "Kim and Romeo", "Harvey", "Alfa Romeo 12",
     "Larsen, Kim", "Barbara Law"],
)  # fmt: skip
def test_a_name_that_holds_more_is_not(name: str) -> None:
    assert not is_public(name, 0, len(name))


def test_a_thing_called_after_a_person_is_public_where_only_the_name_was_hit() -> None:
    assert is_public("the Doppler effect", 4, 11)
    assert is_public("Houston Chronicle", 0, 7)
    assert not is_public("Doppler said so", 0, 7)


@pytest.mark.parametrize(
    "text", ["Santa Barbara beaches", "Dow Jones closes higher", "Los Angeles - Weather"]
)
def test_a_public_name_in_a_line_stays(text: str) -> None:
    assert not list(names_and_addresses(text))


@pytest.mark.parametrize("thing", ["disease", "law firm", "syndrome", "award"])
def test_what_somebody_has_does_not_make_the_name_public(thing: str) -> None:
    assert not is_public(f"Kowalski's {thing}", 0, 8)
    assert not is_public(f"Kowalski's {thing}", 0, len(f"Kowalski's {thing}"))


def test_laws_and_diseases_known_by_a_name_are_public() -> None:
    assert is_public("Parkinson's disease", 0, 9)
    assert is_public("Snell's law", 0, len("Snell's law"))


@pytest.mark.parametrize("name", ["Thomas Cook", "Jack Daniels", "William Hill", "Hugo Boss"])
def test_a_firm_called_like_a_person_is_not_public(name: str) -> None:
    assert not is_public(name, 0, len(name))
