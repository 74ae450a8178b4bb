"""A made-up day for the review page: eight hours, pictures, a million events, sealed."""

import io
import math
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from PIL import Image, ImageDraw

from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.keys import create_signing_keys, load_device_key
from recorder.consent.passphrase import Passphrase
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.core.frames import FrameRow, PaintedBox, Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.ids import ulid
from recorder.core.levels import Levels
from recorder.core.proofs import GrantKind, GrantTerms
from recorder.episodes.closing import Closing, Jumps, write_closing
from recorder.episodes.homes import make_home
from recorder.episodes.identity import create_identity, owners
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.names import KEY_FILE
from recorder.episodes.rows import to_table
from recorder.episodes.schemas import EVENTS
from recorder.episodes.sealing import EpisodeKey
from recorder.episodes.segments import Segments
from recorder.episodes.start import EpisodeStart
from recorder.episodes.table_files import TableFiles
from recorder.files import write_whole

SECOND_NS: Final = 1_000_000_000
APPS: Final = (
    ("chromium", "Chromium", "jira.example.com", "Expenses 2026"),
    ("libreoffice-calc", "LibreOffice Calc", None, "budget.ods"),
    ("xterm", "XTerm", None, "make test"),
    ("chromium", "Chromium", "wiki.example.com", "Travel policy"),
    ("gimp", "GIMP", None, "poster.xcf"),
)
PICTURES: Final = 24
WORDS: Final = (
    "please", "move", "the", "boxes", "to", "the", "harbour", "before", "friday", "and", "tell", "them",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DaySize:
    """How large the day is; `hours` in one episode."""

    hours: float = 8.0
    frames: int = 8_000
    events: int = 1_000_000
    wall_ns: int = 1_795_000_000 * SECOND_NS


def make_folder_for(folder: Path, passphrase: str) -> None:
    """Make a recording folder with keys of its own."""
    folder_id = ulid(SECOND_NS, secrets.token_bytes(10))
    make_folder(folder, FolderFile(folder_id=folder_id, plain=False, secret="passphrase"))  # noqa: S106 - where it is
    create_identity(folder, Passphrase(passphrase))
    create_signing_keys(folder, owners(folder))


def make_day(folder: Path, size: DaySize) -> Path:
    """Write one closed episode of that size; gives its folder."""
    start = _start(folder, size.wall_ns)
    home = make_home(folder, start.date, start.episode_id)
    key = EpisodeKey.new(start.episode_id)
    write_whole(home.path / KEY_FILE, key.wrap(start.recipients))
    segments = Segments(TableFiles(home.path, start.episode_id, key))
    minutes = round(size.hours * 60)
    pictures = [picture(number) for number in range(PICTURES)]
    seqs = _Numbers()
    for minute in range(minutes):
        _write_minute(segments, start, minute, _Share(size, minutes, pictures, seqs))
        segments.seal()
    end_ns = minutes * 60 * SECOND_NS
    write_closing(Closing(start, home.path, segments, {}, end_ns, Jumps(size.wall_ns)))
    return home.path


@dataclass(slots=True)
class _Numbers:
    event: int = 0
    frame: int = 0
    context: int = 0


@dataclass(frozen=True, slots=True)
class _Share:
    size: DaySize
    minutes: int
    pictures: list[tuple[bytes, str]]
    numbers: _Numbers


def _start(folder: Path, wall_ns: int) -> EpisodeStart:
    device = load_device_key(folder)
    terms = GrantTerms("consent-1", "ab" * 32, "cd" * 32, GrantKind.PERSON, Levels(), ("*",), 0)
    return EpisodeStart(
        folder=folder,
        episode_id=ulid(wall_ns, secrets.token_bytes(10)),
        t0_ns=0,
        wall_ns=wall_ns,
        terms=terms,
        recipients=owners(folder),
        sign=lambda payload: device.sign(payload, MANIFEST_TYPE),
    )


def _write_minute(segments: Segments, start: EpisodeStart, minute: int, share: _Share) -> None:
    context = list(_context(minute, share))
    rows = to_table(
        "context",
        context,
        range(share.numbers.context, share.numbers.context + len(context)),
        start.episode_id,
        0,
    )
    share.numbers.context += len(context)
    segments.add("context", rows)
    frames = list(_frames(minute, share))
    segments.add("frames", to_table("frames", frames, (), start.episode_id, 0))
    segments.add("events", _events(start.episode_id, minute, share, frames[0].frame_id))


def _context(minute: int, share: _Share) -> Iterator[ContextRow]:
    t_ns = minute * 60 * SECOND_NS
    if minute == 0:
        monitor = Monitor(0, Rect(0, 0, 1920, 1080), is_primary=True)
        yield ContextRow(0, ContextKind.CONSENT, consent_id="consent-1")
        yield ContextRow(0, ContextKind.GEOMETRY, monitors=(monitor,))
        yield ContextRow(0, ContextKind.CLOCK, wall_ns=share.size.wall_ns)
        yield ContextRow(0, ContextKind.TASK, instruction="File my expenses")
    app, name, host, title = APPS[(minute // 7) % len(APPS)]
    for part in range(3):
        yield ContextRow(
            t_ns + part * 20 * SECOND_NS, ContextKind.FOCUS, app_id=app, app_name=name,
            window_title=f"{title} {minute}.{part}", url_host=host, x=80, y=60, w=1600, h=900,
        )  # fmt: skip


def _frames(minute: int, share: _Share) -> Iterator[FrameRow]:
    count = math.ceil(share.size.frames / share.minutes)
    for number in range(count):
        end_ns = int((minute + number / count) * 60 * SECOND_NS)
        image, digest = share.pictures[(minute * count + number) % PICTURES]
        boxes = (
            PaintedBox(Rect(300, 200, 240, 24), "EMAIL_1"),
            PaintedBox(Rect(0, 0, 1920, 30), "scope"),
        )
        yield FrameRow(
            share.numbers.frame, end_ns - 2_000_000, end_ns, end_ns - 10_000_000, end_ns + SECOND_NS, 0,
            1920, 1080, 0, 0, 1.0, (Trigger.BEFORE_ACTION,), image, digest, number, None, "redacted", boxes,
        )  # fmt: skip
        share.numbers.frame += 1


def _events(episode_id: str, minute: int, share: _Share, frame_id: int) -> pa.Table:
    """Give a minute of pointer, clicks, typing and scrolls; most rows are moves."""
    wanted = share.size.events // share.minutes
    acts = list(_acts(minute, frame_id))
    moves = max(0, wanted - len(acts))
    times = np.sort(np.random.default_rng(minute).integers(0, 60 * SECOND_NS, moves)) + (
        minute * 60 * SECOND_NS
    )
    angle = np.arange(moves) / 40
    columns = {
        "episode_id": pa.array([episode_id] * moves, pa.string()),
        "seq": pa.array(np.arange(moves)),
        "t_ns": pa.array(times),
        "kind": pa.array(["move"] * moves),
        "x": pa.array((960 + 600 * np.sin(angle)).astype(np.int32)),
        "y": pa.array((540 + 300 * np.cos(angle * 1.3)).astype(np.int32)),
        "redaction": pa.array(["none"] * moves),
    }
    arrays = [
        columns[field.name] if field.name in columns else pa.nulls(moves, field.type)
        for field in EVENTS
    ]
    both = pa.concat_tables(
        [
            pa.Table.from_arrays(arrays, schema=EVENTS),
            to_table("events", acts, range(len(acts)), episode_id, 0),
        ]
    ).sort_by("t_ns")
    first = share.numbers.event
    share.numbers.event += both.num_rows
    return both.set_column(
        1, EVENTS.field("seq"), pa.array(np.arange(first, first + both.num_rows))
    )


def _acts(minute: int, frame_id: int) -> Iterator[EventRow]:
    base = minute * 60 * SECOND_NS
    for click in range(8):
        t_ns = base + (2 + 7 * click) * SECOND_NS
        press = EventRow(
            t_ns, Kind.BUTTON_DOWN, x=400 + 90 * click, y=300 + 40 * click, monitor_id=0,
            button="left", frame_id=frame_id + click, target_role="push button",
            target_name=f"Save {click}", window_seq=minute * 3,
        )  # fmt: skip
        yield press
        yield EventRow(
            t_ns + 90_000_000, Kind.BUTTON_UP, x=press.x, y=press.y, monitor_id=0, button="left"
        )
    text = " ".join(WORDS[(minute + n) % len(WORDS)] for n in range(6))
    for place, letter in enumerate(text):
        t_ns = base + 20 * SECOND_NS + place * 150_000_000
        kind = KeyClass.SPACE if letter == " " else KeyClass.CHAR
        for what in (Kind.KEY_DOWN, Kind.KEY_UP):
            yield EventRow(t_ns, what, key=letter, key_class=kind, mods=0, window_seq=minute * 3)
    yield EventRow(
        base + 40 * SECOND_NS, Kind.KEY_DOWN, key_class=KeyClass.CHAR,
        redaction=Redaction.MASKED, entity=f"EMAIL_{minute % 3 + 1}", window_seq=minute * 3,
    )  # fmt: skip
    for step in range(20):
        t_ns = base + 50 * SECOND_NS + step * 30_000_000
        yield EventRow(t_ns, Kind.SCROLL, x=900, y=500, monitor_id=0, dx=0.0, dy=-1.0)


def picture(number: int) -> tuple[bytes, str]:
    """Give a desktop-like picture, lossless WebP, and its digest."""
    import hashlib  # noqa: PLC0415 - one use

    image = Image.new("RGB", (1920, 1080), (236, 238, 240))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1920, 30), fill=(20, 20, 20))
    draw.rectangle((80, 60, 1680, 960), fill="white", outline=(120, 120, 120))
    for line in range(42):
        words = " ".join(WORDS[(line * 5 + number + n) % len(WORDS)] for n in range(24))
        draw.text((100, 90 + line * 20), f"{number * 42 + line}  {words}", fill=(30, 30, 60))
    draw.rectangle((300, 200, 540, 224), fill=(0, 0, 0))
    grain = np.random.default_rng(number).integers(0, 256, (100, 200, 3), np.uint8)
    image.paste(Image.fromarray(grain), (1200, 700))
    held = io.BytesIO()
    image.save(held, "WEBP", lossless=True, method=1)
    return held.getvalue(), hashlib.sha256(held.getvalue()).hexdigest()
