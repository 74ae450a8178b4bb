"""A reading is trusted only where the recogniser was sure of the words."""

from recorder.core.geometry import Rect
from recorder.redaction.legible import foreign_windows, is_legible
from recorder.redaction.reading import Reading, Word
from recorder.redaction.rows import Line

BOX = Rect(0, 0, 170, 12)
NONSENSE = Reading(
    (Word("Temeou", 0, 60, 51), Word("916", 70, 20, 91), Word("123-45-67", 95, 70, 91))
)
HALF_SURE = Reading(
    (Word("Nacnopt", 0, 60, 77), Word("cepua", 70, 50, 74), Word("4509", 130, 40, 96))
)
SURE = Reading((Word("Customer", 0, 80, 94), Word("list", 90, 30, 95)))


def test_sure_figures_do_not_vouch_for_the_words_beside_them() -> None:
    assert not is_legible(NONSENSE, BOX)


def test_among_illegible_lines_more_certainty_is_asked_for() -> None:
    assert is_legible(HALF_SURE, BOX)
    assert not is_legible(HALF_SURE, BOX, is_strict=True)
    assert is_legible(SURE, BOX, is_strict=True)


def test_a_window_is_foreign_when_most_of_its_lines_are_illegible() -> None:
    nonsense = [Line(BOX, NONSENSE, 1)] * 3
    assert foreign_windows([*nonsense, Line(BOX, SURE, 1), Line(BOX, SURE, 2)]) == {1}
    assert foreign_windows([nonsense[0], *([Line(BOX, SURE, 1)] * 3)]) == frozenset()
