"""What the docs say about redaction is what was measured."""

import pytest

from benchmarks.redaction_docs import (
    BLOCK,
    PAGE,
    ROOT,
    notice_sentence,
    readme_sentence,
    stored,
)
from benchmarks.redaction_tables import as_markdown, tables

PARTS = ("text", "screens", "typed", "cpu", "campaign")


def test_the_tables_of_the_page_are_those_of_the_stored_figures() -> None:
    block = BLOCK.search(PAGE.read_text())
    assert block is not None
    assert block[0].strip() == as_markdown(stored())


def test_every_part_was_measured_in_full() -> None:
    figures = stored()
    assert tuple(name for name in PARTS if name in figures) == PARTS
    assert int(str(figures["text"]["lines"])) > 5000
    assert int(str(figures["screens"]["pages"])) > 50
    assert int(str(figures["typed"]["values"])) > 1000
    assert int(str(figures["campaign"]["values"])) >= 200


@pytest.mark.parametrize(
    ("name", "sentence"), [("CONSENT.md", notice_sentence), ("README.md", readme_sentence)]
)
def test_who_agrees_reads_the_measured_figures(name: str, sentence: object) -> None:
    assert callable(sentence)
    text = " ".join((ROOT / name).read_text().split())
    assert " ".join(sentence(stored()).split()) in text


def test_tables_are_of_one_width_and_name_every_kind() -> None:
    for title, rows in tables(stored()):
        assert len({len(row) for row in rows}) == 1, title
        assert len(rows) > 1, title
