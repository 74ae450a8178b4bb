"""Values that no single line shows whole: cut rows, misread groups."""

import pytest

from recorder.core.geometry import Rect
from recorder.redaction.findings import Finding, LineFinder
from recorder.redaction.reading import Reading, Word
from recorder.redaction.rows import Line, cells_of, columns_of, rows_of
from recorder.redaction.text import TextRedactor

CHAR_PX, ROW_PX = 6, 13


def _lines(rows: tuple[str, ...]) -> list[Line]:
    """Give rows as a terminal of one character width shows them."""
    return [_line(row, number) for number, row in enumerate(rows)]


def _line(row: str, number: int) -> Line:
    words, at = [], 0
    for text in row.split(" "):
        words.append(Word(text, at * CHAR_PX, len(text) * CHAR_PX, 95))
        at += len(text) + 1
    box = Rect(4, 4 + ROW_PX * number, len(row) * CHAR_PX, 11)
    return Line(box, Reading(tuple(words)))


def _find(rows: tuple[str, ...]) -> list[Finding]:
    return LineFinder(TextRedactor(), lambda _k, _v: False).find(_lines(rows))


def _left(rows: tuple[str, ...]) -> str:
    """Give what stays readable."""
    hidden = {(f.line, place) for f in _find(rows) for place in range(f.first, f.last + 1)}
    return " ".join(
        word
        for number, row in enumerate(rows)
        for place, word in enumerate(row.split(" "))
        if (number, place) not in hidden
    )


@pytest.mark.parametrize(
    ("row", "secret"),
    [
        ("The long line that wraps has margarethe.steinbrueck@kanzlei-nord.de in it", "steinbr"),
        ("The long line of the shop has a card of 4539 1488 0343 6467 in its middle", "6467"),
        ("The long line with a token has ghp_16C7e42F292c6912E7710c838347Ae178B4a there", "B4a"),
    ],
)
@pytest.mark.parametrize("columns", [42, 48, 50, 54])
def test_a_value_cut_at_the_side_of_a_terminal_goes(row: str, secret: str, columns: int) -> None:
    rows = tuple(row[at : at + columns].strip(" ") for at in range(0, len(row), columns))
    left = _left((*rows, "$ next command"))
    assert "long line" in left
    assert "next command" in left
    assert secret not in left.replace(" ", "")
    assert not any(part in left for part in ("@", "4539", "0343", "ghp_"))


def test_prose_that_goes_on_in_the_next_row_stays() -> None:
    assert not _find(
        ("the boxes leave the harbour on Tues", "day and the bicycles on Friday aft", "er")
    )


def test_rows_that_end_early_are_not_joined() -> None:
    rows = (
        "version 4539 1488",
        "0343 6467 lines were read",
        "a long line that goes on to the side",
    )
    assert not [f for f in _find(rows) if f.line == 0 and f.kind == "CARD"]


def test_an_address_with_a_comma_for_a_full_stop_goes() -> None:
    assert "192" not in _left(("the host is 192.168.17,44 today",))


def test_groups_of_figures_behind_a_number_go_with_it() -> None:
    left = _left(("iban DE89 3704 0044 0532 0130 00 13O is where we want the money to go",))
    assert "13O" not in left
    assert "money" in left


@pytest.mark.parametrize(
    "row", ["echo jane.roe@kanzl", "mail to jane.roe@", "export T=ghp_16C7e42"]
)
def test_a_value_that_is_being_typed_goes(row: str) -> None:
    assert row.rsplit(maxsplit=1)[-1] not in _left((row,))


def test_an_ordinary_last_word_stays() -> None:
    for row in ("use the decorator @property", "ls report2024.pdf", "see you at 5 @"):
        assert _left((row,)) == row


def test_the_cut_end_of_a_number_goes_although_it_was_read_as_letters() -> None:
    rows = ("The long line has a card of 4111 1111 11", "ll 1111 in the middle of all")
    assert "1111" not in _left(rows)


@pytest.mark.parametrize(
    "row",
    [
        "Device 5e-2b-fl-c9-4a-6e joined",
        "link/ether \u00a39:3c:80:fb:cf:9d here",
        "Please pay the amount to \u00a3S8443202403879365990082 by the end of Friday",
    ],
)
def test_a_number_with_characters_read_as_their_look_alikes_goes(row: str) -> None:
    assert len(_left((row,)).split()) == len(row.split()) - 1


