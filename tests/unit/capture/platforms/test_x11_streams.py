import struct

from hypothesis import given
from hypothesis import strategies as st

from recorder.capture.platforms import x11_wire as wire
from recorder.capture.platforms.x11_clock import WINDOW_NS, ServerClock
from recorder.capture.platforms.x11_missing import GRACE_NS, MissingEvents

MS = 1_000_000


def reply(body: bytes, category: int = wire.FROM_SERVER) -> bytes:
    return struct.pack("<BBHIBBxxIII8x", 1, category, 7, len(body) // 4, 0, 0, 0, 5, 0) + body


def core(kind: int, detail: int = 38, x: int = -3, y: int = 9) -> bytes:
    return struct.pack("<BBHIIIIhhhhHBx", kind, detail, 1, 1234, 1, 1, 0, x, y, 0, 0, 4, 1)


EVENT = core(wire.MAPPING_NOTIFY)


@given(st.lists(st.sampled_from([EVENT, reply(b""), reply(core(2))])), st.integers(1, 90))
def test_packets_are_whole_however_the_stream_is_cut(packets: list[bytes], size: int) -> None:
    stream = b"".join(packets)
    cutter = wire.Cutter()
    found = [
        packet
        for at in range(0, len(stream), size)
        for packet in cutter.feed(stream[at : at + size])
    ]
    assert found == packets


def test_recorded_events_have_position_and_state() -> None:
    (found,) = wire.recorded(reply(core(wire.KEY_PRESS)))
    assert (found.kind, found.detail, found.time_ms) == (wire.KEY_PRESS, 38, 1234)
    assert (found.x, found.y, found.state) == (-3, 9, 4)
    assert "38" not in repr(found)


def test_other_categories_and_odd_ends_give_nothing() -> None:
    assert list(wire.recorded(reply(core(2), wire.START_OF_DATA))) == []
    assert list(wire.recorded(reply(core(2)[:-4]))) == []
    assert list(wire.recorded(reply(core(wire.MAPPING_NOTIFY)))) == []


def test_stamps_follow_the_smallest_delay() -> None:
    clock = ServerClock()
    clock.sample(1000, 5_000_000_000)
    assert clock.stamp(1000) == 5_000_000_000
    clock.sample(1100, 5_020_000_000)
    assert clock.stamp(1100) == 5_020_000_000
    clock.sample(1200, 5_500_000_000)
    assert clock.stamp(1200) == 5_120_000_000


def test_an_old_delay_leaves_the_window() -> None:
    clock = ServerClock()
    clock.sample(0, 0)
    late_ms = WINDOW_NS // MS + 1000
    clock.sample(late_ms, late_ms * MS + 7)
    assert clock.stamp(late_ms) == late_ms * MS + 7


def test_server_time_wraps() -> None:
    clock = ServerClock()
    clock.sample((1 << 32) - 10, 1_000_000_000)
    clock.sample(5, 1_015_000_000)
    assert clock.stamp(5) == 1_015_000_000


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 400)), min_size=1))
def test_stamps_never_fall_and_never_lie_in_the_future(steps: list[tuple[int, int]]) -> None:
    clock, server_ms, last_ns = ServerClock(), (1 << 32) - 100, 0
    true_ms = 0
    for step, delay in steps:
        true_ms += step
        server_ms = (server_ms + step) % (1 << 32)
        arrival_ns = (true_ms + delay + 10) * MS
        clock.sample(server_ms, max(arrival_ns, last_ns))
        stamp_ns = clock.stamp(server_ms)
        assert last_ns <= stamp_ns <= max(arrival_ns, last_ns)
        last_ns = stamp_ns


def test_what_was_announced_and_not_delivered_is_missing_after_the_grace() -> None:
    missing = MissingEvents()
    missing.announced(0)
    missing.announced(1)
    missing.delivered(2)
    assert missing.overdue(GRACE_NS) == 0
    assert missing.overdue(GRACE_NS + 2) == 1
    assert missing.overdue(GRACE_NS * 5) == 0


def test_a_delivery_may_come_first_and_an_unannounced_one_is_no_loss() -> None:
    missing = MissingEvents()
    missing.delivered(0)
    missing.announced(1)
    assert missing.overdue(GRACE_NS * 2) == 0
    missing.delivered(GRACE_NS * 2, 3)
    assert missing.overdue(GRACE_NS * 4) == 0
    missing.announced(GRACE_NS * 4)
    assert missing.overdue(GRACE_NS * 6) == 1


def test_a_reader_that_stood_still_begins_anew() -> None:
    missing = MissingEvents()
    missing.announced(0)
    missing.restart(GRACE_NS * 3)
    assert missing.overdue(GRACE_NS * 3 + 1) == 0


def test_requests_have_the_length_that_they_tell() -> None:
    requests = (
        wire.ROUND_TRIP,
        wire.enable_record(146, 5),
        wire.query_xi2(131),
        wire.select_raw(131, 1, wire.RAW_KEY_AND_BUTTON),
        wire.touch_property(9),
    )
    for request in requests:
        assert struct.unpack_from("<H", request, 2)[0] * 4 == len(request)
