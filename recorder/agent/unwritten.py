"""Released rows whose folder is gone for now: they wait in memory until it is back."""

from recorder.agent.flow import Released
from recorder.core.losses import Loss, Losses

NOTHING_RELEASED = Released((), (), ())


class Unwritten:
    """Used by the writer's thread. Little comes in: a folder that is gone pauses within a second.

    Args:
        losses: Where what is given up is counted.
    """

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._rows = NOTHING_RELEASED

    def take_with(self, more: Released) -> Released:
        """Give all that waits, and what came since behind it; nothing waits any more."""
        rows, self._rows = self._rows, NOTHING_RELEASED
        return Released(
            rows.context + more.context, rows.events + more.events, rows.frames + more.frames
        )

    def keep(self, rows: Released) -> None:
        """Let these wait."""
        self._rows = rows

    def give_up(self) -> None:
        """Drop what waits, and count it."""
        self.lose(self.take_with(NOTHING_RELEASED), Loss.WRITE_FAILED)

    def lose(self, rows: Released, reason: Loss) -> None:
        """Count rows that are not written."""
        self._losses.add("input", reason, len(rows.events))
        self._losses.add("screen", reason, len(rows.frames))
