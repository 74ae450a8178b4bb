"""Messages between the agent and the screen process, as fixed structs with a header.

A message is a type byte, a length and a body. Titles, hosts and names never cross:
the screen process is told where to paint, not what is there.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from recorder.core.frames import FrameRow, PaintedBox, Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.losses import Loss
from recorder.core.scenes import Gate, Paint, Scene, Window

DIGEST_SIZE_BYTES: Final = 16
_UNKNOWN_NS: Final = -(2**63)


@dataclass(frozen=True, slots=True)
class Hello:
    """First message to the screen process.

    `entity_key`: 32 bytes, keys the hashes of values; dies with the episode.
    """

    first_frame_id: int
    entity_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SceneIs:
    """A scene; `token` answers a `SceneWanted`, 0 when sent unasked."""

    token: int
    scene: Scene


@dataclass(frozen=True, slots=True)
class ActionBegan:
    """An action began at this instant and place; wants the frame in force before it."""

    action_id: int
    t_ns: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class EntityIs:
    """The number of a value: an answer, or news of a value typed on the keyboard."""

    kind: str
    digest: bytes = field(repr=False)
    number: int


@dataclass(frozen=True, slots=True)
class Drain:
    """Finish what is kept until the deadline (absolute monotonic), then end."""

    deadline_ns: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The screen process can grab."""


@dataclass(frozen=True, slots=True)
class Alive:
    """Sent once a second by the screen process while it works."""


@dataclass(frozen=True, slots=True)
class SceneWanted:
    """The screen process asks for the scene as it is now."""

    token: int


@dataclass(frozen=True, slots=True)
class FrameBound:
    """The frame in force before an action; `frame_id` -1 when there is none."""

    action_id: int
    frame_id: int


@dataclass(frozen=True, slots=True)
class EntityWanted:
    """The screen process found a value and asks for its number."""

    kind: str
    digest: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FrameDone:
    """A finished, redacted frame."""

    row: FrameRow


@dataclass(frozen=True, slots=True)
class FramesLost:
    """Frames that were not kept, counted under their reason."""

    reason: Loss
    count: int


Message = (
    Hello | SceneIs | ActionBegan | EntityIs | Drain | Ready | Alive | SceneWanted | FrameBound
    | EntityWanted | FrameDone | FramesLost
)  # fmt: skip

_HEADER: Final = struct.Struct("<BI")
_TYPES: Final[tuple[type[Message], ...]] = (
    Hello, SceneIs, ActionBegan, EntityIs, Drain, Ready, Alive, SceneWanted, FrameBound,
    EntityWanted, FrameDone, FramesLost,
)  # fmt: skip
_RECT: Final = struct.Struct("<4i")
_MONITOR: Final = struct.Struct("<h4if?")
_WINDOW: Final = struct.Struct("<Q4iB")
_SCENE: Final = struct.Struct("<qqBHHH")
_FRAME: Final = struct.Struct("<qqqqqhiiiifBqqIHB?")
_GATES: Final = tuple(Gate)
_TRIGGERS: Final = tuple(Trigger)
_LOSSES: Final = tuple(Loss)


def pack(message: Message) -> bytes:
    """Give header and body of a message."""
    body = _pack_body(message)
    return _HEADER.pack(_TYPES.index(type(message)), len(body)) + body


class Unpacker:
    """Cuts a byte stream into messages; keeps the unfinished rest between calls."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take bytes as they came and give the messages that are whole."""
        self._rest += data
        while len(self._rest) >= _HEADER.size:
            kind, size = _HEADER.unpack_from(self._rest)
            end = _HEADER.size + size
            if len(self._rest) < end:
                return
            body = bytes(self._rest[_HEADER.size : end])
            del self._rest[:end]
            yield _unpack_body(_TYPES[kind], body)


def _pack_body(message: Message) -> bytes:  # noqa: PLR0911 - one line per message
    match message:
        case Hello():
            return struct.pack("<q32s", message.first_frame_id, message.entity_key)
        case SceneIs():
            return struct.pack("<q", message.token) + _pack_scene(message.scene)
        case ActionBegan():
            return struct.pack("<qqii", message.action_id, message.t_ns, message.x, message.y)
        case EntityIs():
            return _pack_entity(message.kind, message.digest) + struct.pack("<q", message.number)
        case EntityWanted():
            return _pack_entity(message.kind, message.digest)
        case Drain():
            return struct.pack("<q", message.deadline_ns)
        case SceneWanted():
            return struct.pack("<q", message.token)
        case FrameBound():
            return struct.pack("<qq", message.action_id, message.frame_id)
        case FrameDone():
            return _pack_frame(message.row)
        case FramesLost():
            return struct.pack("<Bq", _LOSSES.index(message.reason), message.count)
        case Ready() | Alive():
            return b""


