"""Redaction takes time in proportion to a text's length, whatever the text repeats."""

import time

import pytest

from recorder.redaction.text import TextRedactor

REDACTOR = TextRedactor()
_CHARS = 3000


def _cpu_s(text: str) -> float:
    began_s = time.process_time()
    REDACTOR.find(text)
    return time.process_time() - began_s


@pytest.mark.parametrize(
    "unit",
    ["a", "A", "Aa", "Aa-", "a.", "a@", "a:", "a_", "_", "1", "1 ", "1-", "1.", "0x", "/a", "-a",
     "=", "'", "eyJ", "sk-", "://", "key ", "pass", "user:", "heroku", "\n", "12 rue a ", "\u0430",
     "a\u0301", "\u200b"],
)  # fmt: skip
def test_twice_the_text_takes_about_twice_the_time(unit: str) -> None:
    """A square would take four times as long; the floor is the noise of a busy machine."""
    text = "password" + unit * (_CHARS // len(unit))
    once_s = min(_cpu_s(text) for _ in range(2))
    twice_s = min(_cpu_s(text + text[8:]) for _ in range(2))
    assert twice_s < 3 * once_s + 0.05
