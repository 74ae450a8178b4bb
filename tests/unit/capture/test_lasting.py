"""What cannot be told is told once it stands for a while."""

from recorder.capture.lasting import LASTING_NS, Lasting

S = 1_000_000_000


def test_a_window_that_just_opens_is_no_trouble() -> None:
    words = Lasting()
    assert words.feed(["no_atspi"], 0) == ()
    assert words.feed([], S) == ()
    assert words.feed(["no_atspi"], LASTING_NS) == ()
    assert words.due_ns == 2 * LASTING_NS


def test_what_stands_is_told_until_it_ends() -> None:
    words = Lasting()
    words.feed(["remote", "multiplexer"], 0)
    assert words.feed(["multiplexer", "remote"], LASTING_NS) == ("multiplexer", "remote")
    assert words.due_ns is None
    assert words.feed(["remote"], LASTING_NS + 1) == ("remote",)
