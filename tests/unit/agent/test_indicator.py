"""Which indicator shows it, and what happens when it cannot be seen."""

import threading
from typing import TYPE_CHECKING

import pytest

from recorder.agent.indicator import UNSEEN_NS, Indicators, Kind
from recorder.core.faces import Face
from recorder.core.ports import SourceUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

SECOND = 10**9
END_S = 10.0


class FakeIndicator:
    """Is seen when the test says so."""

    def __init__(self, *, is_seen: bool) -> None:
        self.is_seen = is_seen
        self.faces: list[Face] = []
        self.is_closed = False

    def show(self, face: Face) -> bool:
        self.faces.append(face)
        return self.is_seen

    def is_visible(self) -> bool:
        return self.is_seen

    def close(self) -> None:
        self.is_closed = True


def kind(name: str, *made: FakeIndicator) -> Kind:
    """Give a kind that makes these, one after the other, and then finds no place."""
    left: Iterator[FakeIndicator] = iter(made)

    def make(_act: object) -> FakeIndicator:
        found = next(left, None)
        if found is None:
            raise SourceUnavailable("No place", "none")
        return found

    return Kind(name, make, wait_s=0.05)


def chosen(*kinds: Kind) -> Indicators:
    return Indicators(kinds, lambda _word: None)


def keep(found: Indicators, now_ns: int) -> None:
    """Let it see to it, and to what was made on another thread."""
    found.keep(now_ns)
    for _, making in found._makings:
        if making._thread is not None:
            making._thread.join(END_S)
    found.keep(now_ns)


def test_the_first_that_is_confirmed_shows_it_and_the_others_are_taken_away() -> None:
    tray, window = FakeIndicator(is_seen=False), FakeIndicator(is_seen=True)
    found = chosen(kind("nothing"), kind("tray", tray), kind("window", window))
    assert found.open()
    assert found.name == "window"
    assert tray.is_closed
    found.show(Face("recording"))
    assert window.faces == [Face("starting"), Face("recording")]
    found.close()
    assert window.is_closed
    assert found.name == ""


@pytest.mark.parametrize("kinds", [(), (kind("tray"),), (kind("a", FakeIndicator(is_seen=False)),)])
def test_where_none_is_seen_it_says_so(kinds: tuple[Kind, ...]) -> None:
    assert not chosen(*kinds).open()


def test_where_somebody_else_shows_it_none_is_needed() -> None:
    found = Indicators(None, lambda _word: None)
    assert found.open()
    found.keep(10**15)
    assert not found.is_unseen(10**15)


def test_one_that_vanishes_gives_way_to_the_next_before_it_counts_as_unseen() -> None:
    tray, window = FakeIndicator(is_seen=True), FakeIndicator(is_seen=True)
    found = chosen(kind("tray", tray), kind("window", window))
    found.open()
    found.show(Face("recording"))
    now_ns = found._seen_ns
    tray.is_seen = False
    keep(found, now_ns + 1 * SECOND)
    assert found.name == ""
    keep(found, now_ns + 2 * SECOND)
    assert (tray.is_closed, window.faces) == (True, [Face("recording")])
    keep(found, now_ns + 3 * SECOND)
    assert found.name == "window"
    assert not found.is_unseen(now_ns + UNSEEN_NS)


def test_what_nobody_could_see_for_five_seconds_is_told_and_tried_again() -> None:
    first, second = FakeIndicator(is_seen=True), FakeIndicator(is_seen=True)
    found = chosen(kind("window", first, FakeIndicator(is_seen=False), second))
    found.open()
    now_ns = found._seen_ns
    first.is_seen = False
    keep(found, now_ns + 2 * SECOND)
    assert not found.is_unseen(now_ns + UNSEEN_NS)
    assert found.is_unseen(now_ns + UNSEEN_NS + 1)
    keep(found, now_ns + 4 * SECOND)
    keep(found, now_ns + 6 * SECOND)
    assert found.name == "window"
    assert not found.is_unseen(now_ns + 6 * SECOND)


def test_a_place_that_hangs_keeps_nobody_waiting_and_what_comes_late_is_taken_away() -> None:
    answers, late = threading.Event(), FakeIndicator(is_seen=True)

    def hang(_act: object) -> FakeIndicator:
        assert answers.wait(END_S)
        return late

    window = FakeIndicator(is_seen=True)
    found = chosen(Kind("tray", hang, wait_s=0.01), kind("window", window))
    assert found.open()
    assert found.name == "window"
    answers.set()
    keep(found, found._seen_ns)
    assert (late.is_closed, found.name) == (True, "window")
