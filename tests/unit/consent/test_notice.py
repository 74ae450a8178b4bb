"""The default notice reads easily; a notice that does not is named."""

import pytest

from recorder.consent.lint import ACTIONS, lint, trainable
from recorder.consent.notice import (
    NoticeInvalid,
    default_notice_file,
    difference,
    parse_notice,
    sections,
)
from recorder.consent.readability import grade
from recorder.consent.samples import Level, sample
from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)

DEFAULT = default_notice_file().read_bytes()
HARD = (
    "Notwithstanding considerations regarding administrative interoperability, participants "
    "unconditionally acknowledge multidimensional categorisation of behavioural information."
)


def test_the_default_notice_passes_its_own_lint() -> None:
    report = lint(parse_notice(DEFAULT))
    assert report.problems == ()
    assert report.short_words <= 150
    assert report.short_grade <= 6
    assert report.grade <= 8


def test_the_default_notice_says_what_it_does_not_protect_against() -> None:
    text = sections(parse_notice(DEFAULT).text)["What can go wrong"]
    for words in ("Redaction misses things", "malware", "administrator"):
        assert words in text


def test_a_hard_text_gets_a_high_grade_and_an_easy_one_a_low_grade() -> None:
    assert grade(HARD) > 12
    assert grade("The cat sat on the mat. It was a fat cat.") < 2
    assert grade("") == 0


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b"## How long", b"## How long it is", "'How long' is missing"),
        (b"You choose what is stored.", HARD.encode(), "reads at grade"),
        (b"You choose what is stored.", b"You can stop. " * 50, "at most 150"),
        (b"employment_effect: none", b"employment_effect: warning", "employment_effect"),
        (b"lawful_basis: consent", b"lawful_basis: contract", "lawful_basis"),
        (b"erasure_due_days: 0", b"erasure_due_days: 90", "erasure_due_days"),
        (b"recipients: []", b"recipients: [Example University]", "has no key"),
        (b"recipients: []", b"recipients: [Example University]", "retention_days"),
        (
            b'[app, title, host]\n    pointer: [clicks, full]\n    targets: ["on"]\napps: ["*"]',
            b'[app]\napps: [xterm, "chromium:a.example"]',
            "titles offers no host",
        ),
    ],
)
def test_the_lint_names_each_problem(old: bytes, new: bytes, problem: str) -> None:
    assert old in DEFAULT
    report = lint(parse_notice(DEFAULT.replace(old, new, 1)))
    assert any(problem in found for found in report.problems)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no front matter",
        b"---\nschema: recorder.notice/1\n",
        b"---\n- a list\n---\ntext",
        b"---\n: : :\n---\ntext",
        b"\xff\xfe",
        b"---\n" + b"[" * 500 + b"\n---\ntext",
        b"x" * 300_000,
        DEFAULT.replace(b"retention_days: 0", b"retention_days: 2026-99-99"),
        DEFAULT.replace(b"retention_days: 0", b"retention_days: " + b"9" * 5_000),
        DEFAULT.replace(b"language: en", b"language: en\nshare_with: everyone"),
        DEFAULT.replace(b"[class, text]", b"[class, text, raw]"),
        DEFAULT.replace(b"## In short", b"## At length"),
        DEFAULT.replace(b"schema: recorder.notice/1", b"schema: recorder.notice/9"),
    ],
)
def test_a_notice_that_cannot_be_understood_is_refused(data: bytes) -> None:
    with pytest.raises(NoticeInvalid):
        parse_notice(data)


def test_a_notice_that_would_grow_without_end_is_refused() -> None:
    bomb = b"a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: [*b, *b, *b, *b]\n"
    with pytest.raises(NoticeInvalid, match="repeats"):
        parse_notice(DEFAULT.replace(b"language: en", bomb + b"language: en"))


def test_the_hash_is_over_the_exact_bytes() -> None:
    assert parse_notice(DEFAULT).sha256 != parse_notice(DEFAULT + b"\n").sha256


def test_the_difference_shows_both_sides() -> None:
    shown = difference(b"a\nb\n", b"a\nc\n")
    assert "-b" in shown
    assert "+c" in shown


def test_the_share_that_can_be_learned_from_falls_with_the_levels() -> None:
    assert set(trainable(Levels())) == set(ACTIONS)
    assert trainable(Levels())["type"] == 0
    assert trainable(Levels(keyboard=KeyboardLevel.TEXT))["type"] == 1
    assert trainable(Levels(pointer=PointerLevel.CLICKS))["drag"] == 0
    assert not any(trainable(Levels(screen=ScreenLevel.OFF)).values())


def test_no_sample_shows_more_than_its_level_stores() -> None:
    every: tuple[tuple[Level, ...], ...] = (
        tuple(KeyboardLevel), tuple(ScreenLevel), tuple(PointerLevel), tuple(TitlesLevel),
        tuple(TargetsLevel),
    )  # fmt: skip
    for levels in every:
        for level in levels:
            assert "anna" not in sample(level)
            assert level.value in sample(level)
        assert "(nothing)" in sample(levels[0])
    assert '"H"' not in sample(KeyboardLevel.CLASS)
    assert '"H"' in sample(KeyboardLevel.TEXT)
