"""What an approval's sealed copy holds, byte for byte and row for row."""

from typing import Any

import pyrage

from recorder.episodes.reader import Episode
from recorder.sharing.approval import Approval
from recorder.sharing.study_ids import id_for_study

OWN = {"consent", "clock", "stream"}


def plain_payload(approval: Approval, identity: str) -> bytes:
    """Give the plain tar, unchecked."""
    key = pyrage.x25519.Identity.from_str(identity)
    plain: bytes = pyrage.decrypt(approval.payload.read_bytes(), [key])
    return plain


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
