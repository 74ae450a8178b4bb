"""A day of eight hours in a folder of its own, and what looking after it costs.

`python benchmarks/own_day.py` makes the day and measures; `make DIR` only makes it, for
other programs: the folder is DIR, its passphrase stands in DIR.passphrase. Frames are real
pictures of desktops; many show the same, as on a day of reading.
"""

import argparse
import hashlib
import io
import json
import os
import random
import resource
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.keys import create_signing_keys, load_device_key
from recorder.consent.passphrase import Passphrase
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind
from recorder.core.frames import FrameRow, PaintedBox, Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.ids import ulid
from recorder.core.levels import Levels
from recorder.core.losses import Losses
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant, vouch
from recorder.episodes.homes import episode_homes
from recorder.episodes.identity import create_identity, owners
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.reader import open_episode
from recorder.episodes.rewriting import remove
from recorder.episodes.searching import Query, search
from recorder.episodes.selection import Selection, TimeRange
from recorder.episodes.writer import EpisodeStart, EpisodeWriter

SECOND: Final = 1_000_000_000
WALL: Final = 1_795_000_000 * SECOND
PASSPHRASE: Final = "a day of eight hours"  # noqa: S105 - of a made-up folder
WORD: Final = "ZANZIBAR"
"""Typed once in the middle of the day."""
_PICTURES: Final = 24
_SCREEN: Final = Rect(0, 0, 1920, 1080)
_APPS: Final = ("xterm", "chromium", "libreoffice-writer", "thunderbird", "evince")
_WORDS: Final = (
    "the", "report", "of", "this", "month", "needs", "two", "more", "figures", "and", "a", "title",
)  # fmt: skip
_FLUSHED_S: Final = 10
_TERMS: Final = GrantTerms("made-up", "00" * 32, "00" * 32, GrantKind.PERSON, Levels(), ("*",), 0)


@dataclass(frozen=True, slots=True)
class Length:
    """How long the day is."""

    seconds: int = 8 * 3600
    frames: int = 8_000
    events: int = 1_000_000


def make_day(folder: Path, length: Length | None = None) -> Path:
    """Make a folder with keys and one closed episode; gives the episode's folder.

    The identity is under `PASSPHRASE`; the recovery key stands in `FOLDER.recovery`.
    """
    length = length or Length()
    make_folder(folder, FolderFile(folder_id="0" * 26, plain=False, secret="passphrase"))  # noqa: S106 - what opens it, not the secret
    recovery = create_identity(folder, Passphrase(PASSPHRASE))
    beside(folder, "recovery").write_text(recovery.secret)
    beside(folder, "passphrase").write_text(PASSPHRASE)
    for name in ("recovery", "passphrase"):
        beside(folder, name).chmod(0o600)
    create_signing_keys(folder, owners(folder))
    device = load_device_key(folder)
    start = EpisodeStart(
        folder=folder, episode_id=ulid(WALL, os.urandom(10)), t0_ns=0, wall_ns=WALL,
        terms=_TERMS, recipients=owners(folder), sign=lambda data: device.sign(data, MANIFEST_TYPE),
    )  # fmt: skip
    writer = EpisodeWriter(start)
    _fill(writer, length, mint_grant(_TERMS))
    return writer.close(Losses())


def beside(folder: Path, ending: str) -> Path:
    """Give the path of what stands beside a day's folder."""
    return folder.with_name(f"{folder.name}.{ending}")


