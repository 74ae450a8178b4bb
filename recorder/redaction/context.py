"""Redaction of context rows: titles by level, hosts, what a person says about a task."""

import re
from dataclasses import replace
from typing import Final

from recorder.core.context import ContextKind, ContextRow
from recorder.core.degraded import DEGRADED
from recorder.core.levels import TitlesLevel
from recorder.core.proofs import Redacted, vouch
from recorder.redaction.entities import EntityBook
from recorder.redaction.text import RedactionFailed, TextRedactor

_MOST_TITLE_CHARS: Final = 512
"""Longer titles are cut before anything reads them; a programme may set megabytes."""
_WIDER: Final = 4
"""So many times the size is read before the result is cut."""
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
    if row.kind is ContextKind.STREAM:
        return vouch(ContextRow(row.t_ns, row.kind, outcome=_degraded(row.outcome)))
    bare = replace(
        row, app_id=None, app_name=None, window_title=None, title_redaction=None,
        url_host=None, instruction=None, outcome=None,
    )  # fmt: skip
    if titles is TitlesLevel.OFF:
        return vouch(bare)
    app = replace(bare, app_id=_name(row.app_id), app_name=_name(row.app_name))
    if titles is TitlesLevel.APP:
        return vouch(app)
    title, redaction = _redacted(row.window_title, _MOST_TITLE_CHARS, text, book)
    host = _host(row.url_host, text) if titles is TitlesLevel.HOST else None
    return vouch(replace(app, window_title=title, title_redaction=redaction, url_host=host))


def window_name(app_id: str, host: str, titles: TitlesLevel, text: TextRedactor) -> str | None:
    """Give `app` or `app:host` as it may be stored with a frame; None without an app.

    A host that is not to be told, or not known, is left out: who wants a site's frames alone
    does not get that one.
    """
    app = _name(app_id)
    if titles is TitlesLevel.OFF or not app or ":" in app:
        return None
    found = _host(host, text) if titles is TitlesLevel.HOST else None
    return f"{app}:{found}" if found else app


def redact_task(row: ContextRow, text: TextRedactor, book: EntityBook) -> Redacted[ContextRow]:
    """Give a task's row with instruction and outcome redacted like typed text."""
    instruction, _ = _redacted(row.instruction, _MOST_TASK_CHARS, text, book)
    outcome = row.outcome
    if outcome is not None and outcome not in _OUTCOMES:
        outcome, _ = _redacted(outcome, _MOST_TASK_CHARS, text, book)
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
        )
    )


def _redacted(
    raw: str | None, most_chars: int, text: TextRedactor, book: EntityBook
) -> tuple[str | None, str | None]:
    """Give the redacted text, cut to size, and `none`, `masked` or `dropped`.

    It is cut after redaction, so that no value is cut in two and missed.
    """
    if raw is None:
        return None, None
    try:
        found = text.redact(_cleaned(raw, _WIDER * most_chars), book)
    except RedactionFailed:
        return None, "dropped"
    return found.text[:most_chars], "masked" if found.entities else "none"


def _degraded(raw: str | None) -> str:
    """Give what could not be told, in our own words; anything else is left out."""
    return " ".join(word for word in (raw or "").split() if word in DEGRADED)


def _cleaned(raw: str, most_chars: int) -> str:
    """Give the text without control, bidi and invisible characters, cut to size."""
    return _UNPRINTABLE.sub(" ", raw[:most_chars]).strip()


def _name(raw: str | None) -> str | None:
    return None if raw is None else _cleaned(raw, _MOST_NAME_CHARS)


_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.\-]{0,251}[A-Za-z0-9])?(?::\d{1,5})?")


def _host(raw: str | None, text: TextRedactor) -> str | None:
    """Give the host when it is one and says nothing personal."""
    if raw is None or not _HOST.fullmatch(raw):
        return None
    try:
        return None if text.find(raw) else raw.lower()
    except RedactionFailed:
        return None
