"""What the server tells of monitors, and what is made of it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from recorder.capture.platforms.x11_indicator import X11Indicator
from recorder.capture.platforms.x11_monitors import read_monitors
from recorder.capture.platforms.x11_properties import Properties
from recorder.cli.virtual_hands import Hands
from recorder.core.faces import Face
from recorder.core.geometry import Rect
from tests.contract.test_indicator_window import until
from tests.contract.x_server import Server
from tests.plugs import Plugs, turn_off

SCREEN = Rect(0, 0, 800, 600)
LEFT, RIGHT = Rect(0, 0, 400, 600), Rect(400, 0, 400, 600)


@pytest.fixture
def plugs(server: Server) -> Plugs:
    return Plugs(server.display)


@pytest.fixture
def indicator(server: Server) -> Iterator[X11Indicator]:
    found = X11Indicator(server.display, lambda _word: None)
    yield found
    found.close()


def told(hands: Any) -> list[Rect]:  # noqa: ANN401 - python-xlib has no types
    monitors = read_monitors(hands, Properties(hands))
    assert [m.monitor_id for m in monitors] == list(range(len(monitors)))
    assert [m.is_primary for m in monitors] == [m.monitor_id == 0 for m in monitors]
    return [monitor.rect for monitor in monitors]


def test_the_primary_one_comes_first_wherever_it_is(hands: Any, plugs: Plugs) -> None:  # noqa: ANN401
    assert told(hands) == [SCREEN]
    plugs.plug_first(RIGHT)
    left = plugs.plug(LEFT)
    assert told(hands) == [RIGHT, LEFT]
    plugs.unplug(left)
    assert told(hands) == [RIGHT]


def test_a_mirrored_place_counts_once(hands: Any, plugs: Plugs) -> None:  # noqa: ANN401
    plugs.plug_first(LEFT)
    plugs.plug(LEFT)
    plugs.plug(RIGHT)
    assert told(hands) == [LEFT, RIGHT]


def test_what_lies_beyond_the_screen_is_no_part_of_a_monitor(hands: Any, plugs: Plugs) -> None:  # noqa: ANN401
    plugs.plug_first(LEFT)
    plugs.plug(Rect(400, 100, 1000, 1000))
    plugs.plug(Rect(2000, 0, 100, 100))
    assert told(hands) == [LEFT, Rect(400, 100, 400, 500)]


def test_while_all_are_off_there_is_none(hands: Any) -> None:  # noqa: ANN401
    turn_off(hands)
    assert told(hands) == []


def test_the_indicator_moves_when_its_monitor_goes(
    server: Server, hands: Any, plugs: Plugs, indicator: X11Indicator  # noqa: ANN401
) -> None:  # fmt: skip
    left, right = plugs.plug_first(LEFT), plugs.plug(RIGHT)
    indicator.show(Face("recording"))
    until(indicator.is_visible)
    assert lies_in(server, LEFT)
    plugs.unplug(left)
    whole = plugs.plug_first(RIGHT)
    until(lambda: lies_in(server, RIGHT))
    until(indicator.is_visible)
    plugs.resize(640, 480, is_known=False)
    until(lambda: lies_in(server, Rect(400, 0, 240, 480)))
    until(indicator.is_visible)
    for name in (right, whole):
        plugs.unplug(name)
    turn_off(hands)
    until(lambda: not indicator.is_visible())


def lies_in(server: Server, place: Rect) -> bool:
    """Tell whether the whole window of the indicator is in a place."""
    hands = Hands({"PATH": os.environ["PATH"], "DISPLAY": server.display})
    area = Rect(*hands.geometry(hands.window("^Recorder$")))
    return area.intersect(place) == area
