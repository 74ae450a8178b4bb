"""Where a pixel of the virtual desktop lies on a monitor, by the geometry in force."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from recorder.core.geometry import Monitor, Rect
from recorder.research.reduction.columns import Flags, Floats, Ints, WrongTable

NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Screens:
    """The monitors from each change on; `t_ns` and `monitors` have one length."""

    t_ns: Ints
    monitors: tuple[tuple[Monitor, ...], ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Pixels on monitors; arrays of one length. `monitor` -1 and `x`, `y` nan: on none."""

    monitor: Ints
    x: Floats
    y: Floats


def screens_of(context: pa.Table, t_ns: Ints, is_geometry: Flags) -> Screens:
    """Give the monitors that rows of `context` tell.

    Raises:
        WrongTable: A monitor is not told wholly.
    """
    rows = context.column("monitors")
    at = np.flatnonzero(is_geometry)
    told = (rows[int(one)].as_py() or () for one in at)
    return Screens(t_ns[at], tuple(tuple(map(_monitor, monitors)) for monitors in told))


def arranged_ns(screens: Screens, t_ns: Ints) -> Ints:
    """Give since when the monitors have been as they are at each time; -2**63: ever."""
    told = screens.monitors
    changes = screens.t_ns[[at for at in range(1, len(told)) if told[at] != told[at - 1]]]
    ever = np.array([np.iinfo(np.int64).min])
    return np.append(ever, changes)[np.searchsorted(changes, t_ns, side="right")]


def _monitor(told: dict[str, int | None]) -> Monitor:
    number, x, y, w, h = (told[name] for name in ("monitor_id", "x", "y", "w", "h"))
    if number is None or x is None or y is None or w is None or h is None:
        raise WrongTable("context", "has a monitor without its number or area in monitors")
    return Monitor(number, Rect(x, y, w, h))


def places_of(screens: Screens, t_ns: Ints, x: Ints, y: Ints, preferred: Ints) -> Places:
    """Give the monitor under each pixel and where on it, 0 to 1.

    `preferred`: the monitor that the event names, -1 for none. It decides where two show the
    same pixels.
    """
    found = Places(np.full(len(x), NOWHERE), np.full(len(x), np.nan), np.full(len(x), np.nan))
    change = np.searchsorted(screens.t_ns, t_ns, side="right") - 1
    for number in np.unique(change[change >= 0]):
        for monitor in screens.monitors[number]:
            area = monitor.rect
            if area.is_empty:
                continue
            inside = (x >= area.x) & (x < area.right) & (y >= area.y) & (y < area.bottom)
            named = preferred == monitor.monitor_id
            at = (change == number) & inside & ((found.monitor == NOWHERE) | named)
            found.monitor[at] = monitor.monitor_id
            found.x[at] = (x[at] - area.x) / area.w
            found.y[at] = (y[at] - area.y) / area.h
    return found
