"""The made-up cases are what their labels say, and the search for them can find."""

import numpy as np
import pytest
import stdnum.es.nif
import stdnum.iban
import stdnum.luhn
import stdnum.nl.bsn
import stdnum.pl.pesel

from benchmarks.cases.labelled import Case, Value, code_cases, labelled_cases
from benchmarks.cases.pages import pages
from benchmarks.cases.typing import Do, Manner, script
from benchmarks.cases.values import MAKERS, Values
from benchmarks.cases.words import Part, lines
from benchmarks.readable import can_be_read, readings
from benchmarks.redaction_campaign import plan
from benchmarks.redaction_text import score
from benchmarks.shares import Share
from recorder.redaction.text import Span


@pytest.mark.parametrize("part", Part)
def test_labels_stand_where_the_values_are(part: Part) -> None:
    cases = labelled_cases(part, 1, 1)
    assert len(cases) == sum(map(len, lines(part).values()))
    assert {value.kind for case in cases for value in case.values} >= MAKERS.keys() - {
        "FIRST",
        "LAST",
    }
    for case in cases:
        assert "{" not in case.text.replace("{ ", "").replace('{"', "").replace("{key", "")
        for value in case.values:
            piece = case.text[value.start : value.end]
            assert piece
            assert piece == piece.strip()


def test_the_same_seed_gives_the_same_cases_and_another_one_others() -> None:
    first, again, other = (labelled_cases(Part.DEVELOPMENT, seed, 1) for seed in (1, 1, 2))
    assert first == again != other


def test_the_two_parts_share_no_line() -> None:
    apart = [{line for forms in lines(part).values() for line in forms} for part in Part]
    assert apart[0] & apart[1] <= {"{PRIVATE_KEY}"}
    code = [{case.text for case in code_cases(part, 1, 200)} for part in Part]
    assert len(code[0]) > 150
    assert len(code[0] & code[1]) < 20


def test_numbers_have_their_check_digits() -> None:
    values = Values(Part.DEVELOPMENT, 7)
    for _ in range(50):
        assert stdnum.luhn.is_valid(values.draw("CARD").replace("-", "").replace(" ", ""))
        assert stdnum.iban.is_valid(values.draw("IBAN"), check_country=False)
        assert stdnum.es.nif.is_valid(values.draw("TAX_ID", "es"))
        assert stdnum.nl.bsn.is_valid(values.draw("TAX_ID", "nl"))
        assert stdnum.pl.pesel.is_valid(values.draw("TAX_ID", "pl"))


@pytest.mark.parametrize("manner", sorted(set(Manner) - {Manner.PASTES, Manner.COMPLETES}))
def test_a_script_types_every_character(manner: Manner) -> None:
    steps = script("call 0171 555", manner, Values(Part.DEVELOPMENT, 3).random)
    typed = "".join(step.text for step in steps if step.do is Do.TYPE)
    assert set("call0171555") <= set(typed)


def test_a_page_knows_the_pixels_of_its_values() -> None:
    page = next(pages(Part.DEVELOPMENT, 1, quick=True))
    assert len(page.values) > 20
    for _, (left, top, dark) in page.values:
        there = page.picture[top : top + dark.shape[0], left : left + dark.shape[1]]
        assert there[dark].mean() < 160, "a value's pixels are dark on a light page"
    whole = np.zeros(page.picture.shape[:2], np.bool_)
    for _, (left, top, dark) in page.values:
        whole[top : top + dark.shape[0], left : left + dark.shape[1]] |= dark
    assert 0.005 < whole.mean() < 0.2


def test_a_score_counts_values_lines_and_what_else_is_touched() -> None:
    text = "Name: Ann Example"
    cases = [
        Case(text, (Value(6, 17, "PERSON"),), "line", "en"),
        Case(text, (Value(6, 17, "PERSON"),), "line", "en"),
        Case("Save as", (), "ordinary", "en"),
    ]
    found = [[Span(6, 17, "PERSON", "")], [Span(6, 9, "PERSON", "")], [Span(0, 4, "PERSON", "")]]
    figures = score(cases, found)
    assert figures["recall"] == {"PERSON": Share(1, 2).as_json()}
    assert figures["clean_lines"] == Share(1, 2).as_json()
    assert figures["touched"] == {"ordinary": Share(1, 1).as_json()}


def test_the_interval_is_wilsons() -> None:
    low, high = Share(8, 10).interval  # textbook case
    assert (round(low, 3), round(high, 3)) == (0.49, 0.943)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_half_of_a_value_can_be_read_however_it_was_edited() -> None:
    rows = [{"kind": "key_down", "key": key} for key in ("4", "1", "x", "backspace", "1", "1", "1")]
    assert can_be_read("41111", "CARD", readings(rows))
    assert not can_be_read("42222", "CARD", readings(rows))
    assert can_be_read("Ann Example", "PERSON", ["so said ANN EXAM"])
    assert not can_be_read("March 6, 1967", "BIRTH_DATE", ["in March of"])


def test_a_campaign_types_every_kind_in_every_place() -> None:
    todo = plan(Part.DEVELOPMENT, 1, 240)
    assert len({(one.kind, one.place, one.is_labelled) for one in todo}) == 15 * 4 * 2
    assert len({one.manner for one in todo}) == 4
