"""Checks a notice before anyone is asked to agree to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from recorder.consent.notice import LAYER_ONE, Notice, sections
from recorder.consent.readability import grade, words
from recorder.consent.recipients import roles
from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TitlesLevel,
)

MAX_SHORT_WORDS = 150
MAX_SHORT_GRADE = 6.0
MAX_GRADE = 8.0
MAX_ERASURE_DAYS = 30
HEADINGS = (
    LAYER_ONE,
    "What is stored",
    "What is never stored",
    "What can go wrong",
    "Who can read it",
    "How long",
    "How to stop",
)
ACTIONS = ("click", "double_click", "drag", "scroll", "type", "key")


@dataclass(frozen=True, slots=True)
class LintReport:
    """What was found: problems to mend, and figures to know."""

    problems: tuple[str, ...]
    short_words: int
    short_grade: float
    grade: float
    promises: tuple[str, ...]


def lint(notice: Notice) -> LintReport:
    """Check headings, reading grades, and what the controller has to promise."""
    problems = (*_headings(notice), *_reading(notice), *_terms(notice))
    return LintReport(
        problems=problems,
        short_words=len(words(notice.short)),
        short_grade=round(grade(notice.short), 1),
        grade=round(grade(notice.text), 1),
        promises=promises(notice),
    )


def promises(notice: Notice) -> tuple[str, ...]:
    """Give what the controller puts a name to."""
    terms = notice.terms
    return (
        f"Used only to: {'; '.join(terms.purposes)}",
        f"Goes to: {', '.join(roles(terms)) or 'nobody'}",
        f"Deleted after: {terms.retention_days or 'no set number of'} days",
        f"Erased on request within: {terms.erasure_due_days} days",
        f"Withdrawal: {terms.withdrawal}",
        f"Effect on work of saying no or stopping: {terms.employment_effect}",
    )


def trainable(levels: Levels) -> dict[str, float]:
    """Give the share of each type of action that can be learned from, 0 to 1.

    An action counts when its screen, its place and its content are stored. Without
    a screen none does. Text that redaction takes out is not foreseen here: its action
    stays, its text does not.
    """
    seen = float(levels.screen is not ScreenLevel.OFF)
    clicks = seen * (levels.pointer is not PointerLevel.OFF)
    moves = seen * (levels.pointer is PointerLevel.FULL)
    return {
        "click": clicks,
        "double_click": clicks,
        "drag": moves,
        "scroll": clicks,
        "type": seen * (levels.keyboard is KeyboardLevel.TEXT),
        "key": seen * (levels.keyboard is not KeyboardLevel.OFF),
    }


def _headings(notice: Notice) -> Iterator[str]:
    found = sections(notice.text)
    for heading in HEADINGS:
        if not found.get(heading):
            yield f"the part {heading!r} is missing or empty"


def _reading(notice: Notice) -> Iterator[str]:
    count = len(words(notice.short))
    if count > MAX_SHORT_WORDS:
        yield f"{LAYER_ONE!r} has {count} words; at most {MAX_SHORT_WORDS}"
    short, full = grade(notice.short), grade(notice.text)
    if short > MAX_SHORT_GRADE:
        yield f"{LAYER_ONE!r} reads at grade {short:.1f}; at most {MAX_SHORT_GRADE:.0f}"
    if full > MAX_GRADE:
        yield f"the text reads at grade {full:.1f}; at most {MAX_GRADE:.0f}"


def _terms(notice: Notice) -> Iterator[str]:
    terms = notice.terms
    if terms.employment_effect != "none":
        yield "employment_effect must be none: saying no may not cost anything"
    if terms.lawful_basis != "consent":
        yield "lawful_basis must be consent: the program asks for nothing else"
    if terms.erasure_due_days > MAX_ERASURE_DAYS:
        yield f"erasure_due_days is {terms.erasure_due_days}; at most {MAX_ERASURE_DAYS}"
    if terms.recipients and not terms.controller.keys:
        yield "the controller has no key, so nobody could tell who wrote the notice"
    if terms.recipients and not terms.retention_days:
        yield "retention_days must be set where others receive recordings"
    titles = (*terms.streams.required.titles, *terms.streams.optional.titles)
    if any(":" in app for app in terms.apps) and TitlesLevel.HOST not in titles:
        yield "apps names sites, and titles offers no host: without it no site can be shared"
