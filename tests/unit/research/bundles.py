"""Valid small bundles in milliseconds, and what makes them invalid; no passphrases."""

import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recorder.consent.keys import ControllerKey, SigningKey
from recorder.consent.studies import Joined
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.core.frames import FrameRow, Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.ids import ulid
from recorder.core.levels import KeyboardLevel, Levels
from recorder.episodes.names import TABLES, Table
from recorder.episodes.rows import Row, to_table
from recorder.episodes.schemas import file_schema, writer_options
from recorder.pictures import coded
from recorder.research.collect_run import Report, Sources, collect
from recorder.research.collecting import Order
from recorder.research.collection import Collection
from recorder.research.sources import open_sources
from recorder.research.studies import StudySecrets
from recorder.sharing.bundle import CONTENT, CONTENT_MANIFEST, Sender, _Plain, write_bundle
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.payload import INDEX
from recorder.sharing.statements import CONTENT_TYPE, BundleManifest, ContentFile, ContentManifest
from recorder.sharing.ustar import END, header, padding
from tests.unit.sharing.joining import NOW, Person, Study

AT = datetime.fromtimestamp(NOW // 10**9, UTC)
SECOND = 10**9
WIDTH, HEIGHT = 32, 20


@cache
def picture(width: int = WIDTH, height: int = HEIGHT) -> bytes:
    return coded(np.full((height, width, 4), 90, np.uint8), "redacted")


def new_id() -> str:
    return ulid(NOW, os.urandom(10))


EVENTS = (
    EventRow(1, Kind.MOVE, x=3, y=4, monitor_id=0),
    EventRow(2, Kind.BUTTON_DOWN, x=3, y=4, monitor_id=0, button="left", mods=0),
    EventRow(3, Kind.KEY_DOWN, key_class=KeyClass.CHAR, mods=0, redaction=Redaction.CLASS),
    EventRow(4, Kind.KEY_DOWN, key="enter", key_class=KeyClass.ENTER, mods=0),
)
CONTEXT = (
    ContextRow(0, ContextKind.GEOMETRY, monitors=(Monitor(0, Rect(0, 0, WIDTH, HEIGHT), is_primary=True),)),
    ContextRow(1, ContextKind.FOCUS, app_id="xterm", app_name="XTerm"),
)  # fmt: skip


def a_frame(image: bytes | None = None, level: str = "redacted") -> FrameRow:
    return FrameRow(
        1, 1, 2, None, None, 0, WIDTH, HEIGHT, 0, 0, 1.0, (Trigger.SETTLED,),
        picture() if image is None else image, "ab" * 32, 5, None, level, (), ("xterm",),
    )  # fmt: skip


def rows_of(**changed: tuple[Row, ...]) -> dict[Table, tuple[Row, ...]]:
    given: dict[Table, tuple[Row, ...]] = {
        "events": EVENTS, "frames": (a_frame(),), "context": CONTEXT,
    }  # fmt: skip
    return {table: changed.get(table, given[table]) for table in TABLES}


@dataclass
class Content:
    """What is inside of a bundle; change anything before it is made."""

    episode_id: str = field(default_factory=new_id)
    bundle_id: str = field(default_factory=new_id)
    rows: Mapping[Table, tuple[Row, ...]] = field(default_factory=rows_of)
    index: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """Beside or in place of those made of the rows."""
    manifest: dict[str, Any] = field(default_factory=dict)
    """Fields of the content manifest that say something else."""

    def made(self) -> tuple[ContentManifest, bytes]:
        files = {INDEX: self._index()}
        for table, rows in self.rows.items():
            files[f"{table}-000000.parquet"] = parquet(table, rows, self.episode_id)
        files = {name: self.files.get(name, data) for name, data in {**files, **self.files}.items()}
        tar = b"".join(member(name, data) for name, data in files.items()) + END
        return ContentManifest(**{**self._told(files, tar), **self.manifest}), tar

    def _index(self) -> bytes:
        told = {
            "schema": "recorder.payload/1", "episode_id": self.episode_id, "grant": "person",
            "ranges": [[0, 5 * SECOND]],
        }  # fmt: skip
        return json.dumps({**told, **self.index}).encode()

    def _told(self, files: Mapping[str, bytes], tar: bytes) -> dict[str, Any]:
        apps = {
            f"{row.app_id}:{row.url_host}" if row.url_host else row.app_id
            for row in self.rows.get("context", ())
            if isinstance(row, ContextRow) and row.app_id
        }
        return {
            "bundle_id": self.bundle_id,
            "content_sha256": hashlib.sha256(tar).hexdigest(),
            "content_bytes": len(tar),
            "rows": {table: len(rows) for table, rows in self.rows.items() if rows},
            "apps": tuple(sorted(apps)),
            "tasks": 0,
            "duration_ns": 5 * SECOND,
            "files": tuple(
                ContentFile(
                    name=name, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data)
                )
                for name, data in files.items()
            ),
        }


