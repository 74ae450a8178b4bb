"""A tiny content of our own: checking it loads all that a check needs, while files still open."""

import hashlib
import io
import json
from typing import Final

import pyarrow.parquet as pq
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recorder.consent.keys import SigningKey, UserKey
from recorder.consent.records import NOTHING, StreamLevels
from recorder.core.proofs import GrantKind
from recorder.episodes.names import TABLES
from recorder.episodes.schemas import SCHEMAS, file_schema, writer_options
from recorder.research.content_check import check_content
from recorder.research.content_verdict import Agreed, Asked
from recorder.sharing.bundle import CONTENT, CONTENT_MANIFEST
from recorder.sharing.payload import INDEX
from recorder.sharing.statements import CONTENT_TYPE, ContentFile, ContentManifest
from recorder.sharing.ustar import END, header, padding

_ID: Final = "0" * 26


def check_sample() -> None:
    """Check an episode without rows.

    Raises:
        RuntimeError: It is refused, so no other check can be relied on.
    """
    key = UserKey(Ed25519PrivateKey.generate())
    asked = Asked(
        bundle_id=_ID,
        episode_id=_ID,
        user_key=key.public.public,
        agreed=(Agreed(levels=StreamLevels.of(NOTHING), apps=()),),
    )
    verdict = check_content(asked, io.BytesIO(_payload(key)))
    if verdict.code:
        raise RuntimeError(f"the sample content is refused: {verdict.reason}")


def _payload(key: SigningKey) -> bytes:
    told = {"schema": "recorder.payload/1", "episode_id": _ID, "grant": GrantKind.PERSON}
    files = [(INDEX, json.dumps({**told, "ranges": []}).encode())]
    for table in TABLES:
        file, schema = io.BytesIO(), file_schema(table, _ID, 0)
        with pq.ParquetWriter(file, schema, **writer_options(table)) as out:
            out.write_table(SCHEMAS[table].with_metadata(schema.metadata).empty_table())
        files.append((f"{table}-000000.parquet", file.getvalue()))
    content = b"".join(_member(name, data) for name, data in files) + END
    manifest = ContentManifest(
        bundle_id=_ID,
        content_sha256=hashlib.sha256(content).hexdigest(),
        content_bytes=len(content),
        rows={},
        apps=(),
        tasks=0,
        duration_ns=0,
        files=tuple(
            ContentFile(name=name, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
            for name, data in files
        ),
    )
    front = _member(CONTENT_MANIFEST, key.sign(manifest.payload(), CONTENT_TYPE))
    return front + _member(CONTENT, content) + END


def _member(name: str, data: bytes) -> bytes:
    return header(name, len(data)) + data + bytes(padding(len(data)))