def _fill(writer: EpisodeWriter, length: Length, grant: LiveGrant) -> None:
    chance = random.Random(8)  # noqa: S311 - a seeded generator is the point
    pictures = [_desktop(number) for number in range(_PICTURES)]
    monitor = Monitor(0, _SCREEN, is_primary=True)
    opening = [
        ContextRow(0, ContextKind.CONSENT, consent_id="made-up"),
        ContextRow(0, ContextKind.GEOMETRY, monitors=(monitor,)),
        ContextRow(0, ContextKind.CLOCK, wall_ns=WALL),
    ]
    writer.add_context([vouch(row) for row in opening], grant)
    each = length.events // length.seconds
    frame_id, window = -1, 0
    for second in range(length.seconds):
        if second % 90 == 0:
            (window,) = writer.add_context([vouch(_window(chance, second))], grant)
        for _ in range(
            (second + 1) * length.frames // length.seconds
            - second * length.frames // length.seconds
        ):
            frame_id += 1
            picture = pictures[frame_id // 7 % _PICTURES]
            writer.add_frame(vouch(_frame(frame_id, second, picture)), grant)
        extra = int(second < length.events - each * length.seconds)
        rows = _input(chance, second, each + extra, (max(frame_id, 0), window))
        if second == length.seconds // 2:
            rows[: len(WORD)] = _typed(WORD, second, (max(frame_id, 0), window))
        writer.add_events([vouch(row) for row in rows], grant)
        if second % _FLUSHED_S == 0:
            writer.flush()


def _window(chance: random.Random, second: int) -> ContextRow:
    app = chance.choice(_APPS)
    host = chance.choice(("jira.example.com", "news.example")) if app == "chromium" else None
    return ContextRow(
        second * SECOND, ContextKind.FOCUS, app_id=app, app_name=app.title(),
        window_title=" ".join(chance.sample(_WORDS, 4)), title_redaction="none", url_host=host,
        x=0, y=0, w=_SCREEN.w, h=_SCREEN.h,
    )  # fmt: skip


def _input(chance: random.Random, second: int, count: int, at: tuple[int, int]) -> list[EventRow]:
    """Give a second of work: mostly moves, a click now and then, a word in three seconds."""
    rows = [
        EventRow(
            second * SECOND + number * SECOND // count, Kind.MOVE,
            x=chance.randrange(_SCREEN.w), y=chance.randrange(_SCREEN.h), monitor_id=0,
            window_seq=at[1],
        )
        for number in range(count)
    ]  # fmt: skip
    if second % 3 == 0 and count > len(WORD):
        rows[:4] = _typed(chance.choice(_WORDS)[:4].ljust(4, "e"), second, at)
    elif second % 3 == 1:
        t_ns = second * SECOND + SECOND // 2
        press = EventRow(t_ns, Kind.BUTTON_DOWN, 5, 5, 0, "left", frame_id=at[0], window_seq=at[1])
        rows[count // 2] = press
    return rows


def _typed(word: str, second: int, at: tuple[int, int]) -> list[EventRow]:
    return [
        EventRow(
            second * SECOND + number * 20_000_000, Kind.KEY_DOWN, key=letter,
            key_class=KeyClass.CHAR, mods=0, is_repeat=False, frame_id=at[0], window_seq=at[1],
        )
        for number, letter in enumerate(word)
    ]  # fmt: skip


def _desktop(number: int) -> bytes:
    """Give a picture of windows with text, lossless WebP, some 20 to 60 kB."""
    chance = random.Random(number)  # noqa: S311 - as above
    picture = Image.new("RGB", (_SCREEN.w, _SCREEN.h), (36, 60 + number * 4, 90))
    draw = ImageDraw.Draw(picture)
    for window in range(3):
        x, y = 60 + window * 560, 50 + number * 10
        draw.rectangle((x, y, x + 620, y + 700), fill=(248, 248, 248), outline=(20, 20, 20))
        for line in range(36):
            text = " ".join(chance.choices(_WORDS, k=9))
            draw.text((x + 14, y + 14 + line * 18), text, fill=(20, 20, 20))
    file = io.BytesIO()
    picture.save(file, "WEBP", lossless=True, method=1, quality=26)
    return file.getvalue()


def _frame(frame_id: int, second: int, picture: bytes) -> FrameRow:
    """Give a frame; a chunk with its number, which readers skip, makes its bytes its own."""
    body = picture[8:] + b"FRNO" + struct.pack("<II", 4, frame_id)
    image = b"RIFF" + struct.pack("<I", len(body)) + body
    t_ns = second * SECOND + SECOND // 4
    boxes = (
        (PaintedBox(Rect(64, 80, 160, 18), f"EMAIL_{frame_id % 5}"),) if frame_id % 9 == 0 else ()
    )
    return FrameRow(
        frame_id, t_ns - 2_000_000, t_ns, t_ns - SECOND // 5, t_ns + SECOND // 2, 0, _SCREEN.w,
        _SCREEN.h, 0, 0, 1.0, (Trigger.BEFORE_ACTION,), image,
        hashlib.sha256(image).hexdigest(), frame_id, None, "redacted", boxes,
    )  # fmt: skip


def _overview(home: Path, identity: str) -> str:
    """Read what an overview of the day draws."""
    episode = open_episode(home, identity=identity)
    rows = episode.read("events", ["t_ns", "kind", "redaction"]).num_rows
    frames = episode.read("frames", ["frame_id", "t_grab_end_ns", "redacted_boxes"]).num_rows
    context = episode.read("context", ["t_ns", "kind", "app_id"]).num_rows
    apps = len(episode.summary.apps) if episode.summary else 0
    return f"{rows} events, {frames} frames, {context} rows of context, {apps} apps"


def _search(home: Path, identity: str) -> str:
    found = list(search(open_episode(home, identity=identity), Query(WORD)))
    return f"{len(found)} matches"


def _search_all(home: Path, identity: str) -> str:
    found = sum(1 for _ in search(open_episode(home, identity=identity), Query("report")))
    return f"{found} matches"


def _delete(home: Path, identity: str) -> str:
    middle = open_episode(home, identity=identity).files.names()[-1].end_s // 2 * SECOND
    minute = TimeRange(middle, middle + 60 * SECOND)
    removed = remove(open_episode(home, identity=identity), Selection((minute,)))
    return f"{removed.events} events, {removed.frames} frames"


_MEASURES: Final[dict[str, tuple[Callable[[Path, str], str], float]]] = {
    "overview": (_overview, 2.0),
    "search": (_search, 1.0),
    "search, many matches": (_search_all, 1.0),
    "delete a minute": (_delete, 1.0),
}
"""{what: (how, budget in seconds)}; memory: 400 MB each."""
_MEMORY_MB: Final = 400


def measured(folder: Path) -> Iterator[dict[str, object]]:
    """Give each figure, taken in a process of its own."""
    for name, (_, budget_s) in _MEASURES.items():
        command = [sys.executable, __file__, "one", str(folder), name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found: dict[str, object] = json.loads(done.stdout)
        yield {"what": name, "budget_s": budget_s, "budget_mb": _MEMORY_MB, **found}


def _one(folder: Path, name: str) -> dict[str, object]:
    identity = beside(folder, "recovery").read_text()
    (home,) = episode_homes(folder)
    begin = time.perf_counter()
    told = _MEASURES[name][0](home, identity)
    seconds = time.perf_counter() - begin
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": round(seconds, 3), "peak_mb": round(peak_mb), "told": told}


def _line(found: dict[str, object]) -> str:
    seconds, peak = float(str(found["seconds"])), float(str(found["peak_mb"]))
    is_met = seconds <= float(str(found["budget_s"])) and peak <= _MEMORY_MB
    return (
        f"{found['what']:<22} {seconds:>7.3f} s (budget {found['budget_s']} s)  {peak:>4.0f} MB "
        f"(budget {_MEMORY_MB} MB)  {'ok' if is_met else 'MISSED'}  {found['told']}"
    )


def _measure(folder: Path, *, as_json: bool) -> None:
    found = list(measured(folder))
    print(
        json.dumps({"schema": "recorder.own-day/1", "figures": found})
        if as_json
        else "\n".join(map(_line, found))
    )


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "make", "measure", "one"), default="all")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("name", nargs="?")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    if wanted.what == "all":
        with tempfile.TemporaryDirectory(prefix="own-day-") as temporary:
            folder = Path(temporary) / "Recorder"
            make_day(folder)
            _measure(folder, as_json=wanted.json)
    elif wanted.folder is None:
        parser.error("name the folder")
    elif wanted.what == "make":
        print(make_day(wanted.folder))
    elif wanted.what == "measure":
        _measure(wanted.folder, as_json=wanted.json)
    else:
        print(json.dumps(_one(wanted.folder, str(wanted.name))))


if __name__ == "__main__":
    main()
