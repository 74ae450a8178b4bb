"""Sizes and counts as people read and write them."""

import re
from typing import Final

_KB: Final = 1_000
_SIZE: Final = re.compile(r"\s*(\d{1,12}(?:\.\d{1,3})?)\s*([kMGT]?)B?\s*", re.IGNORECASE)
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def size_text(size_bytes: int) -> str:
    """Give a size as 820 kB, 3.4 MB or 1.2 GB."""
    if size_bytes < _KB**2:
        return f"{round(size_bytes / _KB) or min(1, size_bytes)} kB"
    unit, text = (_KB**2, "MB") if size_bytes < _KB**3 else (_KB**3, "GB")
    return f"{size_bytes / unit:.1f} {text}"


def size_in(text: str) -> int | None:
    """Give the bytes of 500MB, 2 GB or 1000000, in powers of a thousand; None when it is no size."""
    found = _SIZE.fullmatch(text)
    return int(float(found[1]) * _KB ** _POWERS[found[2].lower()]) if found else None


def count_text(count: int, one: str, many: str = "") -> str:
    """Give a count with its noun: 1 click, 1,200 clicks."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
