"""What the check of a notice found, in words."""

from recorder.consent.lint import LintReport, trainable
from recorder.consent.notice import Notice
from recorder.core.levels import KeyboardLevel, Levels, PointerLevel, ScreenLevel


def lint_told(report: LintReport, notice: Notice) -> str:
    """Give figures, promises, what can be learned from, and problems, a line each."""
    lines = [
        f"In short: {report.short_words} words, grade {report.short_grade}.",
        f"The whole text: grade {report.grade}.",
        f"Promises of the controller ({notice.terms.controller.name}):",
        *(f"  {promise}" for promise in report.promises),
        "Actions that can be learned from, by levels:",
        *(f"  {_shares(levels)}" for levels in _WORTH_KNOWING),
        *(f"PROBLEM: {problem}" for problem in report.problems),
    ]
    return "\n".join(lines)


def _shares(levels: Levels) -> str:
    chosen = f"keyboard {levels.keyboard}, screen {levels.screen}, pointer {levels.pointer}"
    found = ", ".join(f"{name} {share:.0%}" for name, share in trainable(levels).items())
    return f"{chosen}: {found}"


_WORTH_KNOWING = (
    Levels(),
    Levels(keyboard=KeyboardLevel.TEXT),
    Levels(screen=ScreenLevel.LAYOUT, pointer=PointerLevel.CLICKS),
)
