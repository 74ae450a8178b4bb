"""What turning events into steps costs, beside reading the same table once.

`python benchmarks/reduction.py` makes a day of made-up events and prints, for both profiles,
events a second of one core; beside it what a copy of all columns and a bare scan cost in the
same run, so that the figure says something on another machine.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.rounds import best_cpu_s
from recorder.core.events import KeyClass, Kind, Redaction
from recorder.episodes.columns import column
from recorder.episodes.schemas import CONTEXT, EVENTS, FRAMES
from recorder.research.reduction.columns import Flags, Ints, array_of
from recorder.research.reduction.frames import with_frames
from recorder.research.reduction.profiles import Profile
from recorder.research.reduction.reduce import reduce

EVENTS_A_DAY: Final = 1_000_000
GOAL: Final = 2_000_000
"""Events a second and core."""
_DAY_NS: Final = 8 * 3600 * 1_000_000_000
_SCREEN: Final = (1920, 1080)
_WORDS: Final = "the report of this month needs two more figures and a title ".replace(" ", "_")
_NUMPY_TYPES: Final = {pa.int16(), pa.int32(), pa.int64(), pa.float32()}


@dataclass(frozen=True, slots=True)
class Day:
    """A made-up episode."""

    events: pa.Table
    context: pa.Table
    frames: pa.Table


@dataclass(slots=True)
class _Gestures:
    """Rows in the making; one list a column."""

    kinds: list[str]
    keys: list[str | None]
    places: list[tuple[int, int]]


def made_day(events: int = EVENTS_A_DAY, seed: int = 6) -> Day:
    """Make a day: nine moves in ten rows; typing, shortcuts, clicks, drags and scrolling."""
    chance = np.random.default_rng(seed)
    made = _Gestures([], [], [])
    while len(made.kinds) < events:
        _gesture(made, chance)
    for values in (made.kinds, made.keys, made.places):
        del values[events:]
    table = _events(made, chance)
    return Day(table, _context(), _frames())


def _gesture(made: _Gestures, chance: np.random.Generator) -> None:
    """Add one thing that a person does, and the way of the pointer to it."""
    x, y = (int(chance.integers(0, side)) for side in _SCREEN)
    what = chance.random()
    if what < 0.35:  # noqa: PLR2004 - shares of what people do
        _press(made, x, y, drags=what < 0.04)  # noqa: PLR2004 - as above
        moves = 60
    elif what < 0.65:  # noqa: PLR2004 - as above
        for letter in _WORDS[: int(chance.integers(4, 40))]:
            _key(made, "space" if letter == "_" else letter)
        moves = 250
    elif what < 0.85:  # noqa: PLR2004 - as above
        for _ in range(int(chance.integers(2, 20))):
            _add(made, Kind.SCROLL, None, x, y)
        moves = 90
    else:
        _key(made, str(chance.choice(["enter", "backspace", "tab", "down"])))
        moves = 20
    for step in range(moves):
        _add(made, Kind.MOVE, None, x + step % 9, y + step % 7)


def _press(made: _Gestures, x: int, y: int, *, drags: bool) -> None:
    _add(made, Kind.BUTTON_DOWN, None, x, y)
    for step in range(40 if drags else 0):
        _add(made, Kind.MOVE, None, x + step, y)
    _add(made, Kind.BUTTON_UP, None, x + (40 if drags else 0), y)


def _key(made: _Gestures, key: str) -> None:
    for kind in (Kind.KEY_DOWN, Kind.KEY_UP):
        _add(made, kind, key, 0, 0)


def _add(made: _Gestures, kind: Kind, key: str | None, x: int, y: int) -> None:
    made.kinds.append(kind.value)
    made.keys.append(key)
    made.places.append((x, y))


def _events(made: _Gestures, chance: np.random.Generator) -> pa.Table:
    count = len(made.kinds)
    kinds = np.array(made.kinds)
    is_key = np.isin(kinds, [Kind.KEY_DOWN, Kind.KEY_UP])
    places = np.array(made.places)
    t_ns = np.sort(chance.integers(0, _DAY_NS, count))
    is_button = np.isin(kinds, [Kind.BUTTON_DOWN, Kind.BUTTON_UP])
    columns: dict[str, Any] = {
        "episode_id": column(["0" * 26] * count, pa.string()),
        "seq": array_of(np.arange(count), pa.int64()),
        "t_ns": array_of(t_ns, pa.int64()),
        "kind": column(made.kinds, pa.string()),
        "x": array_of(places[:, 0], pa.int32(), ~is_key),
        "y": array_of(places[:, 1], pa.int32(), ~is_key),
        "monitor_id": array_of(np.zeros(count), pa.int16()),
        "button": _words(["left"] * count, is_button),
        "dx": array_of(np.zeros(count), pa.float32(), kinds == Kind.SCROLL),
        "dy": array_of(-np.ones(count), pa.float32(), kinds == Kind.SCROLL),
        "key": column(made.keys, pa.string()),
        "key_class": column([_class(key) for key in made.keys], pa.string()),
        "mods": array_of(np.zeros(count), pa.int16()),
        "is_repeat": _words([False] * count, is_key, pa.bool_()),
        "redaction": column([Redaction.NONE.value] * count, pa.string()),
        "window_seq": array_of(t_ns // (_DAY_NS // 300) + 1, pa.int32()),
    }
    for field in EVENTS:
        columns.setdefault(field.name, pa.nulls(count, field.type))
    return pa.Table.from_arrays([columns[name] for name in EVENTS.names], schema=EVENTS)


def _words(values: Sequence[object], valid: Flags, kind: pa.DataType | None = None) -> pa.Array:
    told = [v if flag else None for v, flag in zip(values, valid.tolist(), strict=True)]
    return column(told, kind or pa.string())


def _class(key: str | None) -> str | None:
    if key is None:
        return None
    named = {"space", "enter", "backspace", "tab"}
    if key == "down":
        return KeyClass.NAVIGATION.value
    return key if key in named else KeyClass.CHAR.value


def _context() -> pa.Table:
    nothing = dict.fromkeys(CONTEXT.names)
    monitor = {"monitor_id": 0, "x": 0, "y": 0, "w": _SCREEN[0], "h": _SCREEN[1], "scale": 1.0}
    rows = [nothing | {"kind": "geometry", "monitors": [monitor | {"is_primary": True}]}]
    rows += [nothing | {"kind": "focus", "app_id": f"app{one % 5}"} for one in range(300)]
    for seq, row in enumerate(rows):
        row |= {"episode_id": "0" * 26, "seq": seq, "t_ns": max(seq - 1, 0) * _DAY_NS // 300}
    return pa.Table.from_pylist(rows, schema=CONTEXT)


def _frames() -> pa.Table:
    """Make frames without pictures: one every three seconds."""
    t_ns = np.arange(0, _DAY_NS, 3_000_000_000)
    values: dict[str, Ints] = {name: np.zeros(len(t_ns), np.int64) for name in FRAMES.names}
    values |= {"frame_id": np.arange(len(t_ns)), "t_grab_end_ns": t_ns}
    values |= {"width": values["width"] + _SCREEN[0], "height": values["height"] + _SCREEN[1]}
    fields = [field for field in FRAMES if field.type in _NUMPY_TYPES and "dup" not in field.name]
    arrays = [array_of(values[field.name], field.type) for field in fields]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _copied(events: pa.Table) -> int:
    """Copy every column."""
    whole = pa.Array.from_buffers(
        pa.int64(), events.num_rows, [None, pa.py_buffer(np.arange(events.num_rows).tobytes())]
    )
    return int(events.take(whole).num_rows)


def _scanned(events: pa.Table) -> int:
    """Look at the kind of every row once."""
    return int(pc.sum(pc.equal(events.column("kind"), "move")).as_py())


def measured(day: Day) -> dict[str, object]:
    """Give what each act costs."""
    pa.set_cpu_count(1)  # figures are a core's
    reduced = {profile: reduce(day.events, day.context, profile=profile) for profile in Profile}
    acts: dict[str, Callable[[], object]] = {
        f"reduce, {profile}": partial(reduce, day.events, day.context, profile=profile)
        for profile in Profile
    }
    acts |= {
        "join frames": partial(with_frames, reduced[Profile.RECORDER], day.frames),
        "copy all columns": partial(_copied, day.events),
        "scan one column": partial(_scanned, day.events),
    }
    rows = day.events.num_rows
    best = best_cpu_s(acts)
    return {
        "events": rows,
        "steps": {str(profile): found.steps.num_rows for profile, found in reduced.items()},
        "events_per_s": {name: round(rows / took_s) for name, took_s in best.items()},
        "times_a_copy": round(best["reduce, recorder"] / best["copy all columns"], 2),
        "goal_per_s": GOAL,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--events", type=int, default=EVENTS_A_DAY)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measured(made_day(given.events))
    if given.json:
        print(json.dumps(found))
        return
    print(f"{found['events']:,} events, steps: {found['steps']}")
    speeds: Any = found["events_per_s"]
    for name, speed in speeds.items():
        print(f"{name:<22} {speed:>14,} events a second and core")
    print(f"reduce takes {found['times_a_copy']} times a copy; goal {GOAL:,} a second")


if __name__ == "__main__":
    main()
