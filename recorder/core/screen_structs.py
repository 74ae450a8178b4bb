"""Structs of scenes and finished frames, for the pipe to and from the screen process."""

import struct
from typing import Final

from recorder.core.frames import FrameRow, PaintedBox, Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.scenes import Gate, Paint, Scene, Window

_UNKNOWN_NS: Final = -(2**63)
_RECT: Final = struct.Struct("<4i")
_MONITOR: Final = struct.Struct("<h4if?")
_WINDOW: Final = struct.Struct("<Q4iBI")
_SCENE: Final = struct.Struct("<qqBHHH")
_FRAME: Final = struct.Struct("<qqqqqhiiiifBqqIHB?")
_BOX: Final = struct.Struct("<4i32s")
_GATES: Final = tuple(Gate)
_TRIGGERS: Final = tuple(Trigger)


def pack_scene(scene: Scene) -> bytes:
    """Give a scene without its texts: geometry, where to paint, whether the gate is open."""
    sizes = (len(scene.monitors), len(scene.windows), len(scene.secure))
    return b"".join(
        (
            _SCENE.pack(scene.t_ns, scene.focus, _GATES.index(scene.gate), *sizes),
            *(
                _MONITOR.pack(m.monitor_id, *_sides(m.rect), m.scale, m.is_primary)
                for m in scene.monitors
            ),
            *(_WINDOW.pack(w.window_id, *_sides(w.rect), w.paint, w.label) for w in scene.windows),
            *(_RECT.pack(*_sides(rect)) for rect in scene.secure),
        )
    )


def unpack_scene(body: bytes) -> Scene:
    """Give the scene; app, title and host are empty."""
    t_ns, focus, gate, n_monitors, n_windows, n_secure = _SCENE.unpack_from(body)
    at = _SCENE.size
    monitors = []
    for fields in _MONITOR.iter_unpack(body[at : at + n_monitors * _MONITOR.size]):
        monitor_id, x, y, w, h, scale, primary = fields
        monitors.append(Monitor(monitor_id, Rect(x, y, w, h), scale, primary))
    at += n_monitors * _MONITOR.size
    windows = []
    for window_id, x, y, w, h, paint, label in _WINDOW.iter_unpack(
        body[at : at + n_windows * _WINDOW.size]
    ):
        windows.append(Window(window_id, Rect(x, y, w, h), Paint(paint), label=label))
    at += n_windows * _WINDOW.size
    secure = tuple(Rect(*f) for f in _RECT.iter_unpack(body[at : at + n_secure * _RECT.size]))
    return Scene(t_ns, tuple(monitors), tuple(windows), secure, focus, _GATES[gate])


def _sides(rect: Rect) -> tuple[int, int, int, int]:
    return rect.x, rect.y, rect.w, rect.h


def pack_frame(row: FrameRow) -> bytes:
    """Give a finished frame: numbers, digest, level, boxes, then the image to the end."""
    boxes = b"".join(
        _BOX.pack(*_sides(b.rect), b.reason.encode("ascii")) for b in row.redacted_boxes
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


def unpack_frame(body: bytes) -> FrameRow:
    """Give the finished frame."""
    (frame_id, start, end, valid_from, valid_to, monitor_id, width, height, x, y, scale, triggers,
     phash, dup, n_boxes, n_level, n_sha, has_image) = _FRAME.unpack_from(body)  # fmt: skip
    at = _FRAME.size
    sha256, level = body[at : at + n_sha].hex(), body[at + n_sha : at + n_sha + n_level].decode()
    at += n_sha + n_level
    boxes = tuple(
        PaintedBox(Rect(bx, by, bw, bh), reason.rstrip(b"\0").decode("ascii"))
        for bx, by, bw, bh, reason in _BOX.iter_unpack(body[at : at + n_boxes * _BOX.size])
    )
    return FrameRow(
        frame_id, start, end, None if valid_from == _UNKNOWN_NS else valid_from,
        None if valid_to == _UNKNOWN_NS else valid_to, monitor_id, width, height, x, y, scale,
        tuple(t for i, t in enumerate(_TRIGGERS) if triggers >> i & 1),
        body[at + n_boxes * _BOX.size :] if has_image else None, sha256, phash,
        None if dup < 0 else dup, level, boxes,
    )  # fmt: skip
