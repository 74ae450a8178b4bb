"""What an approval's sealed copy holds, byte for byte and row for row."""

import io
import tarfile
from typing import Any

import pyrage

from recorder.consent.keys import PublicKey, verify_envelope
from recorder.episodes.reader import Episode
from recorder.sharing.approval import Approval
from recorder.sharing.bundle import CONTENT, CONTENT_MANIFEST
from recorder.sharing.bundle_gate import Outer
from recorder.sharing.statements import CONTENT_TYPE, ContentManifest
from recorder.sharing.study_ids import id_for_study

OWN = {"consent", "clock", "stream"}


def plain_payload(approval: Approval, identity: str) -> bytes:
    """Give the plain tar, unchecked."""
    key = pyrage.x25519.Identity.from_str(identity)
    plain: bytes = pyrage.decrypt(approval.payload.read_bytes(), [key])
    return plain


def sealed_payload(outer: Outer) -> bytes:
    """Give a bundle's age file."""
    first = outer.payload_at
    return outer.path.read_bytes()[first : first + outer.manifest.payload_bytes]


def opened(outer: Outer, identity: str) -> tuple[ContentManifest, bytes]:
    """Give what a bundle holds, by age and tarfile alone: its manifest and the approved tar."""
    plain = pyrage.decrypt(sealed_payload(outer), [pyrage.x25519.Identity.from_str(identity)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        assert tar.getnames() == [CONTENT_MANIFEST, CONTENT]
        envelope, content = (file.read() for one in tar if (file := tar.extractfile(one)))
    key = PublicKey(role="user", public=outer.manifest.user_key)
    told = verify_envelope(envelope, key, CONTENT_TYPE)
    return ContentManifest.model_validate_json(told), content


def as_shared(episode: Episode, table: str, approval: Approval) -> list[dict[str, Any]]:
    """Give an episode's rows as its study gets them when all of it goes."""
    study_id = id_for_study(episode.path.parents[2], approval.study, episode.episode_id)
    found = [_in_ms(row) | {"episode_id": study_id} for row in getattr(episode, table).to_pylist()]
    frames = {row["frame_id"]: at for at, row in enumerate(episode.frames.to_pylist())}
    context = [row["seq"] for row in episode.context.to_pylist() if row["kind"] not in OWN]
    if table == "events":
        return [
            row
            | {
                "frame_id": frames.get(row["frame_id"]),
                "window_seq": None
                if row["window_seq"] is None
                else context.index(row["window_seq"]),
            }
            for row in found
        ]
    if table == "frames":
        names = ("frame_id", "dup_of_frame_id")
        return [row | {name: frames.get(row[name]) for name in names} for row in found]
    found = [row for row in found if row["kind"] not in OWN]
    return [row | {"seq": at, "wall_ns": None, "consent_id": None} for at, row in enumerate(found)]


def _in_ms(row: dict[str, Any]) -> dict[str, Any]:
    times = {name: value for name, value in row.items() if name.startswith("t_") and value}
    return row | {name: value - value % 1_000_000 for name, value in times.items()}
