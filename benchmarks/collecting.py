"""What collecting costs: megabytes a second of one core, and memory at many small bundles.

`./run bench collect` [--count 10000] [--megabytes 200]. Speed is in seconds of the processor,
the best of several runs that take turns with age and SHA-256 alone on the same bytes. The small
bundles go through the whole command's work, with a child for each content.
"""

import argparse
import hashlib
import io
import json
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.footprint import Watch
from benchmarks.rounds import best_cpu_s
from recorder.cli.system_clock import SystemClock
from recorder.consent.giving import Answer, give
from recorder.consent.keys import ControllerKey, load_public_key
from recorder.consent.ledger import LedgerPlace, keep_notice
from recorder.consent.notice import Notice, parse_notice
from recorder.consent.recipients import sealed_to
from recorder.consent.studies import find_joined, study_key
from recorder.core.ids import ulid
from recorder.core.levels import Levels
from recorder.episodes.names import Table
from recorder.episodes.schemas import ROW_GROUP_ROWS, SCHEMAS, file_schema, writer_options
from recorder.research.agreed_levels import widest
from recorder.research.collect_run import Report, Sources, collect
from recorder.research.collecting import Order
from recorder.research.collection import Collection, utc_now
from recorder.research.content_check import check_content
from recorder.research.content_process import PartOfFile
from recorder.research.content_verdict import Agreed, Asked
from recorder.research.sources import open_sources
from recorder.research.studies import StudySecrets
from recorder.sharing.bundle import Sender, write_bundle
from recorder.sharing.bundle_gate import Expect, check_outer
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.payload import INDEX
from recorder.sharing.statements import ContentFile, ContentManifest
from recorder.sharing.ustar import END, header, padding

COUNT: Final = 300
MEGABYTES: Final = 100
_A_PERSON: Final = 100
_FRAME_BYTES: Final = 60_000
_FRAMES: Final = 200
"""In one file: twelve megabytes, as many minutes of use bring."""
_MB: Final = 1_000_000
SECOND_NS: Final = 10**9
WIDTH: Final = 1920
HEIGHT: Final = 1080
_EXAMPLE: Final = Path(__file__).parents[1] / "config" / "example-study.md"


class Study:
    """A study with keys in memory, and people who join it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.key = ControllerKey(Ed25519PrivateKey.generate())
        self.identity = pyrage.x25519.Identity.generate()
        text = re.sub(r"\b[0-9a-f]{64}\b", self.key.public.public, _EXAMPLE.read_text("utf-8"))
        text = re.sub(r"age1[0-9a-z]{58}", str(self.identity.to_public()), text)
        self.text = text.replace("apps:\n", 'apps:\n- "*"\n', 1).encode()
        self.notice: Notice = parse_notice(self.text)

    def expect(self) -> Expect:
        """Give what a bundle must be."""
        known = {self.notice.sha256: self.notice}
        now_ns = SystemClock().wall_ns()
        return Expect(self.notice.terms.id, self.key.public.public, known, now_ns)

    def sender(self, number: int) -> Sender:
        """Give somebody new who joined."""
        folder, state = self.root / f"person-{number}", self.root / f"state-{number}"
        (folder / "consent").mkdir(parents=True)
        state.mkdir()
        mine = pyrage.x25519.Identity.generate()
        place = LedgerPlace(folder, state, self.notice.terms.id)
        key = study_key(place, str(mine), [str(mine.to_public())])
        keep_notice(place, self.text)
        give(place, Answer(self.notice, self.text, Levels(), ("*",)), key, SystemClock())
        joined = find_joined(folder, state, self.notice.terms.id)
        return Sender(
            study=joined.study, pseudonym=joined.pseudonym, audience=self.key.public.public,
            consent_id=joined.consent_id, notice_sha256=self.notice.sha256,
            recipients=sealed_to(self.notice.terms), user=key,
            device_key=load_public_key(folder, "device", joined.study).public,
            ledger=place.ledger.read_bytes(),
        )  # fmt: skip


def main() -> None:
    """Measure and print one line a figure."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--count", type=int, default=COUNT)
    words.add_argument("--megabytes", type=int, default=MEGABYTES)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="recorder-bench-") as place:
        study = Study(Path(place))
        _tell_speed(study, Path(place), asked.megabytes)
        _tell_many(study, Path(place), asked.count)


