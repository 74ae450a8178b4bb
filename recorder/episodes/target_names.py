"""Names of elements that stood under a box which the owner painted out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from recorder.core.geometry import Rect
from recorder.episodes.changing import Change
from recorder.episodes.columns import with_column
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.reader import Episode
from recorder.episodes.table_files import DamagedFile

_COLUMNS: Final = ("frame_id", "target_name", "target_x", "target_y", "target_w", "target_h")


def forget_names(episode: Episode, change: Change, boxes: Mapping[int, Sequence[Rect]]) -> None:
    """Take the names of the elements that the boxes touch out of the actions' rows.

    Args:
        episode: What changes.
        change: Gets the files of events that change.
        boxes: {frame: boxes on the virtual desktop}; a row counts by its own `frame_id`.
    """
    for part in parts_of(episode, "events"):
        try:
            rows = read_part(episode, part, _COLUMNS)
        except DamagedFile:
            continue
        names = [
            None if _is_touched(row, boxes.get(row["frame_id"], ())) else row["target_name"]
            for row in rows.to_pylist()
        ]
        if names != rows.column("target_name").to_pylist():
            old = read_part(episode, part)
            change.replace(part, old, with_column(old, "target_name", names))


def _is_touched(row: Mapping[str, Any], boxes: Sequence[Rect]) -> bool:
    if row["target_name"] is None or not boxes:
        return False
    place = [row[name] for name in _COLUMNS[2:]]
    if None in place:
        return True
    return any(not box.intersect(Rect(*place)).is_empty for box in boxes)