def parquet(table: Table, rows: tuple[Row, ...], episode_id: str, **options: Any) -> bytes:  # noqa: ANN401 - of pyarrow
    found = to_table(table, rows, range(len(rows)), episode_id, 0)
    return parquet_of(table, found, episode_id, **options)


def parquet_of(table: Table, rows: pa.Table, episode_id: str, **options: Any) -> bytes:  # noqa: ANN401 - as above
    file, schema = io.BytesIO(), file_schema(table, episode_id, 0)
    with pq.ParquetWriter(file, schema, **{**writer_options(table), **options}) as out:
        out.write_table(rows.replace_schema_metadata(schema.metadata))
    return file.getvalue()


def member(name: str, data: bytes) -> bytes:
    return header(name, len(data)) + data + bytes(padding(len(data)))


@dataclass
class Lab:
    """A study, a drop and a collection."""

    root: Path
    study: Study
    order: Order

    @classmethod
    def make(cls, root: Path, study: Study) -> "Lab":
        (root / "drop").mkdir()
        secrets = StudySecrets(as_controller(study), study.identity)
        return cls(root, study, Order(study.expect(), secrets, AT))

    @property
    def name(self) -> str:
        return self.study.notice.terms.id

    @property
    def drop(self) -> Path:
        return self.root / "drop"

    @property
    def collection(self) -> Collection:
        return Collection.create(self.root / "collection", self.name, AT)

    def put(self, data: bytes, manifest: BundleManifest) -> Path:
        path = self.drop / drop_path("bundles", self.name, manifest.pseudonym, manifest.bundle_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def share(
        self, person: Person, joined: Joined, content: Content | None = None
    ) -> BundleManifest:
        data, manifest = bundle(person, joined, content or Content())
        self.put(data, manifest)
        return manifest

    def collect(self, *sources: Path, **changed: Any) -> Report:  # noqa: ANN401 - fields of an order
        mine = self.collection
        drops, files = open_sources([str(path) for path in sources or (self.drop,)])
        with mine.held():
            return collect(
                mine, replace(self.order, **changed), Sources(drops, files), mine.incoming,
                lambda *_: lambda: None,
            )  # fmt: skip


def as_controller(study: Study) -> ControllerKey:
    assert isinstance(study.key, ControllerKey)
    return study.key


def bundle(person: Person, joined: Joined, content: Content) -> tuple[bytes, BundleManifest]:
    return bundle_of(person.sender(joined), content)


def bundle_of(sender: Sender, content: Content) -> tuple[bytes, BundleManifest]:
    file = io.BytesIO()
    told, tar = content.made()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Plain, "check", lambda _: None)  # some say what is not true
        manifest = write_bundle(file, sender, content.episode_id, told, io.BytesIO(tar))
    return file.getvalue(), manifest


def plain_of(content: Content, key: SigningKey) -> bytes:
    """Give what is sealed into a bundle."""
    told, tar = content.made()
    front = member(CONTENT_MANIFEST, key.sign(told.payload(), CONTENT_TYPE))
    return front + member(CONTENT, tar) + END


WIDE = Levels(keyboard=KeyboardLevel.TEXT)


def in_order() -> Iterator[str]:
    """Give ids of bundles, one made after the other."""
    return (ulid(NOW + n * 10**9, os.urandom(10)) for n in range(9))


def files(place: Path) -> dict[str, bytes]:
    """Give everything below a folder but the log, which tells of every try."""
    found = {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file()}
    found.pop("access.jsonl", None)
    return found
