"""What the tagger's generator writes: names in their own script, words of no list, labels."""

import random

import pytest

from benchmarks.tagger.foreign import ForeignText
from benchmarks.tagger.local_names import LocalNames
from benchmarks.tagger.names import Names
from benchmarks.tagger.pools import Pool
from benchmarks.tagger.writer import templates

_DRAWS = 200


def _rng() -> random.Random:
    return random.Random(4)  # noqa: S311


def _pool(locale: str, first: tuple[str, ...], last: tuple[str, ...]) -> Pool:
    words = ("slovo", "slovan", "novota", "ovoce", "novost")
    return Pool(
        locale, first, last, (), (), (), (), (), (), (), ("kuchař",), ("Slovo dvere.",), words, ("leden",)
    )  # fmt: skip


_CHINESE = _pool("zh_CN", ("伟", "秀英", "Wei"), ("王", "李", "Wang"))
_GREEK = _pool("el_GR", ("Γιώργος", "Ελένη"), ("Παππάς", "Δήμος"))


def _names(pool: Pool) -> Names:
    return Names([pool], _rng())


def test_chinese_names_begin_with_the_family_and_mostly_have_no_space() -> None:
    names = _names(_CHINESE)
    drawn = [names.family_first(names.local("zh_CN")) for _ in range(_DRAWS)]
    assert {name[0] for name in drawn} == {"王", "李"}
    assert sum(" " not in name for name in drawn) > _DRAWS / 2


def test_greek_names_stand_in_their_own_letters_and_in_several_cases() -> None:
    slots = LocalNames(_names(_GREEK), _rng()).slots()
    drawn = {slots["el_last"]() for _ in range(_DRAWS)}
    assert {"Παππάς", "Παππά", "Δήμος", "Δήμο", "Δήμου"} <= drawn
    assert not any(char.isascii() for name in drawn for char in name)


def test_some_words_without_people_are_in_no_list() -> None:
    foreign = ForeignText([_GREEK], [["Otevřít okno"]], _rng())
    words = {word for _ in range(_DRAWS) for word in foreign.filler().split()}
    assert set(_GREEK.words) < words


@pytest.mark.parametrize("name", ["everyday", "foreign", "foreign_lines", "interface_words"])
def test_lines_without_people_have_no_place_for_one(name: str) -> None:
    lines = templates(name)
    assert not any(
        slot in line for line in lines for slot in ("_full}", "{full", "{first", "{last")
    )
    assert all(line.strip() for line in lines)
