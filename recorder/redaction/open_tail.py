"""Where the end of a typed line begins that could still become a value."""

import re
from enum import Enum
from typing import Final

from recorder.redaction.secret_words import CODE_WORDS, PASSWORD_WORDS, any_of


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
_FIRST_WORD: Final = re.compile(r"\S+")
_LAST_WORD: Final = re.compile(r"\S+[ \t]*$")
_PHRASE: Final = re.compile(r"(?:\S+[ \t]+){0,5}\S*[ \t]*$")
_PHRASE_CHARS: Final = 96
_TOKEN: Final = re.compile(r"\S+")
_LEAST_JOINING_CHARS: Final = 4
_LABEL: Final = re.compile(
    rf"(?:{any_of(PASSWORD_WORDS)}|\bpass|\bpw\b|secret|token|api.?key|access.?key|private.?key|credential|"
    rf"\b{any_of(CODE_WORDS)}\b|\b(?:account|acct|iban|card|ssn|passport|licen[cs]e|konto|tax|birth|dob|phone|tel|"
    r"reisepass|pasaporte|passeport|cuenta|compte|rekening|telefon|tel\u00e9fono|t\u00e9l\u00e9phone)\b)"
    r"\w*(?:\s?[:=]|\s+(?:is|was|ist)\b)?|(?:^|\s)(?:-p|-u|--user)\b|://[^\s/:@]*:",
    re.IGNORECASE,
)
_AFTER_LABEL_CHARS: Final = 48
_SEARCHED_CHARS: Final = 512
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
    pattern = _LAST_WORD if how is How.PAUSE else _WORD  # a blank may be taken back
    if how is not How.ENTER and (word := pattern.search(text, _from(text, _SEARCHED_CHARS))):
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


def is_like_a_password(word: str) -> bool:
    """Tell whether a whole word mixes signs, letters and figures, or is long."""
    return _PASSWORD_LIKE.match(word) is not None


def phrase_start(text: str) -> int:
    """Give where the last six words of the line begin: they may become a name or an address."""
    match = _PHRASE.search(text, _from(text, _PHRASE_CHARS))
    return match.start() if match else len(text)


def word_at(text: str, caret: int) -> tuple[int, int]:
    """Give start and end of the words that touch a caret inside the line: nobody ended them."""
    if caret >= len(text):
        return len(text), len(text)
    left = _LAST_WORD.search(text, _from(text[:caret], _SEARCHED_CHARS), caret)
    right = _FIRST_WORD.match(text, caret)
    return left.start() if left else caret, right.end() if right else caret


def _from(text: str, chars: int) -> int:
    """Give where the last so many characters begin, within the line."""
    return max(len(text) - chars, text.rfind("\n") + 1)


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
