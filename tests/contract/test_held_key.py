"""A key that the server repeats: every press arrives, told as a repeat, and none goes missing."""

import time
from typing import Any

from Xlib import X

from recorder.capture.platforms.x11_input import X11InputSource
from recorder.core.events import RawEvent, RawKind
from tests.contract.x_server import A_KEYCODE, Server, grant, settle, wake
from tests.held_keys import HeldKeys

HERTZ, PRESSES = 60, 40


def test_repeats_of_a_held_key_arrive_and_are_no_gap(server: Server, hands: Any) -> None:  # noqa: ANN401
    window = hands.screen().root.create_window(
        0, 0, 100, 100, 0, X.CopyFromParent, override_redirect=1
    )
    window.map()
    hands.sync()
    window.set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
    source = X11InputSource(server.display)
    source.open(grant(server.display))
    wake(source, hands)
    held = HeldKeys(hands, [window], HERTZ)
    presses = held.hold("a", PRESSES)
    seen = settle(source, hands, 7)
    keys = [event for event in seen if event.keycode == A_KEYCODE]
    downs = [event for event in keys if event.kind is RawKind.KEY_DOWN]
    assert [event.is_repeat for event in downs] == [False, *[True] * (presses - 1)]
    assert {event.char for event in downs} == {"a"}
    assert [event.kind for event in keys[len(downs) :]] == [RawKind.KEY_UP]
    assert not _missing(source)
    source.close()


def _missing(source: X11InputSource) -> list[RawEvent]:
    """Give the gaps told until what is missing would be known: a second later."""
    told: list[RawEvent] = []
    end_s = time.monotonic() + 45.0
    while sum(event.kind is RawKind.ALIVE for event in told) < 2:
        assert time.monotonic() < end_s
        told += source.read(0.2)
    return [event for event in told if event.kind is RawKind.GAP]
