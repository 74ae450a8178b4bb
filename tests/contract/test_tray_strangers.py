"""The tray item among programs that are no panel: what they look at, choose and flood."""

from collections.abc import Iterator

import pytest

from recorder.capture.platforms import session_thread, tray
from recorder.capture.platforms.tray import Tray
from tests.contract.bus_peer import RemotePeer
from tests.contract.panel import ITEM, PROPERTIES, remote_panel
from tests.contract.test_tray import DEADLINE_S, PAUSED, Choices, until

pytestmark = pytest.mark.usefixtures("on_the_bus")


@pytest.fixture
def panel(bus: dict[str, str]) -> Iterator[RemotePeer]:
    found = remote_panel(bus)
    yield found
    found.close()


@pytest.fixture
def stranger(bus: dict[str, str]) -> Iterator[RemotePeer]:
    """Another program on the bus, which is no panel."""
    found = remote_panel(bus)
    yield found
    found.close()


@pytest.fixture
def choices() -> Choices:
    return Choices()


@pytest.fixture
def item(choices: Choices) -> Iterator[Tray]:
    made = Tray(choices.take)
    yield made
    made.close()


def test_a_stranger_s_look_shows_nothing_and_its_click_can_only_pause(
    item: Tray, panel: RemotePeer, stranger: RemotePeer, choices: Choices
) -> None:
    panel.do("behave", how={"looks_at_icons": False})
    panel.do("own")
    item.show(PAUSED)
    until(lambda: item.why_not == tray.NOT_TAKEN)
    name = panel.do("item")
    stranger.do("behave", how={"items": [name]})
    assert stranger.do("call", method=f"{PROPERTIES}.GetAll", signature="s", body=[ITEM])
    for row in (4, 5, 8, 3):
        stranger.do("click", row=row)
    assert choices.wait_for(1) == ["pause"]
    panel.do("click", row=4)
    assert choices.wait_for(2) == ["pause", "resume"], "the panel's click is the person's"
    assert item.why_not == tray.NOT_TAKEN


def test_a_host_beside_the_watcher_is_a_panel_too(
    item: Tray, panel: RemotePeer, stranger: RemotePeer
) -> None:
    panel.do("behave", how={"looks_at_icons": False})
    panel.do("own")
    until(lambda: item.why_not == tray.NOT_TAKEN)
    stranger.do("host_name")
    stranger.do("behave", how={"items": [panel.do("item")]})
    stranger.do("call", method=f"{PROPERTIES}.GetAll", signature="s", body=[ITEM])
    assert item.wait_visible(DEADLINE_S)


def test_a_bus_on_which_it_is_flooded_is_left_for_a_while(
    item: Tray, panel: RemotePeer, stranger: RemotePeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_thread, "_MOST_MESSAGES", 100)
    monkeypatch.setattr(session_thread, "_RETRY_S", 0.2)
    panel.do("own")
    assert item.wait_visible(DEADLINE_S)
    stranger.do("behave", how={"items": [panel.do("item")]})
    stranger.do("flood", count=200)
    until(lambda: item.why_not == tray.NO_BUS)
    assert item.wait_visible(DEADLINE_S), "and taken again when it is over"
