"""A person's own rules add; what cannot be used, or may take very long, is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.redaction.entities import EntityBook
from recorder.redaction.linear import NotLinear, check_linear
from recorder.redaction.own_rules import OwnRule, UnusableRule, compiled
from recorder.redaction.rules import RULES, rules_with
from recorder.redaction.text import TextRedactor

STAFF = OwnRule("staff number", "ID", regex=r"ACME-\d{6}")
PROJECTS = OwnRule("projects", "PERSONAL", words=("Bluebird", "Red Lantern"))


def redacted(text: str, *own: OwnRule) -> str:
    rules = rules_with(lambda _text: (), [compiled(rule) for rule in own])
    return TextRedactor(rules).redact(text, EntityBook(b"k" * 32)).text


def test_a_rule_of_ones_own_removes_what_it_names() -> None:
    assert redacted("ask acme-204417 now", STAFF) == "ask <ID_1> now"
    assert redacted("on red  lantern and bluebirds", PROJECTS) == "on <PERSONAL_1> and bluebirds"


def test_a_rule_of_ones_own_takes_nothing_away() -> None:
    assert set(RULES) < set(rules_with(lambda _text: (), [compiled(STAFF)]))
    assert redacted("mail kim.larsen@post.example.dk", STAFF) == "mail <EMAIL_1>"


@given(at=st.integers(0, 3000))
def test_a_value_is_found_anywhere_in_a_long_text(at: int) -> None:
    text = "-" * at + "ACME-204417" + "-" * (3000 - at)
    assert {(hit.start, hit.end) for hit in compiled(STAFF).find(text)} == {(at, at + 11)}


@pytest.mark.parametrize(
    "regex",
    [
        r"(a+)+$", r"(a*)*b", r"(a|aa)+$", r"(\w+\s?)+:", r"(.*a){12}", r"\w+\w+\w+!",
        r"(?:a|b|ab){1,90}c", r"(a)\1+", r"(?=a+b)a", r"(?<=x)y", r".*.*=.*", r"(x+x+)+y",
        r"\d{1,200}\w{1,200}", r"((ab)*c?)*d", r"(?:a|b|ab){16}c", r"(?:a|a){16}c",
    ],
)  # fmt: skip
def test_an_expression_that_may_take_very_long_is_refused(regex: str) -> None:
    with pytest.raises(UnusableRule, match="very long"):
        compiled(OwnRule("slow", "ID", regex=regex))


@pytest.mark.parametrize(
    "regex",
    [
        r"ACME-\d{6}", r"\bPRJ\d+\b", r"[A-Z]{2,4}-\d{2,8}", r"(?:foo|bar|baz)-\w+", r"\w+@corp",
        r"(?:\d{1,3}\.){3}\d{1,3}", r"case\s+\d+/\d+", r"x?y?z?[0-9]+", r"[^\s:]+:\d+",
    ],
)  # fmt: skip
def test_a_usual_expression_is_taken(regex: str) -> None:
    check_linear(regex)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        (OwnRule("a", "ID", regex="("), "does not compile"),
        (OwnRule("a", "ID", regex="a?"), "matches no text"),
        (OwnRule("a", "NOPE", regex="a"), "no kind"),
        (OwnRule("a", "ID"), "regex or words"),
        (OwnRule("a", "ID", regex="a", words=("abc",)), "regex or words"),
        (OwnRule("a", "ID", words=("ab",)), "fewer than"),
        (OwnRule("a", "ID", regex="a" * 600), "longer than"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused(rule: OwnRule, why: str) -> None:
    with pytest.raises(UnusableRule, match=why):
        compiled(rule)


def test_the_reason_is_told() -> None:
    with pytest.raises(NotLinear, match="inside a repeat"):
        check_linear(r"(a+)+")
