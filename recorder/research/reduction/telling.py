"""What is told of each step, column by column."""

from collections import Counter
from typing import Any, Final

import numpy as np
import pyarrow as pa

from recorder.episodes.columns import column, empty
from recorder.research.reduction.acts import Act, Point, mod_names
from recorder.research.reduction.columns import Flags, Floats, Ints, array_of, taken, whole
from recorder.research.reduction.doing import REASONS, Doing
from recorder.research.reduction.paths import paths_of
from recorder.research.reduction.places import NOWHERE, Places, arranged_ns, places_of
from recorder.research.reduction.pyautogui_lines import pyautogui_code
from recorder.research.reduction.reduced import Counts, LeftOut, Reduced
from recorder.research.reduction.schema import REDUCER_VERSION, STEPS, ActionType
from recorder.research.reduction.stepping import Whole
from recorder.research.reduction.typed import texts
from recorder.research.reduction.windows import instructions_at, windows_at

_MS: Final = 1_000_000
_INT32_MAX: Final = 2**31 - 1
_CLICKS: Final[dict[int, ActionType]] = {1: "click", 2: "double_click", 3: "triple_click"}
_TARGETS: Final = (
    "target_role", "target_name", "target_x", "target_y", "target_w", "target_h",
)  # fmt: skip
_PLAIN: Final = {Doing.SCROLL: "scroll", Doing.CHAR: "type", Doing.KEY: "key"}


def told(all_of: Whole) -> Reduced:
    """Give the table of steps and what was left out."""
    rows, steps = all_of.found.rows, all_of.steps
    start, end, monitors = _where(all_of)
    off_monitor = int((_is_off(all_of, start) | _is_off_end(all_of, end)).sum())
    counts = _counts(all_of, off_monitor)
    arranged = arranged_ns(all_of.scenery.screens, rows.t_ns[steps.row])
    since_ns = np.maximum(rows.since_ns[steps.row], arranged)
    if not len(steps.row):
        return Reduced(empty(STEPS), monitors, since_ns, counts)
    columns = _identity(all_of) | _times(all_of) | _action(all_of) | _position(all_of, start, end)
    columns |= {name: taken(rows.table.column(name), steps.row) for name in _TARGETS}
    columns |= _surroundings(all_of)
    columns["code_pyautogui"] = _code(columns, start, end)
    nulls = {f.name: pa.nulls(len(steps.row), f.type) for f in STEPS if f.name not in columns}
    columns |= nulls
    table = pa.Table.from_arrays([columns[name] for name in STEPS.names], schema=STEPS)
    return Reduced(table, monitors, since_ns, counts)


def _counts(all_of: Whole, off_monitor: int) -> Counts:
    deeds, steps, found = all_of.deeds, all_of.steps, all_of.found
    reasons = Counter(deeds.reason[deeds.reason >= 0].tolist())
    left_out = {REASONS[number]: count for number, count in sorted(reasons.items())}
    erased = int(steps.erased.sum())
    if erased:
        left_out[LeftOut.ERASED] = erased
    return Counts(
        events=found.events,
        moves=found.events - len(found.rows.seq),
        left_out=left_out,
        off_monitor=off_monitor,
        clock_back=found.clock_back,
    )


def _where(all_of: Whole) -> tuple[Places, Places, Ints]:
    """Give where steps begin and end, and on which monitor they happen."""
    rows, row, screens = all_of.found.rows, all_of.steps.row, all_of.scenery.screens
    named = whole(rows.table, "monitor_id")[row]
    t_ns = rows.t_ns[row]
    start = places_of(screens, t_ns, rows.x[row], rows.y[row], named)
    has_place = all_of.has_place
    start = Places(
        np.where(has_place, start.monitor, NOWHERE),
        np.where(has_place, start.x, np.nan),
        np.where(has_place, start.y, np.nan),
    )
    last = np.where(all_of.is_drag, all_of.deeds.other[row], row)
    end = places_of(screens, t_ns, rows.x[last], rows.y[last], start.monitor)
    there = all_of.is_drag & (end.monitor == start.monitor)
    end = Places(end.monitor, np.where(there, end.x, np.nan), np.where(there, end.y, np.nan))
    is_known = has_place & (np.searchsorted(screens.t_ns, t_ns, side="right") > 0)
    return start, end, np.where(is_known, start.monitor, named)


def _is_off(all_of: Whole, start: Places) -> Flags:
    return all_of.has_place & np.isnan(start.x)


def _is_off_end(all_of: Whole, end: Places) -> Flags:
    return all_of.is_drag & np.isnan(end.x)


def _identity(all_of: Whole) -> dict[str, Any]:
    count = len(all_of.steps.row)
    words = {
        "episode_id": all_of.found.episode_id, "participant_id": "", "split": "",
        "reducer_version": REDUCER_VERSION,
    }  # fmt: skip
    found = {name: column([word] * count, pa.string()) for name, word in words.items()}
    return found | {"step_index": array_of(np.arange(count), pa.int32())}


