"""An episode as one page to look at: pictures, what was typed, windows, tasks, by time.

Without scripts and without anything from elsewhere. What was captured is hostile input: all
of it is escaped, and the page may load its own pictures only.
"""

import html
import unicodedata
from collections.abc import Iterator
from heapq import merge
from pathlib import Path
from typing import Final

import pyarrow.compute as pc

from recorder.core.context import ContextKind
from recorder.episodes.marking import parts_of, read_part
from recorder.episodes.reader import Episode
from recorder.episodes.selection import WINDOW_KINDS
from recorder.episodes.table_files import DamagedFile
from recorder.episodes.typed_lines import typed_lines
from recorder.files import private_folder, whole_file, write_whole

_IMAGES: Final = "images"
_LONGEST: Final = 2_000
_HEAD: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><title>Episode {name}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }}
ol {{ list-style: none; padding: 0; }} li {{ margin: 0 0 1rem; overflow-wrap: anywhere; }}
img {{ max-width: 100%; height: auto; border: 1px solid; }} time {{ font-variant-numeric: tabular-nums; }}
</style></head><body><main><h1>Episode {name}</h1>
<p>A plain copy: redacted when it was recorded, and not encrypted. Whoever gets it can read it.</p>
<ol>
"""
_GONE: Final = "its picture was removed, or cannot be read"
_TAIL: Final = "</ol></main></body></html>\n"

_Entry = tuple[int, str]
"""Time and the HTML of one line."""


def write_page(episode: Episode, target: Path) -> None:
    """Write `index.html` and its pictures into a folder, 0600.

    Raises:
        OSError: It is not complete.
    """
    private_folder(target / _IMAGES)
    entries = merge(_windows(episode), _typed(episode), _frames(episode, target))
    with whole_file(target / "index.html") as file:
        file.write(_HEAD.format(name=html.escape(episode.episode_id)).encode())
        for t_ns, text in entries:
            file.write(f"<li><time>{_clock(t_ns)}</time> {text}</li>\n".encode())
        file.write(_TAIL.encode())


def _windows(episode: Episode) -> Iterator[_Entry]:
    columns = (
        "t_ns", "kind", "app_id", "app_name", "window_title", "url_host", "instruction", "outcome",
    )  # fmt: skip
    for row in episode.read("context", columns).to_pylist():
        if row["kind"] in WINDOW_KINDS and row["app_id"]:
            said = _joined(row["app_name"] or row["app_id"], row["window_title"], row["url_host"])
            yield row["t_ns"], f"<strong>Window</strong> {said}"
        elif row["kind"] == ContextKind.TASK:
            said = _joined(row["instruction"], row["outcome"])
            yield row["t_ns"], f"<strong>Task</strong> {said}"


def _typed(episode: Episode) -> Iterator[_Entry]:
    for line in typed_lines(episode):
        if line.text:
            yield line.start_ns, f"<strong>Typed</strong> {_safe(line.text)}"


def _frames(episode: Episode, target: Path) -> Iterator[_Entry]:
    """Write the pictures and give their lines, file by file; not of those that are gone."""
    seen = episode.read("frames", ("frame_id", "dup_of_frame_id"))
    pictured = set(seen.filter(pc.is_null(seen.column("dup_of_frame_id")))["frame_id"].to_pylist())
    for part in parts_of(episode, "frames"):
        try:
            rows = read_part(
                episode, part, ["frame_id", "t_grab_end_ns", "dup_of_frame_id", "image"]
            )
        except DamagedFile:
            continue
        for row in rows.to_pylist():
            shown = row["frame_id"] if row["dup_of_frame_id"] is None else row["dup_of_frame_id"]
            if shown not in pictured:
                yield row["t_grab_end_ns"], f"<strong>Frame {row['frame_id']}</strong> {_GONE}"
                continue
            name = f"{_IMAGES}/{shown:08d}.webp"
            if row["image"] is not None:
                write_whole(target / name, row["image"]["bytes"])
            alt = f"Screen at {_clock(row['t_grab_end_ns'])}, frame {row['frame_id']}"
            yield row["t_grab_end_ns"], f'<br><img loading="lazy" src="{name}" alt="{alt}">'


def _joined(*parts: str | None) -> str:
    return " | ".join(_safe(part) for part in parts if part)


def _safe(text: str) -> str:
    """Give captured text as HTML that shows it: cut, without control and bidi characters."""
    shown = "".join(
        "\ufffd" if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else one
        for one in text[:_LONGEST]
    )
    return html.escape(shown)


def _clock(t_ns: int) -> str:
    seconds = t_ns // 1_000_000_000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
