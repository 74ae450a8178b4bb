"""Painting boxes out of stored frames: pixels are gone, not covered."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyarrow as pa

from recorder.core.geometry import Rect
from recorder.episodes.changing import changing
from recorder.episodes.columns import with_column
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.names import PartName
from recorder.episodes.owner import Owner, owner_of
from recorder.episodes.reader import Episode
from recorder.episodes.table_files import DamagedFile
from recorder.episodes.target_names import forget_names
from recorder.episodes.window_frames import Affected, FrameUnknown, frames_of_window
from recorder.pictures import PAINT_GRID_PX, PAINT_VALUE, coded, decoded, difference_hash, within

__all__ = ["OWNER", "Affected", "FrameUnknown", "frames_of_window", "on_grid", "repaint"]

OWNER: Final = "owner"
"""Reason of a box that the owner painted."""
_COLUMNS: Final = ("frame_id", "dup_of_frame_id", "sha256")


@dataclass(frozen=True, slots=True)
class _Painted:
    """What the rows of one picture say from now on."""

    image: bytes = field(repr=False)
    sha256: str
    phash64: int


@dataclass(slots=True)
class _Pictures:
    """Which frames show the same picture, and what is painted on each picture."""

    of: dict[int, int] = field(default_factory=dict)
    """{frame: the frame that stands for its picture}."""
    boxes: dict[int, list[Rect]] = field(default_factory=dict)
    where: dict[int, PartName] = field(default_factory=dict)
    """Files of the frames that change."""
    holders: dict[int, tuple[int, PartName]] = field(default_factory=dict)
    """{picture: a frame with its bytes}."""
    hashes: dict[int, tuple[str, int]] = field(default_factory=dict)
    painted: dict[int, list[Rect]] = field(default_factory=dict)
    """{frame: what was painted, on the virtual desktop}."""


def repaint(
    episode: Episode,
    boxes: Mapping[int, Rect],
    owner: Owner | None = None,
    step: Callable[[], None] | None = None,
) -> int:
    """Paint boxes out of frames for good; gives how many frames changed.

    Killed at any instant, all of them are painted or none is. Frames that show the very same
    picture are painted alike, or what was to go would still be there. Sides lie on the grid.
    Names of elements under a box go from the rows of actions. Approvals of the episode end.

    Args:
        episode: Reads anew afterwards.
        boxes: {frame: box relative to its top left}.
        owner: Signs the manifest anew; the folder's own unless given.
        step: Called after each frame.

    Raises:
        FrameUnknown: There is no such frame; nothing changed.
        DamagedFile: A picture cannot be read; nothing changed.
        EpisodeBusy: It is being recorded, or changed by another program.
        FolderUnwritable: Nothing changed.
    """
    who = owner or owner_of(episode.path.parents[2])
    with changing(episode, who) as change:
        pictures = _find(episode, boxes)
        for part in dict.fromkeys(pictures.where.values()):
            old = read_part(episode, part)
            change.replace(part, old, _repainted(episode, old, pictures, step or _nothing))
        forget_names(episode, change, pictures.painted)
        change.commit()
    return len(pictures.where)


def on_grid(box: Rect, width: int, height: int) -> Rect:
    """Give the box that is painted: left and right on the grid, within the frame."""
    left = box.x // PAINT_GRID_PX * PAINT_GRID_PX
    right = -(-box.right // PAINT_GRID_PX) * PAINT_GRID_PX
    return Rect(left, box.y, right - left, box.h).intersect(Rect(0, 0, width, height))


def _find(episode: Episode, boxes: Mapping[int, Rect]) -> _Pictures:
    """Find the frames that show a picture on which something is painted."""
    found = _Pictures()
    place: dict[int, PartName] = {}
    by_digest: dict[str, int] = {}
    for part in parts_of(episode, "frames"):
        rows = zip(*(_columns(episode, part)), strict=True)
        for frame_id, dup_of, digest in rows:
            place[frame_id] = part
            picture = by_digest.setdefault(digest, frame_id if dup_of is None else dup_of)
            found.of[frame_id] = picture
            if dup_of is None:
                found.holders.setdefault(picture, (frame_id, part))
    grouped: dict[int, list[Rect]] = defaultdict(list)
    for frame_id, box in boxes.items():
        if frame_id not in found.of:
            raise FrameUnknown(frame_id)
        grouped[found.of[frame_id]].append(box)
    found.boxes = dict(grouped)
    found.where = {one: part for one, part in place.items() if found.of[one] in grouped}
    return found


def _columns(episode: Episode, part: PartName) -> list[list[Any]]:
    try:
        rows = read_part(episode, part, _COLUMNS)
    except DamagedFile:
        return [[], [], []]
    return [rows.column(name).to_pylist() for name in _COLUMNS]


def _repainted(
    episode: Episode, rows: pa.Table, pictures: _Pictures, step: Callable[[], None]
) -> pa.Table:
    """Give a file's frames with their boxes painted."""
    light = rows.drop_columns(["image"]).to_pylist()
    images = rows.column("image").to_pylist()
    for at, row in enumerate(light):
        if row["frame_id"] not in pictures.where:
            continue
        picture = pictures.of[row["frame_id"]]
        boxes = _grid_boxes(pictures.boxes[picture], row)
        if images[at] is not None:
            painted = _paint(images[at]["bytes"], boxes, row["level"])
            images[at] = {"bytes": painted.image, "path": images[at]["path"]}
            pictures.hashes[picture] = (painted.sha256, painted.phash64)
        origin = row["origin_x"], row["origin_y"]
        pictures.painted[row["frame_id"]] = [box.moved(*origin) for box in boxes]
        row["sha256"], row["phash64"] = _hashes(episode, pictures, row)
        row["redacted_boxes"] += [
            {"x": box.x, "y": box.y, "w": box.w, "h": box.h, "reason": OWNER} for box in boxes
        ]
        step()
    return _with(rows, light, images)


