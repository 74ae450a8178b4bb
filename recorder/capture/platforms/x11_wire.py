"""X11 packets as fixed structs: cutting a stream, the few events and requests we need.

Sources: X11 protocol (encoding appendix), RECORD 1.13, XI2 2.2 (XI2proto).
python-xlib parses a recorded event in about 100 µs, a struct does it in about 1 µs.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

ERROR: Final = 0
REPLY: Final = 1
KEY_PRESS: Final = 2
KEY_RELEASE: Final = 3
BUTTON_PRESS: Final = 4
BUTTON_RELEASE: Final = 5
MOTION: Final = 6
PROPERTY_NOTIFY: Final = 28
MAPPING_NOTIFY: Final = 34
GENERIC_EVENT: Final = 35

FROM_SERVER: Final = 0
START_OF_DATA: Final = 4

RAW_KEY_PRESS: Final = 13
RAW_BUTTON_PRESS: Final = 15
RAW_KEY_AND_BUTTON: Final = (13, 14, 15, 16)
"""XI2 event types RawKeyPress, RawKeyRelease, RawButtonPress, RawButtonRelease."""
RAW_MOTION: Final = 17
MAPPING_POINTER: Final = 2

_PACKET_BYTES: Final = 32
_CORE_EVENT: Final = struct.Struct("<BBHIIIIhhhhHBx")
_SEND_EVENT_BIT: Final = 0x80
_ALL_MASTER_DEVICES: Final = 1
_ATOM_STRING: Final = 31
_ATOM_WM_NAME: Final = 39
_APPEND: Final = 2

ROUND_TRIP: Final = struct.pack("<BBH", 43, 0, 1)
"""GetInputFocus: the cheapest request with a reply."""


@dataclass(frozen=True, slots=True)
class CoreEvent:
    """A device event as RECORD gives it: root position, state before the event."""

    kind: int
    detail: int = field(repr=False)
    time_ms: int
    x: int
    y: int
    state: int


class Cutter:
    """Cuts a server's byte stream into packets; keeps the unfinished rest."""

    def __init__(self, rest: bytes = b"") -> None:
        self._rest = rest

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take bytes as they came and give whole replies, errors and events."""
        data = self._rest + data
        at = 0
        while len(data) - at >= _PACKET_BYTES:
            end = at + _packet_bytes(data, at)
            if end > len(data):
                break
            yield data[at:end]
            at = end
        self._rest = data[at:]


def kind_of(packet: bytes) -> int:
    """Give the packet's type: 0 error, 1 reply, else the event's code."""
    return packet[0] & ~_SEND_EVENT_BIT


def recorded(reply: bytes) -> list[CoreEvent]:
    """Give the device events in a RECORD data reply; none for other categories.

    A client of the other byte order is never recorded as one: device events carry the
    order of the recording client.
    """
    if reply[1] != FROM_SERVER:
        return []
    whole = len(reply) - len(reply) % _PACKET_BYTES
    return [
        CoreEvent(fields[0], fields[1], fields[3], fields[7], fields[8], fields[11])
        for fields in _CORE_EVENT.iter_unpack(reply[_PACKET_BYTES:whole])
        if KEY_PRESS <= fields[0] <= MOTION
    ]


def record_time_ms(reply: bytes) -> int:
    """Give the server time in a RECORD reply (u32 milliseconds)."""
    return int(struct.unpack_from("<I", reply, 16)[0])


def raw_detail(packet: bytes) -> tuple[int, int]:
    """Give the XI2 event type and the key code or button of a raw event."""
    kind, _, _, detail = struct.unpack_from("<HHII", packet, 8)
    return kind, detail


def property_time_ms(packet: bytes) -> int:
    """Give the server time in a PropertyNotify (u32 milliseconds)."""
    return int(struct.unpack_from("<I", packet, 12)[0])


def enable_record(major_opcode: int, context: int) -> bytes:
    """Give the request that turns a connection into a stream of recorded events."""
    return struct.pack("<BBHI", major_opcode, 5, 2, context)


def query_xi2(major_opcode: int) -> bytes:
    """Give the request for XI 2.2: raw events come also while somebody grabs."""
    return struct.pack("<BBHHH", major_opcode, 47, 2, 2, 2)


def select_raw(major_opcode: int, root: int, types: tuple[int, ...]) -> bytes:
    """Give the request that selects raw events of every master device."""
    mask = sum(1 << number for number in types)
    return struct.pack("<BBHIHHHHI", major_opcode, 46, 5, root, 1, 0, _ALL_MASTER_DEVICES, 1, mask)


def touch_property(window: int) -> bytes:
    """Give the request whose PropertyNotify tells the server's time (appends nothing)."""
    return struct.pack("<BBHIIIB3xI", 18, _APPEND, 6, window, _ATOM_WM_NAME, _ATOM_STRING, 8, 0)


def _packet_bytes(data: bytes, at: int) -> int:
    if kind_of(data[at : at + 1]) in (REPLY, GENERIC_EVENT):
        return _PACKET_BYTES + 4 * int(struct.unpack_from("<I", data, at + 4)[0])
    return _PACKET_BYTES
