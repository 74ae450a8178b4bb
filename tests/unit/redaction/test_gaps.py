"""Gaps that only the recogniser saw; measured widths of a terminal at 12 points."""

from recorder.core.geometry import Rect
from recorder.redaction.gaps import without_gaps
from recorder.redaction.reading import Reading, Word
from recorder.redaction.rows import Line


def _line(*words: tuple[str, int, int]) -> Line:
    reading = Reading(tuple(Word(text, x, w, 90) for text, x, w in words))
    return Line(Rect(4, 4, 590, 15), reading)


def _joined(line: Line) -> list[str]:
    return [closed.text for closed in without_gaps([line])]


def test_a_key_with_a_narrow_gap_is_read_as_one() -> None:
    key = "API_KEY=ghp_pgODPQapMOMj"
    line = _line(
        ("$", 1, 8), ("export", 21, 57), (key, 90, 237), ("t", 332, 8), ("LHA3TU5Y", 347, 78)
    )
    assert _joined(line) == [f"$ export {key}tLHA3TU5Y"]
    (closed,) = without_gaps([line])
    assert closed.reading is not None
    last = closed.reading.words[-1]
    assert (last.x, last.x + last.w) == (90, 425)


def test_a_box_that_reaches_over_the_next_word_hides_no_gap() -> None:
    line = _line(("export", 21, 57), ("API_KEY=ghp_x02FIYUWs", 90, 479), ("rnuvNLDKyUPS", 453, 120))
    assert _joined(line) == ["export API_KEY=ghp_x02FIYUWsrnuvNLDKyUPS"]


def test_the_gaps_of_a_terminal_stay() -> None:
    assert not _joined(_line(("ghp_pgODPQapMOMj", 90, 157), ("and", 257, 28), ("more", 297, 38)))


def test_the_narrow_gaps_of_a_typeface_stay_between_words() -> None:
    assert not _joined(_line(("boxes", 0, 40), ("leave", 44, 40), ("the", 88, 24)))


def test_lines_without_words_stay() -> None:
    assert without_gaps([_line(), Line(Rect(0, 0, 9, 9), None)]) == []
