"""Messages between the agent and the screen process, as fixed structs with a header.

A message is a type byte, a length and a body. Titles, hosts and names never cross:
the screen process is told where to paint, not what is there.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from recorder.core.frames import FrameRow
from recorder.core.losses import Loss
from recorder.core.scenes import Scene
from recorder.core.screen_structs import pack_frame, pack_scene, unpack_frame, unpack_scene

DIGEST_SIZE_BYTES: Final = 16


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
    by_key: bool = False


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
class Forget:
    """Frames grabbed by then (absolute monotonic) may be gone: later ones show none of them."""

    until_ns: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The screen process can grab."""


@dataclass(frozen=True, slots=True)
class Alive:
    """Sent once a second by the screen process while it works."""


@dataclass(frozen=True, slots=True)
class SceneWanted:
    """The screen process asks for the scene as it is now.

    `asks_apps`: what accessibility told is asked anew too; it costs most of an answer.
    """

    token: int
    asks_apps: bool = True


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
    """A finished, redacted frame. `shown`: labels of the windows in it; 0 is an unknown one."""

    row: FrameRow
    shown: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class FramesLost:
    """Frames that were not kept, counted under their reason."""

    reason: Loss
    count: int


Message = (
    Hello | SceneIs | ActionBegan | EntityIs | Drain | Ready | Alive | SceneWanted | FrameBound
    | EntityWanted | FrameDone | FramesLost | Forget
)  # fmt: skip

_HEADER: Final = struct.Struct("<BI")
_LOSSES: Final = tuple(Loss)


def pack(message: Message) -> bytes:
    """Give header and body of a message."""
    number, (_, encode, _) = next(
        (number, codec) for number, codec in enumerate(_CODECS) if codec[0] is type(message)
    )
    body = encode(message)
    return _HEADER.pack(number, len(body)) + body


class Unpacker:
    """Cuts a byte stream into messages; keeps the unfinished rest between calls."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take bytes as they came and give the messages that are whole."""
        self._rest += data
        while len(self._rest) >= _HEADER.size:
            number, size = _HEADER.unpack_from(self._rest)
            end = _HEADER.size + size
            if len(self._rest) < end:
                return
            body = bytes(self._rest[_HEADER.size : end])
            del self._rest[:end]
            yield _CODECS[number][2](body)


_Codec = tuple[type[Message], Callable[[Any], bytes], Callable[[bytes], Message]]


def _fixed(kind: type[Message], layout: str, *names: str) -> _Codec:
    """Give the codec of a message whose fields are one struct."""
    form = struct.Struct(layout)

    def encode(message: Message) -> bytes:
        return form.pack(*(getattr(message, name) for name in names))

    def decode(body: bytes) -> Message:
        return kind(**dict(zip(names, form.unpack(body), strict=True)))

    return kind, encode, decode


def _pack_entity(message: EntityIs | EntityWanted) -> bytes:
    return _ENTITY.pack(message.kind.encode("ascii"), message.digest)


def _unpack_entity(body: bytes) -> tuple[str, bytes]:
    kind, digest = _ENTITY.unpack_from(body)
    return kind.rstrip(b"\0").decode("ascii"), digest


def _pack_labels(labels: tuple[int, ...]) -> bytes:
    return struct.pack(f"<H{len(labels)}I", len(labels), *labels)


def _unpack_done(body: bytes) -> FrameDone:
    (count,) = struct.unpack_from("<H", body)
    labels = struct.Struct(f"<H{count}I")
    return FrameDone(unpack_frame(body[labels.size :]), labels.unpack_from(body)[1:])


_ENTITY: Final = struct.Struct("<32s16s")
_NUMBER: Final = struct.Struct("<q")
_LOST: Final = struct.Struct("<Bq")

_CODECS: Final[tuple[_Codec, ...]] = (
    _fixed(Hello, "<q32s", "first_frame_id", "entity_key"),
    (
        SceneIs,
        lambda m: _NUMBER.pack(m.token) + pack_scene(m.scene),
        lambda b: SceneIs(_NUMBER.unpack_from(b)[0], unpack_scene(b[_NUMBER.size :])),
    ),
    _fixed(ActionBegan, "<qqii?", "action_id", "t_ns", "x", "y", "by_key"),
    (
        EntityIs,
        lambda m: _pack_entity(m) + _NUMBER.pack(m.number),
        lambda b: EntityIs(*_unpack_entity(b), _NUMBER.unpack_from(b, _ENTITY.size)[0]),
    ),
    _fixed(Drain, "<q", "deadline_ns"),
    _fixed(Ready, ""),
    _fixed(Alive, ""),
    _fixed(SceneWanted, "<q?", "token", "asks_apps"),
    _fixed(FrameBound, "<qq", "action_id", "frame_id"),
    (EntityWanted, _pack_entity, lambda b: EntityWanted(*_unpack_entity(b))),
    (FrameDone, lambda m: _pack_labels(m.shown) + pack_frame(m.row), _unpack_done),
    (
        FramesLost,
        lambda m: _LOST.pack(_LOSSES.index(m.reason), m.count),
        lambda b: FramesLost(_LOSSES[_LOST.unpack(b)[0]], _LOST.unpack(b)[1]),
    ),
    _fixed(Forget, "<q", "until_ns"),
)
