"""What an approved payload holds, read from its very bytes: shown before anything leaves."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Final, cast

import pyarrow as pa
import pyarrow.parquet as pq

from recorder.core.errors import ExitCode
from recorder.core.losses import Loss
from recorder.core.proofs import GrantKind
from recorder.episodes.names import TABLES, Table
from recorder.sharing.bundle import NotBundled
from recorder.sharing.payload import INDEX
from recorder.sharing.statements import ContentFile, ContentManifest
from recorder.sharing.ustar import Readable
from recorder.sharing.within import Bounds, WithinCheck

MOST_PICTURES: Final = 24
_CHUNK_BYTES: Final = 1 << 20


@dataclass(slots=True)
class Contents:
    """What is in a payload.

    Attributes:
        windows: `app` or `app:host` of every window.
        pictures: Up to 24 of its frames, WebP, with their times in nanoseconds.
        episode_id: As the study gets it.
    """

    episode_id: str = ""
    sha256: str = ""
    size_bytes: int = 0
    duration_ns: int = 0
    tasks: int = 0
    rows: dict[str, int] = field(default_factory=lambda: dict.fromkeys(TABLES, 0))
    windows: tuple[str, ...] = ()
    files: list[ContentFile] = field(default_factory=list)
    removed: set[Loss] = field(default_factory=set)
    pictures: list[tuple[int, bytes]] = field(default_factory=list, repr=False)

    def manifest(self, bundle_id: str) -> ContentManifest:
        """Give what the participant signs for a bundle."""
        return ContentManifest(
            bundle_id=bundle_id, content_sha256=self.sha256, content_bytes=self.size_bytes,
            rows={name: count for name, count in self.rows.items() if count}, apps=self.windows,
            tasks=self.tasks, duration_ns=self.duration_ns, files=tuple(self.files),
            removed=tuple(sorted(self.removed)),
        )  # fmt: skip


def look_through(
    source: Readable, bounds: Bounds, step: Callable[[int], None] | None = None
) -> Contents:
    """Give what a payload holds, and see that it is within the consent. One file at a time.

    Args:
        source: The approved tar, as it was opened.
        bounds: What the study may have.
        step: Told of the bytes of each file.

    Raises:
        BeyondConsent: It holds more.
        NotBundled: It is a demonstration, or no payload of ours.
    """
    stream = _Hashing(source)
    found = Contents()
    check = WithinCheck(bounds)
    try:
        with tarfile.open(mode="r|", fileobj=cast("BinaryIO", stream)) as tar:
            for member in tar:
                file = tar.extractfile(member)
                data = b"" if file is None else file.read()
                _look(found, check, member.name, data)
                if step is not None:
                    step(len(data))
    except (tarfile.TarError, pa.ArrowInvalid, ValueError, KeyError) as cause:
        raise NotBundled("its approved payload is damaged", "approve it again") from cause
    check.end()
    while stream.read(_CHUNK_BYTES):
        pass
    found.windows = tuple(sorted(check.windows))
    found.sha256, found.size_bytes = stream.digest.hexdigest(), stream.size_bytes
    return found


class _Hashing:
    """Hashes what is read."""

    def __init__(self, source: Readable) -> None:
        self._source = source
        self.digest = hashlib.sha256()
        self.size_bytes = 0

    def read(self, size: int) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        self.size_bytes += len(data)
        return data


def _look(found: Contents, check: WithinCheck, name: str, data: bytes) -> None:
    digest = hashlib.sha256(data).hexdigest()
    found.files.append(ContentFile(name=name, sha256=digest, size_bytes=len(data)))
    if name == INDEX:
        _look_at_index(found, data)
        return
    table: Table = next(one for one in TABLES if one == name.partition("-")[0])
    file = pq.ParquetFile(io.BytesIO(data))
    rows = file.read([one for one in file.schema_arrow.names if one != "image"])
    found.rows[table] += rows.num_rows
    check.look(table, rows)
    if table == "frames":
        _sample(found, file)
    elif table == "context":
        found.tasks += rows.num_rows - rows.column("instruction").null_count
    else:
        found.removed |= {
            Loss(one) for one in set(rows.column("reason").to_pylist()) if one in _LOSSES
        }


_LOSSES: Final = frozenset(Loss)


def _look_at_index(found: Contents, data: bytes) -> None:
    index = json.loads(data)
    if index["grant"] != GrantKind.PERSON:
        raise NotBundled(
            "it is a demonstration, to which nobody consented",
            "choose an episode that you recorded",
            ExitCode.CONSENT_MISMATCH,
        )
    found.episode_id = index["episode_id"]
    found.removed |= {Loss(one) for one in index.get("removed", ())}
    found.duration_ns = sum(last - first for first, last in index["ranges"])


def _sample(found: Contents, file: pq.ParquetFile) -> None:
    """Keep one picture of each file; every second one goes when there are too many."""
    rows = next(file.iter_batches(batch_size=1, columns=["t_grab_end_ns", "image"]), None)
    image = None if rows is None or not rows.num_rows else rows.column("image")[0].as_py()
    if image is not None and rows is not None:
        found.pictures.append((rows.column("t_grab_end_ns")[0].as_py(), image["bytes"]))
    if len(found.pictures) > MOST_PICTURES:
        del found.pictures[1::2]
