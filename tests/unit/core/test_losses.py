"""What was not stored, told to people: every reason has words, and none is told twice."""

import pytest

from recorder.core.losses import Loss, Losses, left_out_words, lost_count, lost_words


@pytest.mark.parametrize("reason", Loss)
def test_every_reason_is_told_once_in_words(reason: Loss) -> None:
    losses = Losses()
    losses.add("screen", reason, 1200)
    counts = losses.by_stream()
    (told,) = {lost_words(counts), left_out_words(counts)} - {""}
    assert told.startswith("1,200 frames (")
    assert f"({reason.value})" not in told
    assert lost_count(counts) == (1200 if lost_words(counts) else 0)


def test_what_is_left_out_on_purpose_is_no_loss() -> None:
    counts = {"screen": {"gate_closed": 16, "over_budget": 1}, "input": {"queue_full": 2}}
    assert left_out_words(counts) == "16 frames (something that is never recorded was in front)"
    assert (
        lost_words(counts) == "1 frame (the computer was too busy), 2 events (they came too fast)"
    )
    assert lost_count(counts) == 3


def test_a_reason_of_a_later_version_is_a_loss() -> None:
    assert lost_words({"screen": {"solar_storm": 1}}) == "1 frame (solar_storm)"
    assert (lost_words({}), left_out_words({})) == ("", "")
