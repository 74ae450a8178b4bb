"""Words known by their pixels; a line is drawn as blocks, each shade another word."""

from collections.abc import Sequence

import numpy as np
import pytest

from recorder.redaction.known_words import WordMemory
from recorder.redaction.pieces import (
    PiecedLine,
    Stretch,
    cut_at_blanks,
    filled,
    parts_to_read,
    stretches_of,
)
from recorder.redaction.reading import Word

HEIGHT = 12
GAP = 4
WIDE = 40


def _line(*shades: int, gaps: Sequence[int] = ()) -> PiecedLine:
    """Draw a block for each shade on white, with the gaps between them."""
    parts = []
    for at, shade in enumerate(shades):
        if at:
            gap = gaps[at - 1] if gaps else GAP
            parts.append(np.full((HEIGHT, gap, 4), 255, np.uint8))
        block = np.full((HEIGHT, WIDE, 4), shade, np.uint8)
        block[0] = 255
        parts.append(block)
    return cut_at_blanks(np.concatenate(parts, axis=1))


def _words(line: PiecedLine, *texts: str, confidence: float = 95) -> tuple[Word, ...]:
    pairs = zip(line.pieces, texts, strict=True)
    return tuple(Word(text, start, end - start, confidence) for (start, end), text in pairs)


def _learnt(line: PiecedLine, *texts: str, confidence: float = 95) -> WordMemory:
    memory = WordMemory()
    memory.learn(line, 0, len(texts) - 1, _words(line, *texts, confidence=confidence))
    return memory


def _told(memory: WordMemory, line: PiecedLine) -> list[list[str] | None]:
    return [[w.text for w in s.words] if s.words else None for s in memory.recall(line)]


def test_a_line_is_cut_at_blanks_and_not_between_letters() -> None:
    line = _line(10, 20, 30, gaps=[2, GAP])
    assert line.pieces == ((0, 82), (86, 126))


def test_an_underline_joins_what_stands_over_it() -> None:
    crop = _line(10, 20).crop.copy()
    crop[-1] = 10
    assert len(cut_at_blanks(crop).pieces) == 1


def test_a_line_of_one_shade_has_no_pieces_and_teaches_nothing() -> None:
    line = cut_at_blanks(np.zeros((HEIGHT, 1, 4), np.uint8))
    memory = WordMemory()
    memory.learn(line, 0, -1, ())
    assert (line.pieces, memory.recall(line)) == ((), [])


def test_known_words_come_back_where_they_stand_now() -> None:
    memory = _learnt(_line(10, 20, 30), "one", "two", "three")
    line = _line(99, 20, 30, gaps=[6, GAP])
    assert _told(memory, line) == [None, ["two"], ["three"]]
    assert [s.words[0].x for s in memory.recall(line) if s.words] == [WIDE + 6, 90]


def test_half_a_word_is_not_taken_for_a_whole_one() -> None:
    memory = _learnt(_line(10, 20, 30, gaps=[6, 6]), "one", "two", "three")
    assert _told(memory, _line(99, 20, 98, gaps=[GAP, 6])) == [None]
    assert _told(memory, _line(99, 20, 98, gaps=[6, 6])) == [None, ["two"], None]


def test_the_narrowest_gap_that_parted_a_word_counts() -> None:
    memory = _learnt(_line(10, 20), "one", "two")
    line = _line(99, 10, 20)
    assert _told(memory, line) == [None, ["two"]]
    memory.learn(line, 0, 2, _words(line, "new", "one", "two"))
    assert _told(memory, _line(98, 10, 20)) == [None, ["one"], ["two"]]


def test_unsure_words_are_not_kept() -> None:
    line = _line(10, 20)
    assert _told(_learnt(line, "one", "two", confidence=79), line) == [None]


def test_a_word_that_leaves_ink_beside_it_is_not_kept() -> None:
    line, memory = _line(10, 20), WordMemory()
    memory.learn(line, 0, 1, (Word("one", 0, WIDE, 95), Word("t", WIDE + GAP, 30, 95)))
    assert _told(memory, line) == [["one"], None]


def test_a_word_of_several_pieces_is_known_as_one() -> None:
    line, memory = _line(10, 20, 30), WordMemory()
    memory.learn(line, 0, 2, (Word("one", 0, WIDE, 95), Word("twothree", 44, 84, 95)))
    assert _told(memory, line) == [["one"], ["twothree"]]
    assert _told(memory, _line(10, 20)) == [["one"], None]


def test_what_stood_at_the_side_of_a_part_that_was_read_is_not_kept() -> None:
    line, memory = _line(10, 20, 30, 40, 50), WordMemory()
    words = _words(line, "a", "two", "three", "four", "e")[1:4]
    memory.learn(line, 1, 3, words)
    assert _told(memory, line) == [None, ["three"], None]


def test_the_unknown_is_read_with_a_known_word_on_each_side() -> None:
    line = _line(*range(10, 18))
    memory = _learnt(line, *"abcdefgh")
    changed = _line(10, 11, 12, 99, 14, 15, 16, 17)
    stretches = memory.recall(changed)
    parts = parts_to_read(changed, stretches)
    assert parts is not None
    assert [(part[0].first, part[-1].last) for part in parts] == [(2, 4)]
    assert parts_to_read(line, memory.recall(line)) == []


def test_parts_that_share_a_word_are_read_in_one_go() -> None:
    memory = _learnt(_line(*range(10, 20)), *"abcdefghij")
    changed = _line(10, 11, 12, 99, 14, 98, 16, 17, 18, 19)
    parts = parts_to_read(changed, memory.recall(changed)) or []
    assert [(part[0].first, part[-1].last) for part in parts] == [(2, 6)]


@pytest.mark.parametrize("shades", [(99, 98, 97), (10, 99, 12)])
def test_a_line_that_is_mostly_new_is_read_whole(shades: tuple[int, ...]) -> None:
    memory = _learnt(_line(10, 11, 12), *"abc")
    line = _line(*shades)
    assert parts_to_read(line, memory.recall(line)) is None


def test_what_was_read_takes_the_place_of_what_was_unknown() -> None:
    line = _line(10, 20, 30)
    part = [Stretch(0, 0, ()), Stretch(1, 1), Stretch(2, 2, ())]
    read = list(stretches_of(line, 0, 2, _words(line, "a", "new", "c")))
    found = filled(part, read)
    assert found is not None
    assert [(s.first, s.last, [w.text for w in s.words or ()]) for s in found] == [(1, 1, ["new"])]


@pytest.mark.parametrize(
    "words",
    [
        (Word("oneand", 0, 2 * WIDE + GAP, 95), Word("three", 88, WIDE, 95)),
        (Word("one", 0, WIDE, 95), Word("three", 88, WIDE, 95)),
    ],
)
def test_a_word_across_the_side_or_none_at_all_sends_back_to_the_whole_line(
    words: tuple[Word, ...],
) -> None:
    part = [Stretch(0, 0, ()), Stretch(1, 1), Stretch(2, 2, ())]
    assert filled(part, list(stretches_of(_line(10, 20, 30), 0, 2, words))) is None
