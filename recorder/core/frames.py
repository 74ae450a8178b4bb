"""Frames: raw grabs, which live in memory only, and rows, which may be stored."""

from dataclasses import dataclass, field
from enum import StrEnum

from recorder.core.geometry import Rect


class Trigger(StrEnum):
    """Why a frame was kept."""

    BEFORE_ACTION = "before_action"
    SETTLED = "settled"
    INTERVAL = "interval"
    TASK = "task"


@dataclass(frozen=True, slots=True)
class RawFrame:
    """One grab of one monitor. Lives in memory only, never in a file.

    Attributes:
        pixels: (H, W, 4) uint8 BGRX, physical pixels, row by row, origin at `area`'s
            top left; H * W * 4 bytes.
        area: The monitor's rectangle on the virtual desktop.
        t_start_ns: Before the grab, absolute monotonic.
        t_end_ns: After the grab, absolute monotonic.
        t_valid_from_ns: The screen has looked like this at least since then; None when unknown.
    """

    pixels: bytes | bytearray = field(repr=False)
    area: Rect
    monitor_id: int
    scale: float
    t_start_ns: int
    t_end_ns: int
    t_valid_from_ns: int | None = None


@dataclass(frozen=True, slots=True)
class PaintedBox:
    """One painted rectangle of a frame, relative to the frame's top left."""

    rect: Rect
    reason: str
    """scope, secure_field, unreadable, text, layout, or an entity such as EMAIL_1."""


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One row of `frames` without `episode_id`; times are absolute monotonic here.

    `image` is lossless WebP of the redacted picture, None for a duplicate. `apps`: `app` or
    `app:host` of every window that it shows unpainted; None where one is not known.
    """

    frame_id: int
    t_grab_start_ns: int
    t_grab_end_ns: int
    t_valid_from_ns: int | None
    t_valid_to_ns: int | None
    monitor_id: int
    width: int
    height: int
    origin_x: int
    origin_y: int
    scale: float
    triggers: tuple[Trigger, ...]
    image: bytes | None = field(repr=False)
    sha256: str
    phash64: int
    dup_of_frame_id: int | None
    level: str
    redacted_boxes: tuple[PaintedBox, ...]
    apps: tuple[str, ...] | None = None
