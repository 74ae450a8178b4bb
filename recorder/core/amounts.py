"""Sizes and counts as people read them."""

from typing import Final

_KB: Final = 1_000


def size_text(size_bytes: int) -> str:
    """Give a size as 820 kB, 3.4 MB or 1.2 GB."""
    if size_bytes < _KB**2:
        return f"{round(size_bytes / _KB) or min(1, size_bytes)} kB"
    unit, text = (_KB**2, "MB") if size_bytes < _KB**3 else (_KB**3, "GB")
    return f"{size_bytes / unit:.1f} {text}"


def count_text(count: int, one: str, many: str = "") -> str:
    """Give a count with its noun: 1 click, 1,200 clicks."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
