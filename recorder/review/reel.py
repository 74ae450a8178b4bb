"""One opened episode as the page needs it: times, actions, pictures. In memory only.

Pointer moves, which are most rows, are three arrays; the other rows stay Arrow tables;
pictures are read when they are shown.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.events import Kind
from recorder.episodes.columns import empty
from recorder.episodes.names import PartName, Table
from recorder.episodes.reader import Episode
from recorder.episodes.schemas import ORDER, SCHEMAS
from recorder.review.grouping import Groups, Numbers, group, indices, whole, word

_ACT_COLUMNS: Final = (
    "seq", "t_ns", "kind", "x", "y", "monitor_id", "button", "dx", "dy", "key", "key_class", "mods",
    "is_repeat", "redaction", "entity", "reason", "count", "frame_id", "target_role", "target_name",
    "target_x", "target_y", "target_w", "target_h", "window_seq",
)  # fmt: skip
_FRAME_COLUMNS: Final = (
    "frame_id", "t_grab_end_ns", "monitor_id", "width", "height", "origin_x", "origin_y",
    "dup_of_frame_id", "sha256", "level", "redacted_boxes",
)  # fmt: skip
_CONTEXT_COLUMNS: Final = (
    "seq", "t_ns", "kind", "app_id", "app_name", "window_title", "title_redaction", "url_host",
    "x", "y", "w", "h", "instruction", "outcome",
)  # fmt: skip
_MOST_HELD_BYTES: Final = 48_000_000
"""Of pictures that were read along; one file holds at most 32 MB."""


class PictureGone(Exception):
    """The picture cannot be read: its file is damaged, or it was removed."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Pointer moves, sorted by time: instants and positions."""

    t_ns: Numbers
    x: Numbers
    y: Numbers


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is stored, and the digest that decisions name."""

    image: bytes
    sha256: str


class Reel:
    """An episode's rows, read once; `close` wipes its key.

    Attributes:
        episode: Where it is read from.
        acts: Rows of `events` but moves, by time.
        frames: Rows of `frames` without pictures, by time.
        context: Rows of `context`, by time.
        moves: Pointer moves.
    """

    def __init__(self, episode: Episode) -> None:
        self.episode = episode
        self.acts, self.moves = _read_events(episode)
        self.frames, self._places = _read_frames(episode)
        self.context = _read(episode, "context", _CONTEXT_COLUMNS)
        self._held: dict[str, dict[int, bytes]] = {}

    @cached_property
    def groups(self) -> Groups:
        """The actions."""
        return group(self.acts)

    @cached_property
    def act_times(self) -> Numbers:
        """Times of `acts`."""
        return whole(self.acts.column("t_ns"))

    @cached_property
    def frame_times(self) -> Numbers:
        """When the grabs of `frames` ended."""
        return whole(self.frames.column("t_grab_end_ns"))

    @cached_property
    def frame_rows(self) -> dict[int, int]:
        """Row of each frame by its id."""
        return {int(name): row for row, name in enumerate(whole(self.frames.column("frame_id")))}

    @cached_property
    def context_times(self) -> Numbers:
        """Times of `context`."""
        return whole(self.context.column("t_ns"))

    @cached_property
    def context_rows(self) -> dict[int, int]:
        """Row of each context row by its number."""
        return {int(seq): row for row, seq in enumerate(whole(self.context.column("seq")))}

    @cached_property
    def end_ns(self) -> int:
        """The last instant of which something is known."""
        last = [
            int(t[-1])
            for t in (self.act_times, self.frame_times, self.context_times, self.moves.t_ns)
            if len(t)
        ]
        told = self.episode.manifest.duration_s * 1e9 if self.episode.manifest else 0
        return max([int(told), *last])

    def frame_at(self, t_ns: int) -> int | None:
        """Give the row of the newest frame that was grabbed by then; the first one before it."""
        if not self.frames.num_rows:
            return None
        return max(0, bisect_right(self.frame_times, t_ns) - 1)

    def picture(self, frame_id: int) -> Picture:
        """Give a frame's picture; that of its original where it is a duplicate.

        Raises:
            PictureGone: There is none, or it cannot be read.
        """
        row = self.frame_rows.get(frame_id)
        original = None if row is None else self.frames.column("dup_of_frame_id")[row].as_py()
        if original is not None:
            frame_id, row = original, self.frame_rows.get(original)
        if row is None:
            raise PictureGone
        image = self._images(self._places[row]).get(frame_id)
        if not image:
            raise PictureGone
        return Picture(image, hashlib.sha256(image).hexdigest())

    def close(self) -> None:
        """Wipe the key and let go of the pictures."""
        self._held.clear()
        self.episode.close()

    def _images(self, part: PartName) -> dict[int, bytes]:
        """Give the pictures of one file by id; the last few files are held."""
        name = str(part)
        if name in self._held:
            self._held[name] = self._held.pop(name)
            return self._held[name]
        rows = self.episode.piece(part, ("frame_id", "image"))
        if rows is None:
            raise PictureGone
        found = {
            row["frame_id"]: row["image"]["bytes"] or b""
            for row in rows.to_pylist()
            if row["image"] is not None
        }
        self._held[name] = found
        while len(self._held) > 1 and _size(self._held) > _MOST_HELD_BYTES:
            del self._held[next(iter(self._held))]
        return found


def _size(held: dict[str, dict[int, bytes]]) -> int:
    return sum(len(image) for images in held.values() for image in images.values())


def _read_events(episode: Episode) -> tuple[pa.Table, Moves]:
    acts, moves = [_nothing("events", _ACT_COLUMNS)], []
    for _, rows in episode.pieces("events", _ACT_COLUMNS):
        is_move = pc.equal(rows.column("kind"), word(Kind.MOVE))
        moves.append(rows.filter(is_move).select(["t_ns", "x", "y"]))
        acts.append(rows.filter(pc.invert(is_move)))
    joined = pa.concat_tables([_nothing("events", ("t_ns", "x", "y")), *moves])
    t_ns, x, y = (whole(joined.column(name)) for name in ("t_ns", "x", "y"))
    order = np.argsort(t_ns, kind="stable")
    return _sorted("events", pa.concat_tables(acts)), Moves(t_ns[order], x[order], y[order])


def _read_frames(episode: Episode) -> tuple[pa.Table, list[PartName]]:
    """Give the frames by time, and the file of each."""
    found, parts = [_nothing("frames", _FRAME_COLUMNS)], []
    for part, rows in episode.pieces("frames", _FRAME_COLUMNS):
        found.append(rows)
        parts += [part] * rows.num_rows
    joined = pa.concat_tables(found)
    order = _order("frames", joined)
    return joined.take(indices(order)).combine_chunks(), [parts[at] for at in order]


def _read(episode: Episode, table: Table, columns: tuple[str, ...]) -> pa.Table:
    found = [_nothing(table, columns)]
    found += [rows for _, rows in episode.pieces(table, columns)]
    return _sorted(table, pa.concat_tables(found))


def _nothing(table: Table, columns: tuple[str, ...]) -> pa.Table:
    return empty(pa.schema([SCHEMAS[table].field(name) for name in columns]))


def _sorted(table: Table, rows: pa.Table) -> pa.Table:
    order = _order(table, rows)
    is_sorted = bool((np.diff(order) > 0).all())
    return (rows if is_sorted else rows.take(indices(order))).combine_chunks()


def _order(table: Table, rows: pa.Table) -> Numbers:
    first, second = (whole(rows.column(name)) for name in ORDER[table])
    return np.lexsort((second, first))


def row_of(table: pa.Table, row: int) -> dict[str, Any]:
    """Give one row as a dict."""
    found: dict[str, Any] = table.slice(row, 1).to_pylist()[0]
    return found
