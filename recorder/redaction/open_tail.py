"""Where the end of a typed line begins that could still become a value."""

import re
from enum import Enum
from typing import Final


class How(Enum):
    """Why a segment of typing ends."""

    PAUSE = "pause"
    """Two seconds without a key, or 256 characters: the word may go on."""
    FIELD = "field"
    """Tab, click or another focus: the value may go on in the next field."""
    ENTER = "enter"
    LOST = "lost"
    """From here on the caret's place is not known."""
    FLUSH = "flush"


_WORD: Final = re.compile(r"\S+$")
_TOKEN: Final = re.compile(r"\S+")
_LEAST_JOINING_CHARS: Final = 4
_LABEL: Final = re.compile(
    r"(?:pass|pwd|\bpw\b|kennwort|secret|token|api.?key|access.?key|private.?key|credential|\bpin\b|\botp\b|"
    r"cvv|cvc|\b(?:account|acct|iban|card|ssn|passport|licen[cs]e|konto|tax|birth|dob|phone|tel)\b)"
    r"\w*(?:\s?[:=]|\s+(?:is|was|ist)\b)?|(?:^|\s)(?:-p|-u|--user)\b|://[^\s/:@]*:",
    re.IGNORECASE,
)
_AFTER_LABEL_CHARS: Final = 48
_LEAST_DIGITS: Final = 3
_PASSWORD_LIKE: Final = re.compile(
    r"(?=\S*\d)(?=\S*[^\W\d])\S{6,}$|(?=\S*[^\w\s.,;:!?'\"()\-/])(?=\S*[^\W\d])\S{6,}$|\S*@\S*$|\S{20,}$"
)


def open_tail(text: str, how: How) -> int:
    """Give the offset from which the text is not safe to store as it is.

    What lies behind it is held back, or falls to class: a word that was not ended, digits
    that may go on, what follows a label such as `password`.
    """
    starts = [len(text)]
    if how is not How.ENTER and (word := _WORD.search(text)):
        starts.append(word.start())
    body = text.rstrip()
    start, digits = _numbers(body)
    if digits >= (_LEAST_DIGITS if how is How.ENTER else 1):
        starts.append(start)
    if odd := _PASSWORD_LIKE.search(body):
        starts.append(odd.start())
    labels = _LABEL.finditer(text, text.rfind("\n") + 1)
    starts += [m.end() for m in labels if len(text) - m.end() <= _AFTER_LABEL_CHARS]
    return min(starts)


def _numbers(body: str) -> tuple[int, int]:
    """Give where the run of words with digits at the end begins, and its digits."""
    start, digits = len(body), 0
    for token in reversed(list(_TOKEN.finditer(body))):
        word = token[0]
        found = sum(char.isdigit() for char in word)
        joins = len(word) <= _LEAST_JOINING_CHARS and (word.isupper() or not word.isalnum())
        if not found and not joins:
            break
        start, digits = token.start(), digits + found
    return start, digits
