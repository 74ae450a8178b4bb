"""How the time of text redaction grows with a text, whatever the text repeats."""

import time
from typing import Final

from recorder.redaction.text import TextRedactor

_CHARS: Final = 3000
_RUNS: Final = 3
_UNITS: Final = (
    "a", "A", "Aa", "Aa-", "Aa ", "a.", "a@", "a:", "a_", "_", "1", "1 ", "1-", "1.", "0x", "/a",
    "-a", "=", "'", "eyJ", "sk-", "://", "key ", "pass", "user:", "heroku", "\n", "12 rue a ",
    "\u0430", "a\u0301", "\u200b",
)  # fmt: skip
"""What rules begin with, repeated without ever coming to an end."""


def largest_growth(redactor: TextRedactor) -> tuple[float, str]:
    """Give how many times as long twice the text takes at most, and what it repeats.

    2 is in proportion to the length, 4 its square.
    """
    return max((_growth(redactor, unit), unit) for unit in _UNITS)


def _growth(redactor: TextRedactor, unit: str) -> float:
    text = "password" + unit * (_CHARS // len(unit))
    once_s, twice_s = _cpu_s(redactor, text), _cpu_s(redactor, text + text[8:])
    return twice_s / once_s


def _cpu_s(redactor: TextRedactor, text: str) -> float:
    """Give the least of some runs, in seconds."""
    least_s = float("inf")
    for _ in range(_RUNS):
        began_s = time.process_time()
        redactor.find(text)
        least_s = min(least_s, time.process_time() - began_s)
    return least_s
