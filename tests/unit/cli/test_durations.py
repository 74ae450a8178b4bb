"""Lengths of time as people write them."""

import pytest

from recorder.cli.fast import duration_s
from recorder.cli.output import UsageError, printable


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("45m", 2700), ("2h", 7200), ("10", 600)]
)
def test_a_length_is_seconds(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "0m", "ten", "-5", "1d", "9999999h", "m", "\u0661m", "1.5h"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        duration_s(text)


def test_control_and_bidi_characters_do_not_reach_the_terminal() -> None:
    assert printable("a\x1b[2Jb\u202ec\n") == "a\ufffd[2Jb\ufffdc\n"