def _times(all_of: Whole) -> dict[str, Any]:
    """Tell when, and which rows; modifiers count as rows and say nothing of the time."""
    rows, steps = all_of.found.rows, all_of.steps
    first_seq, start_ns = rows.seq[steps.row], rows.t_ns[steps.row]
    last_seq, end_ns = first_seq.copy(), start_ns.copy()
    at = np.flatnonzero((steps.of_row >= 0) & ~all_of.deeds.is_modifier)
    whose = steps.of_row[at]
    np.maximum.at(end_ns, whose, rows.t_ns[at])
    until = np.append(first_seq[1:], np.iinfo(np.int64).max)
    before = rows.seq[at] < until[whose]
    np.maximum.at(last_seq, whose[before], rows.seq[at][before])
    n_events = np.bincount(steps.of_row[steps.of_row >= 0], minlength=len(steps.row))
    duration_ms = np.minimum((end_ns - start_ns) // _MS, _INT32_MAX)
    return {
        "t_start_ns": array_of(start_ns, pa.int64()),
        "t_end_ns": array_of(end_ns, pa.int64()),
        "first_seq": array_of(first_seq, pa.int64()),
        "last_seq": array_of(last_seq, pa.int64()),
        "n_events": array_of(n_events, pa.int32()),
        "duration_ms": array_of(duration_ms, pa.int32()),
        "frame_id": taken(rows.table.column("frame_id"), steps.row),
    }


def _action(all_of: Whole) -> dict[str, Any]:
    """Tell what was done."""
    rows, steps, groups = all_of.found.rows, all_of.steps, all_of.groups
    is_press, is_type = steps.doing == Doing.PRESS, steps.doing == Doing.CHAR
    is_scroll = steps.doing == Doing.SCROLL
    buttons = [*rows.buttons, None]
    text: list[str | None] = [None] * len(steps.row)
    typed = np.flatnonzero(is_type)
    found = texts(groups.shown, groups.survives, groups.number, steps.group[typed])
    for one, word in zip(typed.tolist(), found, strict=True):
        text[one] = word
    counted = (is_press & ~all_of.is_drag) | (steps.doing == Doing.KEY)
    redacted = np.zeros(len(steps.row), np.bool_)
    redacted[steps.of_row[rows.is_redacted & (steps.of_row >= 0)]] = True
    return {
        "action_type": column(_types(all_of), pa.string()),
        "button": column(
            [buttons[one] for one in np.where(is_press, rows.button[steps.row], -1).tolist()],
            pa.string(),
        ),
        "clicks": array_of(steps.deeds, pa.int16(), counted),
        "text": column(text, pa.string()),
        "keys": column(_keys(all_of), pa.list_(pa.string())),
        "scroll_dx": array_of(_summed(all_of, rows.dx), pa.float32(), is_scroll),
        "scroll_dy": array_of(_summed(all_of, rows.dy), pa.float32(), is_scroll),
        "redacted": pa.array(redacted),
    }


def _types(all_of: Whole) -> list[str]:
    steps = all_of.steps
    told = zip(steps.doing.tolist(), steps.deeds.tolist(), all_of.is_drag.tolist(), strict=True)
    return [
        _PLAIN[doing] if doing in _PLAIN else "drag" if is_drag else _CLICKS[deeds]
        for doing, deeds, is_drag in told
    ]


def _keys(all_of: Whole) -> list[list[str] | None]:
    """Give the keys pressed, or held during a click: modifiers first."""
    rows, steps = all_of.found.rows, all_of.steps
    mods = all_of.deeds.mods[steps.row].tolist()
    named = np.where(steps.doing == Doing.KEY, rows.key[steps.row], -1).tolist()
    is_type = (steps.doing == Doing.CHAR).tolist()
    return [
        None if typed else [*mod_names(held), *([rows.keys[key]] if key >= 0 else [])] or None
        for held, key, typed in zip(mods, named, is_type, strict=True)
    ]


def _summed(all_of: Whole, values: Floats) -> Floats:
    groups = all_of.groups
    sums = np.bincount(groups.number, weights=values[groups.at]).astype(np.float64)
    return sums[all_of.steps.group]


def _position(all_of: Whole, start: Places, end: Places) -> dict[str, Any]:
    """Tell where it was done, in pixels of the desktop and as shares of the monitor."""
    rows, row, is_drag = all_of.found.rows, all_of.steps.row, all_of.is_drag
    last = np.where(is_drag, all_of.deeds.other[row], row)
    told: dict[str, Any] = {
        "x_px": array_of(rows.x[row], pa.int32(), all_of.has_place),
        "y_px": array_of(rows.y[row], pa.int32(), all_of.has_place),
        "end_x_px": array_of(rows.x[last], pa.int32(), is_drag),
        "end_y_px": array_of(rows.y[last], pa.int32(), is_drag),
    }
    for name, values in (("", start), ("end_", end)):
        for side, shares in (("x", values.x), ("y", values.y)):
            told[f"{name}{side}_norm"] = array_of(shares, pa.float64(), ~np.isnan(shares))
    if all_of.rules.keeps_path:
        told["path"] = paths_of(all_of.found, row, last, is_drag)
    return told


def _surroundings(all_of: Whole) -> dict[str, Any]:
    """Tell the window and the task it was done in."""
    rows, row, scenery = all_of.found.rows, all_of.steps.row, all_of.scenery
    at = windows_at(scenery, whole(rows.table, "window_seq")[row], rows.t_ns[row])
    return {
        "app_id": taken(scenery.table.column("app_id"), at),
        "window_title": taken(scenery.table.column("window_title"), at),
        "instruction": instructions_at(scenery, rows.t_ns[row]),
    }


def _code(columns: dict[str, Any], start: Places, end: Places) -> pa.Array:
    told = [columns[name].to_pylist() for name in Act._fields[:_PLACED]]
    acts = map(Act, *told, _points(start), _points(end))
    return column([pyautogui_code(act) for act in acts], pa.string())


_PLACED: Final = Act._fields.index("start")


def _points(places: Places) -> list[Point | None]:
    return [
        None if x != x else (x, y)  # noqa: PLR0124 - only nan differs from itself
        for x, y in zip(places.x.tolist(), places.y.tolist(), strict=True)
    ]
