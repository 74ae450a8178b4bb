"""Where drags went: from press over every move to release."""

from typing import Final

import numpy as np
import pyarrow as pa

from recorder.research.reduction.columns import Flags, Ints, array_of
from recorder.research.reduction.rows import Input
from recorder.research.reduction.schema import PATH

_MS: Final = 1_000_000


def paths_of(found: Input, press: Ints, release: Ints, is_drag: Flags) -> pa.Array:
    """Give the path of each step that is a drag, null for others.

    `press`, `release`: the rows in which each step begins, and each drag ends.
    """
    rows, moves = found.rows, found.moves
    drags = np.flatnonzero(is_drag)
    lows = np.searchsorted(moves.seq, rows.seq[press[drags]])
    highs = np.searchsorted(moves.seq, rows.seq[release[drags]])
    pieces: dict[str, list[Ints]] = {"t_ns": [], "x": [], "y": []}
    sizes = np.zeros(len(press), np.int64)
    sizes[drags] = highs - lows + 2
    for drag, low, high in zip(drags.tolist(), lows.tolist(), highs.tolist(), strict=True):
        one, other = press[drag : drag + 1], release[drag : drag + 1]
        begun_ns = rows.t_ns[one]
        pieces["t_ns"] += [rows.t_ns[one] - begun_ns, moves.t_ns[low:high] - begun_ns]
        pieces["t_ns"].append(rows.t_ns[other] - begun_ns)
        pieces["x"] += [rows.x[one], moves.x[low:high], rows.x[other]]
        pieces["y"] += [rows.y[one], moves.y[low:high], rows.y[other]]
    return _lists(pieces, sizes, is_drag)


def _lists(pieces: dict[str, list[Ints]], sizes: Ints, is_drag: Flags) -> pa.Array:
    t_ns, x, y = (np.concatenate([np.empty(0, np.int64), *pieces[name]]) for name in pieces)
    children = [array_of(values, pa.int32()) for values in (t_ns // _MS, x, y)]
    points = pa.StructArray.from_arrays(children, fields=list(PATH.value_type))
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    valid = pa.py_buffer(np.packbits(is_drag, bitorder="little").tobytes())
    return pa.Array.from_buffers(
        PATH, len(sizes), [valid, pa.py_buffer(offsets.tobytes())], children=[points]
    )
