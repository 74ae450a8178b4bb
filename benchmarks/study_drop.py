"""A signed study with people who joined it, and a drop with what they shared; all made up."""

import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage

from recorder.cli.system_clock import SystemClock
from recorder.consent.giving import Answer, give
from recorder.consent.keys import UserKey, load_public_key
from recorder.consent.ledger import LedgerPlace
from recorder.consent.passphrase import Passphrase
from recorder.consent.recipients import sealed_to
from recorder.consent.studies import Joined, find_joined, keep_signed, study_key
from recorder.core.ids import ulid
from recorder.core.levels import Levels
from recorder.episodes.names import Table
from recorder.episodes.schemas import ROW_GROUP_ROWS, SCHEMAS, file_schema, writer_options
from recorder.research.new_study import create_study
from recorder.research.notice_text import StudyWish
from recorder.sharing.bundle import Sender, write_bundle
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.erasing import Scope, ask_erasure, asker_of, deliver_erasures
from recorder.sharing.payload import INDEX
from recorder.sharing.statements import ContentFile, ContentManifest
from recorder.sharing.ustar import END, header, padding

if TYPE_CHECKING:
    from recorder.research.studies import Study, StudySecrets

WORDS: Final = "made-up words of a benchmark"
"""The passphrase of the study."""
_A_PERSON: Final = 100
"""Bundles that one participant shares."""
_FRAME_BYTES: Final = 60_000
_FRAMES: Final = 200
"""In one file: twelve megabytes, as many minutes of use bring."""
FILE_BYTES: Final = _FRAMES * _FRAME_BYTES
SECOND_NS: Final = 10**9
WIDTH: Final = 1920
HEIGHT: Final = 1080


@dataclass
class StudyDrop:
    """A study in `root/study`, people in `root/people`, and `root/drop`."""

    root: Path
    people: list[tuple[Joined, UserKey]] = field(default_factory=list)

    def __post_init__(self) -> None:
        wish = StudyWish("bench-1", "Lab", "a@example.org", ("learning",), ("research team",))
        self.folder, self.drop = self.root / "study", self.root / "drop"
        words = Passphrase(WORDS)
        created = "2026-11-01T00:00:00+00:00"
        self.study: Study = create_study(self.folder, wish, words, created)
        self.secrets: StudySecrets = self.study.unlock(words)
        self.notice = self.study.sign_notice(self.secrets)

    def join(self) -> Sender:
        """Give somebody new who joined."""
        number = len(self.people)
        folder = self.root / "people" / str(number)
        state = folder / "state"
        for made in (folder / "consent", state):
            made.mkdir(parents=True)
        mine = pyrage.x25519.Identity.generate()
        place = LedgerPlace(folder, state, self.study.id)
        key = study_key(place, str(mine), [str(mine.to_public())])
        data = (self.folder / "notice.md").read_bytes()
        keep_signed(place, data, (self.folder / "notice.md.dsse.json").read_bytes())
        give(place, Answer(self.notice, data, Levels(), ("*",)), key, SystemClock())
        joined = find_joined(folder, state, self.study.id)
        self.people.append((joined, key))
        return Sender(
            study=joined.study, pseudonym=joined.pseudonym, audience=self.study.audience,
            consent_id=joined.consent_id, notice_sha256=self.notice.sha256,
            recipients=sealed_to(self.notice.terms), user=key,
            device_key=load_public_key(folder, "device", joined.study).public,
            ledger=place.ledger.read_bytes(),
        )  # fmt: skip

    def share(self, count: int) -> None:
        """Put small bundles into the drop, a hundred of each participant."""
        for number, sender in zip(range(count), self._senders(), strict=False):
            episode_id = new_id()
            content, tar = make_content(episode_id, 0)
            name = drop_path("bundles", sender.study, sender.pseudonym, content.bundle_id)
            path = self.drop / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_bundle(file, sender, episode_id, content, io.BytesIO(tar))
            if number % _A_PERSON == 0:
                print(f"\rmade {number} of {count}", end="\r", flush=True)

    def ask_erasure(self) -> None:
        """Let the first participant ask that everything goes; the notice lies in the drop then."""
        joined, key = self.people[0]
        folder = joined.place.folder
        ask_erasure(folder, asker_of(joined), Scope(), key, [str(self.drop)])

        def deliver(_: str, path: str, data: bytes) -> None:
            (self.drop / path).parent.mkdir(parents=True, exist_ok=True)
            (self.drop / path).write_bytes(data)

        deliver_erasures(folder, joined.study, deliver)

    def _senders(self) -> Iterator[Sender]:
        while True:
            sender = self.join()
            for _ in range(_A_PERSON):
                yield sender


