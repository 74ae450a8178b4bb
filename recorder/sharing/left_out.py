"""What of the approved times a study does not get, in words for the person."""

from collections.abc import Mapping
from typing import Final

from recorder.core.amounts import count_text
from recorder.core.losses import Loss

_WHY: Final = {
    Loss.OTHER_WINDOWS: "also showed windows of other programs: left out",
    Loss.UNKNOWN_CONTEXT: "may also show windows of other programs, which was not noted: left out",
}


def left_out_lines(counts: Mapping[Loss, int]) -> list[str]:
    """Give a line for each reason for which pictures do not go."""
    return [
        f"{count_text(counts[reason], 'picture')} {why}"
        for reason, why in _WHY.items()
        if counts.get(reason)
    ]
