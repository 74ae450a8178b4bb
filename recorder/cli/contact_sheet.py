"""A contact sheet: small pictures of an episode's frames in one PNG."""

import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from recorder.cli.output import Unwritable, UsageError
from recorder.cli.spans import clock_text
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.names import PartName
from recorder.episodes.reader import Episode
from recorder.episodes.table_files import DamagedFile
from recorder.files import write_whole

MOST: Final = 24
_COLUMNS: Final = 4
_WIDTH_PX: Final = 400
_HEIGHT_PX: Final = 225
_LABEL_PX: Final = 16
_GROUND: Final = (32, 32, 32)
_LABEL: Final = (230, 230, 230)


def write_contact_sheet(episode: Episode, path: Path) -> int:
    """Write up to 24 frames, spread over the episode, as PNG, 0600; gives how many.

    Raises:
        UsageError: It has no picture, or the file is there already.
        Unwritable: The file cannot be written.
    """
    _check_new(path)
    rows = _chosen(episode)
    if not rows:
        raise UsageError("That episode has no picture", "recorder show tells what it holds")
    _write(_sheet(episode, rows), path)
    return len(rows)


def write_sheet(pictures: Sequence[tuple[str, bytes]], path: Path) -> None:
    """Write up to 24 labelled pictures, spread over those given, as PNG, 0600.

    Raises:
        UsageError: There is none, or the file is there already.
        Unwritable: The file cannot be written.
    """
    _check_new(path)
    count = min(MOST, len(pictures))
    if not count:
        raise UsageError("There is no picture in it", "leave --samples away")
    lines = -(-count // _COLUMNS)
    size = (_COLUMNS * _WIDTH_PX, lines * (_HEIGHT_PX + _LABEL_PX))
    sheet = Image.new("RGB", size, _GROUND)
    draw = ImageDraw.Draw(sheet)
    for at in range(count):
        label, data = pictures[at * len(pictures) // count]
        x, y = _place(at)
        draw.text((x + 4, y + 2), label, fill=_LABEL)
        _paste_one(sheet, data, _place(at))
    _write(sheet, path)


def _check_new(path: Path) -> None:
    if path.is_symlink() or path.exists():
        raise UsageError(f"{path} is there already", "name another file")


def _write(sheet: Image.Image, path: Path) -> None:
    data = io.BytesIO()
    sheet.save(data, "PNG")
    try:
        write_whole(path, data.getvalue())
    except OSError as cause:
        raise Unwritable(str(path), cause) from cause


def _chosen(episode: Episode) -> list[tuple[int, int]]:
    """Give number and time of the frames with a picture of their own, evenly spread."""
    columns = ["frame_id", "t_grab_end_ns", "dup_of_frame_id"]
    rows = [
        (row["frame_id"], row["t_grab_end_ns"])
        for row in episode.read("frames", columns).to_pylist()
        if row["dup_of_frame_id"] is None
    ]
    count = min(MOST, len(rows))
    return [rows[at * len(rows) // count] for at in range(count)]


def _sheet(episode: Episode, rows: list[tuple[int, int]]) -> Image.Image:
    lines = -(-len(rows) // _COLUMNS)
    size = (_COLUMNS * _WIDTH_PX, lines * (_HEIGHT_PX + _LABEL_PX))
    sheet = Image.new("RGB", size, _GROUND)
    draw = ImageDraw.Draw(sheet)
    places = {frame_id: at for at, (frame_id, _) in enumerate(rows)}
    for frame_id, t_ns in rows:
        x, y = _place(places[frame_id])
        draw.text((x + 4, y + 2), f"{clock_text(t_ns)}  frame {frame_id}", fill=_LABEL)
    for part in parts_of(episode, "frames"):
        _paste(episode, part, places, sheet)
    return sheet


def _paste(episode: Episode, part: PartName, places: dict[int, int], sheet: Image.Image) -> None:
    """Paste the pictures of one file; one that cannot be read stays a dark field."""
    try:
        ids = read_part(episode, part, ["frame_id"]).column("frame_id").to_pylist()
        if places.keys().isdisjoint(ids):
            return
        images = read_part(episode, part, ["image"]).column("image")
    except DamagedFile:
        return
    for at, frame_id in enumerate(ids):
        image = images[at].as_py() if frame_id in places else None
        if image is not None:
            _paste_one(sheet, image["bytes"], _place(places[frame_id]))


def _paste_one(sheet: Image.Image, data: bytes, place: tuple[int, int]) -> None:
    with suppress(OSError, ValueError), Image.open(io.BytesIO(data)) as picture:
        small = picture.convert("RGB")
        small.thumbnail((_WIDTH_PX - 4, _HEIGHT_PX - 4))
        sheet.paste(small, (place[0] + 2, place[1] + _LABEL_PX))


def _place(at: int) -> tuple[int, int]:
    return at % _COLUMNS * _WIDTH_PX, at // _COLUMNS * (_HEIGHT_PX + _LABEL_PX)