def make_content(episode_id: str, frame_files: int) -> tuple[ContentManifest, bytes]:
    """Give a small content of key presses, or one with files of frames."""
    events = parquet_of(_events(episode_id), "events", episode_id)
    files = {"events-000000.parquet": events}
    for number in range(frame_files):
        frames = parquet_of(_frames(episode_id), "frames", episode_id)
        files[f"frames-{number:06d}.parquet"] = frames
    return content_of(episode_id, files, {"events": 100, "frames": frame_files * _FRAMES})


def content_of(
    episode_id: str, tables: dict[str, bytes], rows: dict[str, int]
) -> tuple[ContentManifest, bytes]:
    """Give a minute's content of tables: its manifest and its tar."""
    told = {"schema": "recorder.payload/1", "episode_id": episode_id, "grant": "person"}
    files = {INDEX: json.dumps({**told, "ranges": [[0, 60 * SECOND_NS]]}).encode(), **tables}
    tar = b"".join(
        header(name, len(data)) + data + bytes(padding(len(data))) for name, data in files.items()
    )
    tar += END
    manifest = ContentManifest(
        bundle_id=new_id(), content_sha256=hashlib.sha256(tar).hexdigest(),
        content_bytes=len(tar), rows={name: number for name, number in rows.items() if number},
        apps=(), tasks=0, duration_ns=60 * SECOND_NS,
        files=tuple(
            ContentFile(name=name, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
            for name, data in files.items()
        ),
    )  # fmt: skip
    return manifest, tar


def _events(episode_id: str) -> pa.Table:
    count = 100
    return table_of("events", count, {
        "episode_id": [episode_id] * count, "seq": range(count),
        "t_ns": range(0, count * SECOND_NS // 2, SECOND_NS // 2), "kind": ["key_down"] * count,
        "key_class": ["char"] * count, "mods": [0] * count, "redaction": ["class"] * count,
    })  # fmt: skip


def _frames(episode_id: str) -> pa.Table:
    image = {"bytes": picture(_FRAME_BYTES), "path": None}
    return frames_of(episode_id, _FRAMES, {"image": [image] * _FRAMES})


def frames_of(episode_id: str, count: int, values: dict[str, Any]) -> pa.Table:
    """Give frames of a full screen; `values` stand in place of what all of them share."""
    same = {
        "episode_id": episode_id, "t_grab_start_ns": 0, "t_grab_end_ns": 1, "monitor_id": 0,
        "width": WIDTH, "height": HEIGHT, "origin_x": 0, "origin_y": 0, "scale": 1.0,
        "triggers": ["settled"], "sha256": "00" * 32, "phash64": 0, "level": "redacted",
        "redacted_boxes": [],
    }  # fmt: skip
    shared = {name: [value] * count for name, value in same.items()}
    return table_of("frames", count, {**shared, "frame_id": range(count), **values})


def picture(size_bytes: int) -> bytes:
    """Give what passes for a lossless WebP of the screen; nothing that decodes."""
    bits = ((WIDTH - 1) | (HEIGHT - 1) << 14).to_bytes(4, "little")
    body = b"\x2f" + bits + os.urandom(size_bytes - 25)
    chunk = b"WEBPVP8L" + len(body).to_bytes(4, "little") + body
    return b"RIFF" + len(chunk).to_bytes(4, "little") + chunk + bytes(len(chunk) % 2)


def table_of(table: Table, count: int, values: dict[str, Any]) -> pa.Table:
    """Give rows of a table; what is not given is null."""
    arrays = [
        pa.array(values.get(field.name, [None] * count), field.type) for field in SCHEMAS[table]
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMAS[table])


def parquet_of(rows: pa.Table, table: Table, episode_id: str) -> bytes:
    """Give a file of an episode as a payload holds it."""
    file, schema = io.BytesIO(), file_schema(table, episode_id, 0)
    with pq.ParquetWriter(file, schema, **writer_options(table)) as out:
        out.write_table(
            rows.replace_schema_metadata(schema.metadata), row_group_size=ROW_GROUP_ROWS[table]
        )
    return file.getvalue()


def new_id() -> str:
    """Give an id of now."""
    return ulid(SystemClock().wall_ns(), os.urandom(10))
