"""What doctor tells of the signs of a recorder that runs."""

import pytest

from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Verdict
from recorder.cli.checks.signs import _in_force


@pytest.mark.parametrize("word", ["hotkey_lost", "hotkey_no_key", "hotkey_taken"])
def test_a_key_that_does_not_work_is_told_with_its_own_reason(word: str) -> None:
    said: dict[str, object] = {
        "indicator": "window", "hotkey": "ctrl+alt+p", "degraded": {"multiplexer": "fix", word: "fix"},
    }  # fmt: skip
    indicator, key = _in_force(Around(), said)
    assert (indicator.verdict, key.verdict) == (Verdict.OK, Verdict.WARN)
    reason = {"hotkey_lost": "just now", "hotkey_no_key": "no such key", "hotkey_taken": "Another"}
    assert reason[word] in key.told
