"""`recorder try-redaction text|image`: what would be removed, without recording."""

import io
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli.never_file import OwnWords
from recorder.cli.output import UsageError
from recorder.cli.own_rules_file import rules_for
from recorder.core.frames import RawFrame
from recorder.core.geometry import Monitor, Rect
from recorder.core.scenes import Field, Gate, Paint, Scene, Window
from recorder.places import places
from recorder.redaction.entities import EntityBook
from recorder.redaction.text import RedactionFailed, TextRedactor

Json = dict[str, object]
_MOST_TEXT: Final = 1 << 20
"""Bytes or characters that are read: in any alphabet more than the rules take at once."""
_MOST_PICTURE_BYTES: Final = 1 << 27
_LINE = """write each line as {"text": "…"} or {"path": "…"}"""

app = typer.Typer(help="Show what redaction would remove, without recording.", no_args_is_help=True)

JsonLines = Annotated[
    bool, typer.Option("--json-lines", help="One JSON object a line in, one a line out.")
]


@app.command(epilog="Example: recorder try-redaction text letter.txt")
def text(
    file: Annotated[Path | None, typer.Argument(help="A text file; else standard input.")] = None,
    *,
    json_lines: JsonLines = False,
) -> None:
    """Text in, the same text with marks such as <EMAIL_1> out."""
    if json_lines:
        _answer_lines(_spans_of)
        return
    redactor = _redactor()
    if file:
        source = _read(file, _MOST_TEXT).decode("utf-8", "replace")
    else:
        source = sys.stdin.read(_MOST_TEXT)
    redacted = redactor.redact(source, EntityBook(secrets.token_bytes(32)))
    sys.stdout.write(redacted.text)


@app.command(epilog="Example: recorder try-redaction image screen.png --out painted.png")
def image(
    file: Annotated[Path | None, typer.Argument(help="A PNG picture.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Where the painted PNG goes.")] = None,
    *,
    json_lines: JsonLines = False,
) -> None:
    """A PNG in, the same picture with personal data painted out, as PNG, out."""
    if json_lines:
        _answer_lines(_boxes_of)
        return
    if file is None or out is None:
        raise UsageError(
            "A picture and --out are needed",
            "recorder try-redaction image screen.png --out painted.png",
        )
    count = _paint(file, out)
    sys.stdout.write(f"{count} boxes painted in {out}\n")


def _redactor() -> TextRedactor:
    """Give the rules with the person's own, as a recording has them."""
    where = places()
    own = OwnWords(where)
    own.current()  # a list that cannot be read is said before anything is judged
    return TextRedactor(rules_for(where, own))


def _read(file: Path, most_bytes: int) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(most_bytes)
    except OSError as cause:
        raise _unusable(cause) from cause


def _unusable(cause: OSError) -> UsageError:
    why = os.strerror(cause.errno or 0).lower()
    return UsageError(f"{cause.filename or 'The file'} cannot be used: {why}", "check the path")


def _answer_lines(answers: Callable[[Iterable[Json]], Iterator[Json]]) -> None:
    requests = (_request(line) for line in sys.stdin if line.strip())
    for answer in answers(requests):
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _request(line: str) -> Json:
    try:
        request = json.loads(line)
    except ValueError as cause:
        raise UsageError("A line of the input is no JSON", _LINE) from cause
    if not isinstance(request, dict):
        raise UsageError("A line of the input is no JSON object", _LINE)
    return request


def _member(request: Json, name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str):
        raise UsageError(f"A line of the input has no text under '{name}'", _LINE)
    return value


def _spans_of(requests: Iterable[Json]) -> Iterator[Json]:
    redactor = _redactor()
    for request in requests:
        yield {"spans": _told(redactor, _member(request, "text"))}


def _told(redactor: TextRedactor, text: str) -> list[Json]:
    """Give the spans; what cannot be judged is removed whole, as a recording does."""
    try:
        spans = redactor.find(text)
    except RedactionFailed:
        return [{"start": 0, "end": len(text), "type": "UNJUDGED"}]
    return [{"start": s.start, "end": s.end, "type": s.kind} for s in spans]


def _boxes_of(requests: Iterable[Json]) -> Iterator[Json]:
    painter = _Painter()
    for request in requests:
        began_s = time.process_time()
        boxes, _ = painter.paint(Path(_member(request, "path")))
        yield {"boxes": boxes, "cpu_s": round(time.process_time() - began_s, 4)}


def _paint(file: Path, out: Path) -> int:
    from PIL import Image  # noqa: PLC0415 - pictures only

    from recorder.files import write_whole  # noqa: PLC0415 - pictures only

    boxes, webp = _Painter().paint(file)
    png = io.BytesIO()
    Image.open(io.BytesIO(webp)).save(png, "PNG")
    try:
        write_whole(out, png.getvalue())
    except OSError as cause:
        raise _unusable(cause) from cause
    return len(boxes)


def _as_screen(path: Path) -> tuple[RawFrame, Scene]:
    """Give a picture as the grab of a screen that one allowed window fills."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - pictures only

    try:
        picture = Image.open(io.BytesIO(_read(path, _MOST_PICTURE_BYTES))).convert("RGBX")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as cause:
        raise UsageError("The file is no picture that can be read", "give a PNG") from cause
    area = Rect(0, 0, *picture.size)
    pixels = picture.tobytes("raw", "BGRX")
    now_ns = time.monotonic_ns()
    window = Window(1, area, Paint.REDACT)
    scene = Scene(now_ns, (Monitor(0, area),), (window,), (), 1, Gate.OPEN, Field.PLAIN)
    return RawFrame(pixels, area, 0, 1.0, now_ns, now_ns), scene


_PATIENCE_NS = 60_000_000_000
"""Nobody waits for a recording here: every line is read before the picture is shown."""


class _Painter:
    """Puts a picture through the same redactor that recorded frames go through."""

    def __init__(self) -> None:
        from recorder.core.levels import ScreenLevel  # noqa: PLC0415 - pictures only
        from recorder.redaction.entities import EntityClient  # noqa: PLC0415 - pictures only
        from recorder.redaction.screens import FrameRedactor  # noqa: PLC0415 - pictures only

        book = EntityBook(key := secrets.token_bytes(32))
        client = EntityClient(key, book.number)
        self._frames = FrameRedactor(_redactor(), client.number, ScreenLevel.REDACTED)

    def paint(self, path: Path) -> tuple[list[Json], bytes]:
        """Give the painted boxes and the painted picture as WebP."""
        frame, scene = _as_screen(path)
        painted = self._frames.redact(frame, scene, time.monotonic_ns() + _PATIENCE_NS)
        boxes: list[Json] = [{**asdict(box.rect), "reason": box.reason} for box in painted.boxes]
        return boxes, painted.image
