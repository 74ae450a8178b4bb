"""Events survive the pipe between our processes unchanged."""

from hypothesis import given
from hypothesis import strategies as st

from recorder.core.events import Button, KeyClass, Mods, RawEvent, RawKind
from recorder.core.wire import EVENT_SIZE_BYTES, KEY_NAMES, pack_events, unpack_events

_PIXELS = st.integers(-(2**31), 2**31 - 1)
_EVENTS = st.builds(
    RawEvent,
    t_ns=st.integers(0, 2**62),
    kind=st.sampled_from(RawKind),
    x=_PIXELS,
    y=_PIXELS,
    button=st.sampled_from(Button),
    dx=st.floats(width=32, allow_nan=False),
    dy=st.floats(width=32, allow_nan=False),
    char=st.one_of(st.just(""), st.characters(min_codepoint=1)),
    key=st.sampled_from(KEY_NAMES),
    key_class=st.one_of(st.none(), st.sampled_from(KeyClass)),
    mods=st.integers(0, 31).map(Mods),
    is_repeat=st.booleans(),
    keycode=st.integers(0, 65535),
    count=st.integers(0, 2**32 - 1),
)


@given(st.lists(_EVENTS, max_size=5))
def test_events_come_out_of_the_pipe_as_they_went_in(events: list[RawEvent]) -> None:
    data = pack_events(events)
    assert len(data) == len(events) * EVENT_SIZE_BYTES
    assert list(unpack_events(data)) == events


def test_the_repr_of_an_event_hides_what_was_typed() -> None:
    event = RawEvent(1, RawKind.KEY_DOWN, char="q", key="dead", key_class=KeyClass.CHAR, keycode=77)
    shown = repr(event)
    assert "char" not in shown
    assert "key=" not in shown
    assert "77" not in shown