def _unpack_body(kind: type[Message], body: bytes) -> Message:  # noqa: PLR0911 - as above
    if kind is Hello:
        return Hello(*struct.unpack("<q32s", body))
    if kind is SceneIs:
        return SceneIs(struct.unpack_from("<q", body)[0], _unpack_scene(body[8:]))
    if kind is ActionBegan:
        return ActionBegan(*struct.unpack("<qqii", body))
    if kind is EntityIs:
        return EntityIs(*_unpack_entity(body), number=struct.unpack("<q", body[-8:])[0])
    if kind is EntityWanted:
        return EntityWanted(*_unpack_entity(body))
    if kind is Drain:
        return Drain(*struct.unpack("<q", body))
    if kind is SceneWanted:
        return SceneWanted(*struct.unpack("<q", body))
    if kind is FrameBound:
        return FrameBound(*struct.unpack("<qq", body))
    if kind is FrameDone:
        return FrameDone(_unpack_frame(body))
    if kind is FramesLost:
        reason, count = struct.unpack("<Bq", body)
        return FramesLost(_LOSSES[reason], count)
    return kind()  # type: ignore[call-arg]  # Ready and Alive have no fields


def _pack_entity(kind: str, digest: bytes) -> bytes:
    return struct.pack("<32s16s", kind.encode("ascii"), digest)


def _unpack_entity(body: bytes) -> tuple[str, bytes]:
    kind, digest = struct.unpack_from("<32s16s", body)
    return kind.rstrip(b"\0").decode("ascii"), digest


def _pack_rect(rect: Rect) -> bytes:
    return _RECT.pack(rect.x, rect.y, rect.w, rect.h)


def _pack_scene(scene: Scene) -> bytes:
    sizes = (len(scene.monitors), len(scene.windows), len(scene.secure))
    parts = [_SCENE.pack(scene.t_ns, scene.focus, _GATES.index(scene.gate), *sizes)]
    for m in scene.monitors:
        parts.append(
            _MONITOR.pack(
                m.monitor_id, m.rect.x, m.rect.y, m.rect.w, m.rect.h, m.scale, m.is_primary
            )
        )
    for w in scene.windows:
        parts.append(_WINDOW.pack(w.window_id, w.rect.x, w.rect.y, w.rect.w, w.rect.h, w.paint))
    parts.extend(_pack_rect(rect) for rect in scene.secure)
    return b"".join(parts)


def _unpack_scene(body: bytes) -> Scene:
    t_ns, focus, gate, n_monitors, n_windows, n_secure = _SCENE.unpack_from(body)
    at = _SCENE.size
    monitors = []
    for fields in _MONITOR.iter_unpack(body[at : at + n_monitors * _MONITOR.size]):
        monitor_id, x, y, w, h, scale, primary = fields
        monitors.append(Monitor(monitor_id, Rect(x, y, w, h), scale, primary))
    at += n_monitors * _MONITOR.size
    windows = []
    for window_id, x, y, w, h, paint in _WINDOW.iter_unpack(
        body[at : at + n_windows * _WINDOW.size]
    ):
        windows.append(Window(window_id, Rect(x, y, w, h), Paint(paint)))
    at += n_windows * _WINDOW.size
    secure = tuple(Rect(*f) for f in _RECT.iter_unpack(body[at : at + n_secure * _RECT.size]))
    return Scene(t_ns, tuple(monitors), tuple(windows), secure, focus, _GATES[gate])


def _pack_frame(row: FrameRow) -> bytes:
    boxes = b"".join(
        struct.pack("<4i32s", b.rect.x, b.rect.y, b.rect.w, b.rect.h, b.reason.encode("ascii"))
        for b in row.redacted_boxes
    )
    head = _FRAME.pack(
        row.frame_id, row.t_grab_start_ns, row.t_grab_end_ns,
        _UNKNOWN_NS if row.t_valid_from_ns is None else row.t_valid_from_ns,
        _UNKNOWN_NS if row.t_valid_to_ns is None else row.t_valid_to_ns,
        row.monitor_id, row.width, row.height, row.origin_x, row.origin_y, row.scale,
        sum(1 << _TRIGGERS.index(t) for t in row.triggers), row.phash64,
        -1 if row.dup_of_frame_id is None else row.dup_of_frame_id,
        len(row.redacted_boxes), len(row.level), len(row.sha256) // 2, row.image is not None,
    )  # fmt: skip
    return head + bytes.fromhex(row.sha256) + row.level.encode("ascii") + boxes + (row.image or b"")


def _unpack_frame(body: bytes) -> FrameRow:
    (frame_id, start, end, valid_from, valid_to, monitor_id, width, height, x, y, scale, triggers,
     phash, dup, n_boxes, n_level, n_sha, has_image) = _FRAME.unpack_from(body)  # fmt: skip
    at = _FRAME.size
    sha256, level = body[at : at + n_sha].hex(), body[at + n_sha : at + n_sha + n_level].decode()
    at += n_sha + n_level
    size = struct.calcsize("<4i32s")
    boxes = tuple(
        PaintedBox(Rect(bx, by, bw, bh), reason.rstrip(b"\0").decode("ascii"))
        for bx, by, bw, bh, reason in struct.iter_unpack("<4i32s", body[at : at + n_boxes * size])
    )
    return FrameRow(
        frame_id, start, end, None if valid_from == _UNKNOWN_NS else valid_from,
        None if valid_to == _UNKNOWN_NS else valid_to, monitor_id, width, height, x, y, scale,
        tuple(t for i, t in enumerate(_TRIGGERS) if triggers >> i & 1),
        body[at + n_boxes * size :] if has_image else None, sha256, phash,
        None if dup < 0 else dup, level, boxes,
    )  # fmt: skip