def test_an_address_that_its_cell_cuts_off_goes_and_a_prompt_stays() -> None:
    assert _left(("evert_groeneveld@tuin next cell",)) == "next cell"
    assert _left(("root@host: ls -l",)) == "root@host: ls -l"


@pytest.mark.parametrize("half", ["|", "\u00a2", "e|", ""])
def test_an_address_goes_whatever_the_letter_at_the_edge_is_read_as(half: str) -> None:
    assert _left((f"contact jane.doe.work@{half}",)) == "contact"


def test_a_long_number_at_the_end_of_a_line_may_be_in_the_making() -> None:
    assert _left(("$ cat 51387919690",)) == "$ cat"
    assert _left(("in all 10734 bytes",)) == "in all 10734 bytes"


def test_a_field_goes_by_its_label_though_no_rule_knows_that_label() -> None:
    assert _left(("Beneficiary", "Emmett Bracken")) == "Beneficiary"


def _cell_row(number: int, *cells: tuple[int, str]) -> Line:
    """Give a line of words at pixel columns; a cell's words are one character apart."""
    words = []
    for left, text in cells:
        at = left
        for word in text.split(" "):
            words.append(Word(word, at - cells[0][0], len(word) * CHAR_PX, 95))
            at += (len(word) + 1) * CHAR_PX
    right = words[-1].x + words[-1].w
    box = Rect(cells[0][0], 4 + 2 * ROW_PX * number, right, 11)
    return Line(box, Reading(tuple(words), ((right - 6, 6),)))


def test_cells_that_touch_are_told_apart_by_the_left_side_of_their_column() -> None:
    street = "22 High Street Aldern"
    apart = [_cell_row(row, (200, name)) for row, name in enumerate(["Born", "1 May 1990"])]
    rows = [_cell_row(2, (61, street), (200, "2 June 1991")), _cell_row(3, (61, "in one line"))]
    cells = cells_of([*apart, *rows])
    assert [cell.text for cell in cells] == [
        "Born", "1 May 1990", street, "2 June 1991", "in one line",
    ]  # fmt: skip
    cut = cells[3]
    assert (cut.box.x, cut.box.right) == (198, rows[0].box.right)
    assert cut.reading is not None
    assert cut.reading.words[0].x == 2
    assert cut.reading.missed == ((cut.box.w - 6, 6),)


def _kinds(*rows: Line) -> dict[str, str]:
    lines = list(rows)
    found = LineFinder(TextRedactor(), lambda _k, _v: False).find(lines)
    return {lines[hit.line].text: hit.kind for hit in found}


@pytest.mark.parametrize(
    ("date", "is_birth"),
    [("October 19, 1994", True), ("02/08/1972", True), ("October 19, 2024", False)],
)
def test_an_old_date_in_the_cell_behind_a_name_goes(date: str, is_birth: bool) -> None:  # noqa: FBT001
    kinds = _kinds(_cell_row(0, (4, "Leonie Goodwin")), _cell_row(0, (200, date)))
    assert (kinds.get(date) == "BIRTH_DATE") is is_birth


def test_an_old_date_behind_anything_else_stays() -> None:
    rows = (_cell_row(0, (4, "version 3")), _cell_row(0, (200, "October 19, 1994")))
    assert "October 19, 1994" not in _kinds(*rows)


def _column(*lefts: int, height: int) -> list[list[int]]:
    """Give the columns of two-cell rows whose second cells begin at these places."""
    words = (Word("word", 0, 90, 95),)
    rows = enumerate(lefts)
    lines = [
        Line(Rect(x, 2 * height * number, 90, height), Reading(words))
        for number, left in rows
        for x in (4 + 40 * number, left)
    ]
    return columns_of(lines, rows_of(lines))


def test_cells_of_a_column_begin_as_unevenly_as_their_letters_are_large() -> None:
    assert [1, 3, 5, 7] in _column(400, 395, 399, 396, height=24)
    assert [1, 3, 5, 7] not in _column(400, 395, 399, 396, height=12)


def test_a_column_leans_a_little_and_no_further() -> None:
    assert [1, 3, 5] in _column(400, 403, 406, height=12)
    assert [1, 3, 5, 7] not in _column(400, 403, 406, 409, height=12)
