"""Answers of a datasheet that files can give (headings of Gebru et al., arXiv:1803.09010)."""

import re
from typing import Final

from recorder.consent.notice import NoticeTerms
from recorder.core.amounts import count_text
from recorder.research.looking.stats import Stats
from recorder.research.looking.told import parts_of
from recorder.research.report_pages import Part

_ASK: Final = "To be answered by whoever publishes it: "
_NO_NOTICE: Final = "The study's notice was not at hand when this was written."


def datasheet_parts(stats: Stats, terms: NoticeTerms | None) -> list[Part]:
    """Give the parts, in the order of the paper."""
    return [
        Part("Motivation", _motivation(terms)),
        Part("Composition", _composition(stats)),
        *parts_of(stats),
        Part("Collection process", _collection(stats, terms)),
        Part("Preprocessing, cleaning, labeling", _preprocessing(stats)),
        Part("Uses", _uses(terms)),
        Part("Distribution", _distribution(terms)),
        Part("Maintenance", _maintenance(terms)),
    ]


def _motivation(terms: NoticeTerms | None) -> tuple[str, ...]:
    if terms is None:
        return (_NO_NOTICE, f"{_ASK}for what purpose was it made, by whom, who paid?")
    return (
        (
            f"Made by {terms.controller.name} in the study {terms.id}, for: "
            f"{'; '.join(terms.purposes)}."
        ),
        f"{_ASK}who paid for it?",
    )


def _composition(stats: Stats) -> tuple[str, ...]:
    return (
        (
            "An instance is a step: an action of a person at a desktop, with the screen just before "
            "it where one is known, the window in front and what the person set out to do where "
            "they said so."
        ),
        (
            f"{count_text(stats.steps, 'instance')} of {count_text(stats.episodes, 'episode')} and "
            f"{count_text(stats.participants, 'participant')}."
        ),
        (
            "It is no random sample: people chose what to record, what to approve, and deleted what "
            "they wanted; the table of what is missing shows it by app."
        ),
        (
            "It relates to people. They stand under pseudonyms; what detectors found was taken out "
            "before anything was stored, and what they missed is in it."
        ),
        f"{_ASK}does it tell of groups of people, and may what it shows offend?",
    )


def _collection(stats: Stats, terms: NoticeTerms | None) -> tuple[str, ...]:
    told = [
        (
            "A program on each participant's computer recorded the mouse, the keyboard and the screen "
            "as they consented to, redacted before storing, and sent what they looked at and approved."
        ),
    ]
    if stats.recorded_hours is not None:
        told.append(f"{stats.recorded_hours:,.1f} hours were recorded.")
    if terms is None:
        return (*told, _NO_NOTICE)
    return (
        *told,
        (
            f"Participants were given notice {terms.version} and signed their consent; lawful basis: "
            f"{terms.lawful_basis}; assessment: {terms.dpia}."
        ),
        f"They withdraw by: {terms.withdrawal}.",
    )


def _preprocessing(stats: Stats) -> tuple[str, ...]:
    return (
        (
            f"Events became actions by reducer {', '.join(stats.reducers)}. The picture of a step is "
            "the newest one that was taken before it, never a later one."
        ),
        (
            f"{count_text(stats.redacted, 'step')} of {stats.steps:,} are redacted: their text holds "
            "placeholders, or there is none."
        ),
        "What was recorded before that is not part of it.",
    )


def _uses(terms: NoticeTerms | None) -> tuple[str, ...]:
    agreed = "; ".join(terms.purposes) if terms else "the study's notice tells"
    return (
        f"Participants agreed to: {agreed}. Any other use needs their consent.",
        "Nobody may use it to find out who a participant is.",
    )


def _distribution(terms: NoticeTerms | None) -> tuple[str, ...]:
    if terms is None:
        return (_NO_NOTICE, f"{_ASK}who gets it, and under which licence?")
    named = [re.sub(r"\s*<age1[^>]*>", "", one) for one in terms.recipients]
    return (
        f"Recipients that the notice names: {'; '.join(named) or 'none'}.",
        f"{_ASK}under which licence?",
    )


def _maintenance(terms: NoticeTerms | None) -> tuple[str, ...]:
    if terms is None:
        return (_NO_NOTICE, f"{_ASK}who keeps it up, and until when?")
    kept = count_text(terms.retention_days, "day") if terms.retention_days else "no set time"
    due = count_text(terms.erasure_due_days, "day")
    return (
        f"Contact: {terms.controller.contact}. Kept for: {kept}.",
        (
            f"A participant's wish to be erased is done within {due}: their files go and the dataset "
            "is built anew. Holders of copies are told."
        ),
    )
