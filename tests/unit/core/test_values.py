"""Ids, rectangles, losses, proofs and errors keep their laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.geometry import Monitor, Rect, monitor_at
from recorder.core.ids import is_ulid, ulid
from recorder.core.levels import KeyboardLevel, narrower
from recorder.core.losses import Loss, Losses
from recorder.core.proofs import LiveGrant, Redacted, vouch

_SIDES = st.integers(-50, 50)
_RECTS = st.builds(Rect, _SIDES, _SIDES, _SIDES, _SIDES)


@given(st.integers(0, 2**47), st.integers(0, 2**47), st.binary(min_size=10, max_size=10))
def test_ulids_sort_by_time(one_ms: int, other_ms: int, noise: bytes) -> None:
    one, other = ulid(one_ms * 10**6, noise), ulid(other_ms * 10**6, noise)
    assert is_ulid(one)
    assert (one < other) == (one_ms < other_ms)


@pytest.mark.parametrize("name", ["", "..", "a/b", "0" * 25, "8" + "0" * 25, "U" * 26])
def test_a_name_that_is_no_ulid_is_refused(name: str) -> None:
    assert not is_ulid(name)


@given(_RECTS, _RECTS, _SIDES, _SIDES)
def test_a_pixel_is_in_the_intersection_when_it_is_in_both(
    a: Rect, b: Rect, x: int, y: int
) -> None:
    assert a.intersect(b).contains(x, y) == (a.contains(x, y) and b.contains(x, y))


@given(_RECTS, _RECTS, _SIDES, _SIDES)
def test_a_union_holds_every_pixel_of_both(a: Rect, b: Rect, x: int, y: int) -> None:
    if a.contains(x, y) or b.contains(x, y):
        assert a.union(b).contains(x, y)


def test_a_pixel_off_every_monitor_has_none() -> None:
    left = Monitor(0, Rect(0, 0, 10, 10))
    right = Monitor(1, Rect(10, 0, 10, 10))
    assert monitor_at((left, right), 10, 3) is right
    assert monitor_at((left, right), 10, 10) is None


def test_the_narrower_level_wins() -> None:
    assert narrower(KeyboardLevel.TEXT, KeyboardLevel.CLASS) is KeyboardLevel.CLASS
    assert narrower(KeyboardLevel.OFF, KeyboardLevel.TEXT) is KeyboardLevel.OFF


def test_losses_are_counted_by_stream_and_reason() -> None:
    losses = Losses()
    losses.add("input", Loss.PLATFORM, 3)
    losses.add("input", Loss.PLATFORM)
    losses.add("screen", Loss.OVER_BUDGET, 0)
    assert losses.by_stream() == {"input": {"platform": 4}}


def test_a_proof_cannot_be_forged_by_its_constructor() -> None:
    with pytest.raises(TypeError, match="consent room"):
        LiveGrant(None, object())  # type: ignore[arg-type]  # a forger has no terms
    with pytest.raises(TypeError, match="redaction room"):
        Redacted("a password", object())
    assert "password" not in repr(vouch("a password"))


def test_an_error_prints_its_fix() -> None:
    error = RecorderError("Consent expired", "recorder consent give", ExitCode.CONSENT_EXPIRED)
    assert str(error) == "Consent expired. Fix: recorder consent give"
    assert error.code == 22