def _tell_speed(study: Study, root: Path, megabytes: int) -> None:
    """Measure one large bundle against what age and SHA-256 alone take for it."""
    path = root / "large.tar"
    sender, episode_id = study.sender(0), new_id()
    with path.open("wb") as file:
        content, tar = _content(episode_id, megabytes * _MB // (_FRAMES * _FRAME_BYTES) + 1)
        write_bundle(file, sender, episode_id, content, io.BytesIO(tar))
    seconds = best_cpu_s(_acts(study, path))
    size_mb = path.stat().st_size / _MB
    for name, took_s in seconds.items():
        print(f"{name:34} {size_mb / took_s:7.0f} MB/s of a core")
    ours = sum(seconds[name] for name in ("gate", "content check"))
    alone = seconds["age opens"] + 2 * seconds["SHA-256"]
    print(
        f"{'collect, all of it':34} {size_mb / (ours + seconds['age opens']):7.0f} MB/s of a core"
    )
    print(f"{'of what age and two hashes reach':34} {alone / (ours + seconds['age opens']):7.2f}")


def _acts(study: Study, path: Path) -> dict[str, Callable[[], object]]:
    expect = study.expect()
    outer = check_outer(path, expect)
    plain = io.BytesIO()
    agreed = Agreed(levels=widest(study.notice.terms.streams), apps=("*",))
    told = outer.manifest
    asked = Asked(
        bundle_id=told.bundle_id, episode_id=told.episode_id, user_key=told.user_key,
        agreed=(agreed, agreed),
    )  # fmt: skip

    def opened() -> None:
        plain.seek(0)
        with path.open("rb") as file:
            file.seek(outer.payload_at)
            pyrage.decrypt_io(PartOfFile(file, told.payload_bytes), plain, [study.identity])

    def checked() -> None:
        plain.seek(0)
        verdict = check_content(asked, plain)
        if verdict.code:
            raise SystemExit(f"refused: {verdict.reason}")

    def hashed() -> None:
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")

    return {
        "age opens": opened, "SHA-256": hashed, "gate": lambda: check_outer(path, expect),
        "content check": checked,
    }  # fmt: skip


def _tell_many(study: Study, root: Path, count: int) -> None:
    """Collect many small bundles, and once more when all are there."""
    drop = root / "drop"
    _share(study, drop, count)
    mine = Collection.create(root / "collection", study.notice.terms.id, utc_now())
    for name in ("first run", "second run"):
        began_s = time.monotonic()
        with Watch(os.getpid()) as watch:
            report = _collect(study, mine, drop)
        took_s = time.monotonic() - began_s
        states = ", ".join(f"{state} {number}" for state, number in report.tally.states.items())
        memory = watch.peak_pss_mb or watch.peak_rss_mb
        print(f"{f'{count} bundles, {name}':34} {took_s:7.1f} s, {memory:.0f} MB at most; {states}")


def _collect(study: Study, mine: Collection, drop: Path) -> Report:
    secrets = StudySecrets(study.key, str(study.identity))
    order = Order(study.expect(), secrets, datetime.now(UTC), jobs=os.cpu_count() or 1)
    drops, _ = open_sources([str(drop)])
    with mine.held():
        return collect(mine, order, Sources(drops, []), mine.incoming, lambda _: lambda: None)


def _share(study: Study, drop: Path, count: int) -> None:
    for number, sender in zip(range(count), _senders(study), strict=False):
        episode_id = new_id()
        content, tar = _content(episode_id, 0)
        path = drop / drop_path("bundles", sender.study, sender.pseudonym, content.bundle_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_bundle(file, sender, episode_id, content, io.BytesIO(tar))
        if number % _A_PERSON == 0:
            print(f"\rmade {number} of {count}", end="\r", flush=True)


def _senders(study: Study) -> Iterator[Sender]:
    number = 0
    while True:
        number += 1
        sender = study.sender(number)
        for _ in range(_A_PERSON):
            yield sender


def _content(episode_id: str, frame_files: int) -> tuple[ContentManifest, bytes]:
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
    """Give a ULID of now."""
    return ulid(SystemClock().wall_ns(), os.urandom(10))


if __name__ == "__main__":
    main()
