"""One that fails does not keep the others, and is not forgotten."""

import pytest

from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode, RecorderError


def test_all_are_tried_and_the_first_failure_is_raised_at_the_end() -> None:
    each, done = EachAlone(), []
    for number in range(4):
        with each.trying(str(number)):
            if number % 2:
                raise RecorderError(f"Number {number} failed", "try again", ExitCode.HASH)
            done.append(number)
    assert done == [0, 2]
    assert [name for name, _ in each.failed] == ["1", "3"]
    with pytest.raises(RecorderError, match="Number 1"):
        each.end()


def test_without_failures_nothing_is_raised_and_a_bug_goes_through() -> None:
    each = EachAlone()
    each.end()
    with pytest.raises(ZeroDivisionError), each.trying():
        raise ZeroDivisionError
