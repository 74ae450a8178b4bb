"""Dates of birth in tables of a screen, by their heading or by the name beside them."""

import pytest

from recorder.core.geometry import Rect
from recorder.redaction.birth_cells import birth_cells
from recorder.redaction.birth_dates import is_birth_label, is_date
from recorder.redaction.reading import Reading, Word
from recorder.redaction.rows import Line, rows_of

_ROW_PX = 30


def _line(text: str, x: int, row: int, wide: int = 100, window: int = 0) -> Line:
    return Line(Rect(x, row * _ROW_PX, wide, 16), Reading((Word(text, 0, wide, 90.0),)), window)


def _found(*lines: Line) -> list[str]:
    return [lines[at].text for at in sorted(set(birth_cells(lines, rows_of(lines))))]


def test_dates_below_a_heading_go_however_their_column_is_aligned() -> None:
    lines = (
        _line("Date of birth", 200, 0), _line("12 Mar 1984", 240, 1, 60),
        _line("03.05.56", 190, 2, 50), _line("12-MAR-84", 280, 9, 60),
    )  # fmt: skip
    assert _found(*lines) == ["12 Mar 1984", "03.05.56", "12-MAR-84"]


def test_other_dates_of_the_table_stay() -> None:
    lines = (
        _line("Born", 200, 1), _line("Due", 400, 1), _line("12.03.2027", 400, 2),
        _line("12.03.1984", 210, 0), _line("12.03.1984", 200, 2, window=1),
    )  # fmt: skip
    assert _found(*lines) == []


def test_a_date_in_the_cells_beside_a_name_goes() -> None:
    apart = (_line("\u2018David Poole", 60, 1), _line("28", 200, 1), _line("January 1962", 320, 1))
    assert _found(*apart) == ["28", "January 1962"]
    assert _found(_line("Mary Poole", 60, 1), _line("02/08/1972", 200, 1)) == ["02/08/1972"]


def test_a_date_beside_other_words_stays() -> None:
    assert _found(_line("last changed", 60, 1), _line("02/08/1972", 200, 1)) == []
    assert _found(_line("Mary Poole", 60, 1), _line("02/08/2026", 200, 1)) == []


@pytest.mark.parametrize(
    "text",
    ["12 Mar 1984", "12-Mar-1984", "12-MAR-84", "03/12/84", "12.III.1984", "Sat, 12 Mar 1984",
     "12 March '84", "12 \u043c\u0430\u0440\u0442\u0430 1984 \u0433.", "12Mar1984", "12 / 03 / 1984",
     "1984-Mar-12", "Samstag, 12. M\u00e4rz 1984", "12 de marzo de 1984"],
)  # fmt: skip
def test_a_date_is_known_in_its_many_forms(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize("text", ["version 1.2.33", "1.2.3", "12 marzo", "1984", "March 1984"])
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert not is_date(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("Born", True), ("Geboren am", True), ("N\u00e9 le", True), ("Nato il", True),
     ("Geb.-Datum", True), ("Birth date (DD/MM/YYYY)", True), ("Born in the USA", False),
     ("Due date", False)],
)  # fmt: skip
def test_a_label_of_birth_is_known(text: str, *, is_one: bool) -> None:
    assert is_birth_label(text) is is_one