def _hashes(episode: Episode, pictures: _Pictures, row: dict[str, Any]) -> tuple[str, int]:
    """Give what a duplicate says of its picture, which may stand in a later file."""
    picture = pictures.of[row["frame_id"]]
    if picture not in pictures.holders:
        return row["sha256"], row["phash64"]
    if picture not in pictures.hashes:
        frame_id, part = pictures.holders[picture]
        held = read_part(episode, part, ["frame_id", "image"])
        at = held.column("frame_id").to_pylist().index(frame_id)
        image = held.column("image")[at].as_py()["bytes"]
        boxes = _grid_boxes(pictures.boxes[picture], row)
        painted = _paint(image, boxes, row["level"])
        pictures.hashes[picture] = (painted.sha256, painted.phash64)
    return pictures.hashes[picture]


def _paint(image: bytes, boxes: Sequence[Rect], level: str) -> _Painted:
    try:
        pixels = decoded(image)
    except (OSError, ValueError) as cause:
        raise DamagedFile("a stored picture", "damaged") from cause
    for box in boxes:
        pixels[within(box)] = PAINT_VALUE
    data = coded(pixels, level)
    return _Painted(data, hashlib.sha256(data).hexdigest(), difference_hash(pixels))


def _grid_boxes(boxes: Sequence[Rect], row: dict[str, Any]) -> list[Rect]:
    found = [on_grid(box, row["width"], row["height"]) for box in boxes]
    return [box for box in dict.fromkeys(found) if not box.is_empty]


def _with(rows: pa.Table, light: Sequence[dict[str, Any]], images: Sequence[Any]) -> pa.Table:
    """Give the rows with what painting changed."""
    for name in ("sha256", "phash64"):
        rows = with_column(rows, name, [row[name] for row in light])
    boxes = [[tuple(box.values()) for box in row["redacted_boxes"]] for row in light]
    rows = with_column(rows, "redacted_boxes", boxes)
    shaped = [None if image is None else (image["bytes"], image["path"]) for image in images]
    return with_column(rows, "image", shaped)


def _nothing() -> None:
    """Stand for a bar where nobody looks."""
