"""A folder with recordings of every kind of row, and all that can be read of it."""

import hashlib
import io
import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
import pyrage
import pytest
from PIL import Image

from recorder.cli import approve, opening
from recorder.consent.folder import remember_folder
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind
from recorder.core.frames import FrameRow
from recorder.core.losses import Losses
from recorder.episodes.names import parse_part
from recorder.episodes.reader import Episode, open_episode
from recorder.episodes.sealing import EpisodeKey
from recorder.places import places
from tests.unit.episodes import studio as studios
from tests.unit.episodes.studio import SECOND, T0, Studio, add, focus, frame, moves, owned_studio
from tests.unit.episodes.studio import opening as rows

WORD = "ZANZIBAR"
HOSTILE = "<script>alert(1)</script>\u202eevil\x1b[31m" + "A" * 5_000


@cache
def picture(shade: int) -> bytes:
    file = io.BytesIO()
    Image.radial_gradient("L").point(lambda v: (v * 3 + shade) % 256).convert("RGB").save(
        file, "WEBP", lossless=True
    )
    return file.getvalue()


def shown(frame_id: int, at_s: float) -> FrameRow:
    image = picture(frame_id)
    return replace(
        frame(frame_id, at_s, image), sha256=hashlib.sha256(image).hexdigest(), width=256,
        height=256, origin_x=0, origin_y=0,
    )  # fmt: skip


def unlocked_studio(folder: Path, patch: pytest.MonkeyPatch) -> Studio:
    """Make the chosen folder with keys; commands get its identity without a passphrase."""
    studio = owned_studio(folder, patch)
    remember_folder(places(os.environ), folder)
    for module in (opening, approve):
        patch.setattr(module, "unlock_folder", lambda _folder, _file: studio.identity)
    return studio


def record(studio: Studio, wall_ns: int = studios.WALL) -> Path:
    """Write two minutes: mail from 60 s on with the word typed at 70 s."""
    writer = studio.begin(wall_ns)
    mail = replace(focus(60, "mail"), url_host="mail.example", x=0, y=0, w=256, h=256)
    task = ContextRow(T0 + 5 * SECOND, ContextKind.TASK, instruction="file expenses")
    add(writer, context=[*rows()[:2], focus(0), task, mail])
    add(writer, context=[replace(focus(61, "mail"), window_title=HOSTILE)])
    for second in range(120):
        add(writer, events=moves(second, 2))
        if second % 10 == 0:
            add(writer, frames=[shown(second // 10, second + 0.5)])
    typed = [
        EventRow(T0 + (700 + i) * SECOND // 10, Kind.KEY_DOWN, key=k, key_class=KeyClass.CHAR)
        for i, k in enumerate(WORD)
    ]
    add(writer, events=typed)
    return writer.close(Losses())


def opened(studio: Studio, home: Path) -> Episode:
    return open_episode(home, identity=studio.identity)


def everything_readable(studio: Studio) -> Iterator[bytes]:
    """Give every byte that the owner can read in the folder: raw, decrypted, decoded."""
    identity = pyrage.x25519.Identity.from_str(studio.identity)
    for path in filter(Path.is_file, studio.folder.rglob("*")):
        data = path.read_bytes()
        yield data
        if data.startswith(b"age-encryption.org/v1"):
            yield bytes(pyrage.decrypt(data, [identity]))
        if parse_part(path.name):
            key = EpisodeKey.unwrap(
                path.parent.name, (path.parent / "key.age").read_bytes(), studio.identity
            )
            rows = pq.ParquetFile(path, decryption_properties=key.decryption(path.name)).read()
            if "image" in rows.column_names:
                yield from (image["bytes"] for image in rows.column("image").to_pylist() if image)
                rows = rows.drop_columns(["image"])
            yield "".join(map(str, rows.to_pylist())).encode()
            if "key" in rows.column_names:
                yield "".join(key or "" for key in rows.column("key").to_pylist()).encode()
