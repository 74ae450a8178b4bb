"""How far behind a deletion rows may still refer to what went.

An event refers to the newest frame of a monitor and to the window in force. Once later ones
than those that went are referred to, the older ones never are again.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import pyarrow as pa


class Reach:
    """Watches the events behind a deletion, file by file, until nothing can refer back.

    Args:
        frames: Ids of frames that went.
        monitors: {frame: its monitor}, of those frames and later ones.
        context: Numbers of rows of context that went.
    """

    def __init__(
        self, frames: AbstractSet[int], monitors: Mapping[int, int], context: AbstractSet[int]
    ) -> None:
        self._frames = frames
        self._context = context
        self._monitors = monitors
        self._open: dict[int, int] = {}
        for one in frames:
            monitor = monitors[one]
            self._open[monitor] = max(one, self._open.get(monitor, one))
        self._last_window = max(context, default=None)

    @property
    def is_over(self) -> bool:
        """Whether no later event can refer to what went."""
        return not self._open and self._last_window is None

    def sees(self, rows: pa.Table) -> bool:
        """Tell whether rows refer to what went, and take note of how far they are."""
        frames = set(rows.column("frame_id").to_pylist())
        windows = set(rows.column("window_seq").to_pylist())
        for one in frames:
            monitor = self._monitors.get(one, -1)
            if one is not None and one > self._open.get(monitor, one):
                del self._open[monitor]
        if self._last_window is not None:
            last = max((one for one in windows if one is not None), default=-1)
            self._last_window = None if last > self._last_window else self._last_window
        return not (self._frames.isdisjoint(frames) and self._context.isdisjoint(windows))
