"""Messages to and from the screen process survive any cutting of the stream."""

from hypothesis import given
from hypothesis import strategies as st

from recorder.core.frames import FrameRow, PaintedBox, Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.losses import Loss
from recorder.core.scenes import Gate, Paint, Scene, Window
from recorder.core.screen_messages import (
    ActionBegan,
    Alive,
    Drain,
    EntityIs,
    EntityWanted,
    Forget,
    FrameBound,
    FrameDone,
    FramesLost,
    Hello,
    Message,
    Ready,
    SceneIs,
    SceneWanted,
    Unpacker,
    pack,
)

_NUMBERS = st.integers(-(2**62), 2**62)
_PIXELS = st.integers(-(2**31), 2**31 - 1)
_RECTS = st.builds(Rect, _PIXELS, _PIXELS, _PIXELS, _PIXELS)
_SCALES = st.sampled_from([1.0, 1.5, 2.0])
_MONITORS = st.builds(Monitor, st.integers(0, 99), _RECTS, _SCALES, st.booleans())
_LABELS = st.integers(0, 2**32 - 1)
_WINDOWS = st.builds(Window, st.integers(0, 2**32), _RECTS, st.sampled_from(Paint), label=_LABELS)
_SCENES = st.builds(
    Scene,
    _NUMBERS,
    st.lists(_MONITORS, max_size=3).map(tuple),
    st.lists(_WINDOWS, max_size=3).map(tuple),
    st.lists(_RECTS, max_size=3).map(tuple),
    st.integers(0, 2**32),
    st.sampled_from(Gate),
)
_DIGESTS = st.binary(min_size=16, max_size=16)
_KINDS = st.sampled_from(["EMAIL", "CARD", "PRIVATE_KEY"])
_BOXES = st.builds(PaintedBox, _RECTS, st.sampled_from(["scope", "EMAIL_1", "unreadable"]))
_FRAMES = st.builds(
    FrameRow,
    frame_id=_NUMBERS,
    t_grab_start_ns=_NUMBERS,
    t_grab_end_ns=_NUMBERS,
    t_valid_from_ns=st.none() | _NUMBERS,
    t_valid_to_ns=st.none() | _NUMBERS,
    monitor_id=st.integers(0, 99),
    width=_PIXELS,
    height=_PIXELS,
    origin_x=_PIXELS,
    origin_y=_PIXELS,
    scale=_SCALES,
    triggers=st.sets(st.sampled_from(Trigger)).map(
        lambda found: tuple(t for t in Trigger if t in found)
    ),
    image=st.none() | st.binary(max_size=20),
    sha256=st.just("ab" * 32),
    phash64=st.integers(-(2**63), 2**63 - 1),
    dup_of_frame_id=st.none() | st.integers(0, 2**62),
    level=st.sampled_from(["layout", "redacted"]),
    redacted_boxes=st.lists(_BOXES, max_size=3).map(tuple),
)
_MESSAGES: st.SearchStrategy[Message] = st.one_of(
    st.builds(Hello, _NUMBERS, st.binary(min_size=32, max_size=32)),
    st.builds(SceneIs, _NUMBERS, _SCENES),
    st.builds(ActionBegan, _NUMBERS, _NUMBERS, _PIXELS, _PIXELS),
    st.builds(EntityIs, _KINDS, _DIGESTS, _NUMBERS),
    st.builds(EntityWanted, _KINDS, _DIGESTS),
    st.builds(Drain, _NUMBERS),
    st.builds(Forget, _NUMBERS),
    st.builds(Ready),
    st.builds(Alive),
    st.builds(SceneWanted, _NUMBERS, st.booleans()),
    st.builds(FrameBound, _NUMBERS, _NUMBERS),
    st.builds(FrameDone, _FRAMES, st.lists(_LABELS, max_size=3).map(tuple)),
    st.builds(FramesLost, st.sampled_from(Loss), st.integers(0, 2**62)),
)


@given(st.lists(_MESSAGES, max_size=4), st.integers(1, 40))
def test_messages_arrive_whole_however_the_stream_is_cut(
    messages: list[Message], size: int
) -> None:
    stream = b"".join(map(pack, messages))
    unpacker = Unpacker()
    arrived: list[Message] = []
    for start in range(0, len(stream), size):
        arrived.extend(unpacker.feed(stream[start : start + size]))
    assert arrived == messages


def test_titles_and_hosts_do_not_reach_the_screen_process() -> None:
    window = Window(1, Rect(0, 0, 9, 9), Paint.REDACT, "xterm", "XTerm", "a title", "a.host")
    sent = pack(SceneIs(0, Scene(1, windows=(window,), gate=Gate.OPEN)))
    assert b"a title" not in sent
    assert b"a.host" not in sent
