"""Redaction of context rows: titles by level, hosts, what a person says about a task."""

import re
from dataclasses import replace
from typing import Final

from recorder.core.context import ContextKind, ContextRow
from recorder.core.levels import TitlesLevel
from recorder.core.proofs import Redacted, vouch
from recorder.redaction.entities import EntityBook
from recorder.redaction.text import RedactionFailed, TextRedactor

_MOST_TITLE_CHARS: Final = 512
"""Longer titles are cut before anything reads them; a programme may set megabytes."""
_MOST_TASK_CHARS: Final = 4096
_MOST_NAME_CHARS: Final = 128
_UNPRINTABLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_OUTCOMES: Final = frozenset({"success", "failure", "abandoned", "partial", "unknown"})


def redact_context(
    row: ContextRow, titles: TitlesLevel, text: TextRedactor, book: EntityBook
) -> Redacted[ContextRow]:
    """Give the row as it may be stored at the titles level in force.

    `off`: neither app nor title. `app`: the app. `title`: the redacted title too. `host`:
    the site's host too. A title whose redaction fails is left out.
    """
    if row.kind is ContextKind.TASK:
        return redact_task(row, text, book)
    if titles is TitlesLevel.OFF:
        return vouch(replace(row, app_id=None, app_name=None, **_NO_TITLE))
    row = replace(row, app_id=_name(row.app_id), app_name=_name(row.app_name))
    if titles is TitlesLevel.APP:
        return vouch(replace(row, **_NO_TITLE))
    title = _cleaned(row.window_title, _MOST_TITLE_CHARS)
    title, redaction = _redacted(title, text, book)
    host = _host(row.url_host, text) if titles is TitlesLevel.HOST else None
    return vouch(
        replace(
            row,
            window_title=title,
            title_redaction=redaction,
            url_host=host,
            instruction=None,
            outcome=None,
        )  # fmt: skip
    )


def redact_task(row: ContextRow, text: TextRedactor, book: EntityBook) -> Redacted[ContextRow]:
    """Give a task's row with instruction and outcome redacted like typed text."""
    instruction, _ = _redacted(_cleaned(row.instruction, _MOST_TASK_CHARS), text, book)
    outcome = row.outcome
    if outcome is not None and outcome not in _OUTCOMES:
        outcome, _ = _redacted(_cleaned(outcome, _MOST_TASK_CHARS), text, book)
    return vouch(
        replace(
            row,
            app_id=None,
            app_name=None,
            window_title=None,
            title_redaction=None,
            url_host=None,
            instruction=instruction,
            outcome=outcome,
        )  # fmt: skip
    )


_NO_TITLE: Final[dict[str, None]] = dict.fromkeys(
    ("window_title", "title_redaction", "url_host", "instruction", "outcome")
)


def _redacted(
    raw: str | None, text: TextRedactor, book: EntityBook
) -> tuple[str | None, str | None]:
    """Give the redacted text and `none`, `masked` or, where it failed, `dropped`."""
    if raw is None:
        return None, None
    try:
        found = text.redact(raw, book)
    except RedactionFailed:
        return None, "dropped"
    return found.text, "masked" if found.entities else "none"


def _cleaned(raw: str | None, most_chars: int) -> str | None:
    """Give the text without control, bidi and invisible characters, cut to size."""
    if raw is None:
        return None
    cut = raw[: 4 * most_chars]
    return _UNPRINTABLE.sub(" ", cut).strip()[:most_chars]


def _name(raw: str | None) -> str | None:
    return _cleaned(raw, _MOST_NAME_CHARS)


_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?")


def _host(raw: str | None, text: TextRedactor) -> str | None:
    """Give the host when it is one and says nothing personal."""
    if raw is None or not _HOST.fullmatch(raw):
        return None
    try:
        return None if text.find(raw) else raw.lower()
    except RedactionFailed:
        return None
