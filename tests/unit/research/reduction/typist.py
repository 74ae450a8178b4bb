"""Made-up events: a person who types, clicks and scrolls, row by row."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from recorder.episodes.schemas import CONTEXT, EVENTS, FRAMES

MS = 1_000_000
EPISODE = "01HZZZZZZZZZZZZZZZZZZZZZZZ"


def table(rows: Sequence[Mapping[str, Any]], schema: pa.Schema, **usual: object) -> pa.Table:
    """Give rows as a table; columns that a row does not name are null."""
    nothing = dict.fromkeys(schema.names) | {"episode_id": EPISODE} | usual
    return pa.Table.from_pylist([{**nothing, **row} for row in rows], schema=schema)


class Typist:
    """Does one thing after the other, 20 ms apart."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.t_ns = 0

    def add(self, kind: str, **values: object) -> "Typist":
        """Add a row."""
        self.t_ns += 20 * MS
        row = {"seq": len(self.rows), "t_ns": self.t_ns, "kind": kind, "redaction": "none"}
        self.rows.append(row | {"mods": 0} | values)
        return self

    def wait(self, ms: int) -> "Typist":
        """Do nothing."""
        self.t_ns += ms * MS
        return self

    def key(self, key: str | None, sort: str = "char", **values: object) -> "Typist":
        """Press and release a key."""
        values |= {"key": key, "key_class": sort}
        return self.add("key_down", **values).add("key_up", **values)

    def write(self, text: str) -> "Typist":
        """Type; `<` is backspace."""
        for letter in text:
            name = {" ": "space", "<": "backspace", "\n": "enter"}.get(letter)
            self.key(name or letter, name or "char")
        return self

    def click(self, x: int, y: int, button: str = "left", **values: object) -> "Typist":
        """Press and release a button."""
        return self.drag((x, y), (x, y), button, **values)

    def drag(
        self, start: tuple[int, int], end: tuple[int, int], button: str = "left", **values: object
    ) -> "Typist":
        """Press a button, move and release it."""
        at = [{"x": x, "y": y, "button": button} | values for x, y in (start, end)]
        self.add("button_down", **at[0])
        if start != end:
            self.add("move", x=(start[0] + end[0]) // 2, y=start[1])
        return self.add("button_up", **at[1])

    def scroll(self, dy: float, dx: float = 0.0, **values: object) -> "Typist":
        """Turn the wheel."""
        return self.add("scroll", x=5, y=5, dx=dx, dy=dy, **values)

    def holding(self, key: str, bit: int, *letters: str) -> "Typist":
        """Press keys while a modifier is held."""
        self.add("key_down", key=key, key_class="modifier")
        for letter in letters:
            self.key(letter, mods=bit)
        return self.add("key_up", key=key, key_class="modifier", mods=bit)

    @property
    def events(self) -> pa.Table:
        """All rows."""
        return table(self.rows, EVENTS)


def monitor(number: int, x: int, y: int, w: int, h: int) -> dict[str, object]:
    """Give a monitor as rows of geometry hold it."""
    return {
        "monitor_id": number, "x": x, "y": y, "w": w, "h": h, "scale": 1.0,
        "is_primary": number == 0,
    }  # fmt: skip


def context(*rows: Mapping[str, Any]) -> pa.Table:
    """Give context of one monitor of 1000 by 500 pixels from the start, then these rows."""
    first = {"kind": "geometry", "t_ns": 0, "monitors": [monitor(0, 0, 0, 1000, 500)]}
    return table([{**row, "seq": seq} for seq, row in enumerate((first, *rows))], CONTEXT)


def frames(*rows: Mapping[str, Any]) -> pa.Table:
    """Give frames of that monitor; `ms` is when the grab ended."""
    usual = {
        "monitor_id": 0, "width": 1000, "height": 500, "origin_x": 0, "origin_y": 0, "scale": 1.0,
        "triggers": [], "sha256": "", "phash64": 0, "level": "redacted", "redacted_boxes": [],
    }  # fmt: skip
    made = []
    for number, row in enumerate(rows):
        end_ns = row["ms"] * MS
        picture = {"bytes": f"picture {number}".encode(), "path": None}
        told = {"frame_id": number, "t_grab_start_ns": end_ns, "t_grab_end_ns": end_ns}
        rest = {name: value for name, value in row.items() if name != "ms"}
        made.append(told | {"image": picture} | rest)
    return table(made, FRAMES, **usual)
