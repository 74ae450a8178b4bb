"""A report as Markdown and as HTML, both made from the same parts.

Text that others wrote (names in a notice, reasons) is escaped in both, and characters that
cannot be seen are shown as a mark.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_MARKDOWN: Final = str.maketrans(
    {c: f"\\{c}" for c in "\\`*_[]|~#"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: headings and rows of text."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report: sentences, then a table where there is one."""

    title: str
    sentences: tuple[str, ...]
    grid: Grid | None = None


def as_markdown(title: str, parts: Sequence[Part]) -> str:
    """Give the report as Markdown."""
    blocks = [f"# {_safe(title)}"]
    for part in parts:
        blocks.append(f"## {_safe(part.title)}")
        blocks += [_safe(sentence) for sentence in part.sentences]
        if part.grid is not None:
            blocks.append(_grid(part.grid))
    return "\n\n".join(blocks) + "\n"


def as_text(parts: Sequence[Part]) -> str:
    """Give the parts for a terminal: tables with their columns in line."""
    blocks = []
    for part in parts:
        lines = [part.title, *part.sentences]
        if part.grid is not None:
            rows = [part.grid.heads, *part.grid.rows]
            wide = [max(len(row[at]) for row in rows) for at in range(len(part.grid.heads))]
            lines += ["  " + _line(row, wide) for row in rows]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def as_html(title: str, parts: Sequence[Part]) -> str:
    """Give the report as one HTML page that loads nothing and runs nothing."""
    return pages().get_template("report.html").render(title=title, parts=parts)


def pages() -> Environment:
    """Give the room's templates: what is put in is escaped, its hidden characters shown."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _line(row: Sequence[str], wide: Sequence[int]) -> str:
    """Give a row of a table: the first column to the left, figures to the right."""
    rest = (cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True))
    return "  ".join([row[0].ljust(wide[0]), *rest]).rstrip()


def _grid(grid: Grid) -> str:
    lines = [grid.heads, tuple("---" for _ in grid.heads), *grid.rows]
    return "\n".join(
        "| " + " | ".join(cell if at == 1 else _safe(cell) for cell in line) + " |"
        for at, line in enumerate(lines)
    )


def _safe(text: str) -> str:
    """Give text that Markdown shows as it is, in one line."""
    plain = visible(" ".join(text.split())).translate(_MARKDOWN)
    return plain.replace("://", r":\//").replace("www.", r"www\.")


def visible(value: object) -> str:
    """Give text without control and bidi characters, which could change what is read."""
    return "".join(
        "\ufffd" if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else c
        for c in str(value)
    )
