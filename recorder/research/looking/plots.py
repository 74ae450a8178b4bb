"""A dataset's figures as bar charts in PNG files, drawn with Pillow."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from recorder.research.looking.stats import Stats
from recorder.research.report_pages import visible

_WIDTH: Final = 1200
_ROW: Final = 40
_TOP: Final = 90
_LEFT: Final = 330
_RIGHT: Final = 190
_MOST: Final = 20
_INK: Final = (26, 26, 26)
_PALE: Final = (226, 226, 226)
_COLOURS: Final = ((0, 90, 156), (230, 159, 0))
"""Blue for what can be learned from, orange for the rest: told apart by colour-blind eyes too
(Okabe and Ito, 2008)."""


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart: a bar a row, each of one or two parts.

    Attributes:
        parts: Names of the parts; () for bars of one part.
        rows: Name, length of each part, and what stands behind the bar.
    """

    title: str
    parts: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float, ...], str], ...]


def plots(stats: Stats) -> dict[str, bytes]:
    """Give PNG files by name, without those that would be empty."""
    use = ("trainable", "not trainable")
    charts = {
        "actions.png": Bars("Steps by action", use, tuple(
            (one.action_type, (one.trainable, one.steps - one.trainable), f"{one.steps:,}")
            for one in stats.actions
        )),
        "apps.png": Bars("Steps by app", use, tuple(
            (one.app_id or "(no window)", (one.trainable, one.steps - one.trainable), f"{one.steps:,}")
            for one in stats.apps
        )),
        "splits.png": Bars("Steps by split", (), tuple(
            (one.split, (one.steps,), f"{one.steps:,}, {one.participants:,} people")
            for one in stats.splits
        )),
        "frame_age.png": Bars("Age of the picture before the action, ms", (), tuple(
            (name, (max(0.0, value),), f"{value:,.0f}") for name, value in stats.lag_ms.items()
        )),
        "missing.png": Bars("Minutes in front, and missing, by app", ("in front", "missing"), tuple(
            (
                one.app_id or "(no window)",
                (one.focus_s / 60, sum(one.missing_s.values()) / 60),
                f"{one.focus_s / 60:,.1f} and {sum(one.missing_s.values()) / 60:,.1f}",
            )
            for one in stats.bias
        )),
    }  # fmt: skip
    return {name: drawn(chart) for name, chart in charts.items() if chart.rows}


def drawn(chart: Bars) -> bytes:
    """Give a chart as PNG; its longest 20 rows."""
    rows = chart.rows[:_MOST]
    picture = Image.new("RGB", (_WIDTH, _TOP + _ROW * len(rows) + 30), "white")
    draw = ImageDraw.Draw(picture)
    left = len(chart.rows) - len(rows)
    more = f" (and {left} more)" if left else ""
    draw.text((30, 24), chart.title + more, _INK, _font(26))
    _draw_names(draw, chart.parts)
    longest = max((sum(lengths) for _, lengths, _ in rows), default=0) or 1
    for at, row in enumerate(rows):
        _draw_row(draw, _TOP + at * _ROW, row, (_WIDTH - _LEFT - _RIGHT) / longest)
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _draw_names(draw: ImageDraw.ImageDraw, parts: Sequence[str]) -> None:
    x = _LEFT
    for name, colour in zip(parts, _COLOURS, strict=False):
        draw.rectangle((x, 66, x + 14, 80), colour)
        draw.text((x + 22, 62), name, _INK, _font(16))
        x += 50 + int(draw.textlength(name, _font(16)))


def _draw_row(
    draw: ImageDraw.ImageDraw, y: int, row: tuple[str, tuple[float, ...], str], scale: float
) -> None:
    name, lengths, told = row
    draw.line((_LEFT, y, _LEFT, y + _ROW), _PALE)
    draw.text((_LEFT - 12, y + _ROW / 2), _fitted(draw, name), _INK, _font(17), anchor="rm")
    x = float(_LEFT)
    for length, colour in zip(lengths, _COLOURS, strict=False):
        if length > 0:
            draw.rectangle((x, y + 8, x + max(1.0, length * scale), y + _ROW - 8), colour)
            x += length * scale
    draw.text((x + 10, y + _ROW / 2), told, _INK, _font(16), anchor="lm")


def _fitted(draw: ImageDraw.ImageDraw, name: str) -> str:
    """Give as much of a name as fits before the bars."""
    shown = visible(" ".join(name.split()))
    while len(shown) > 1 and draw.textlength(shown, _font(17)) > _LEFT - 40:
        shown = shown[:-2] + "…"
    return shown


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
