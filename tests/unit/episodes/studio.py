"""A recording folder, its keys, and rows as redaction releases them."""

import base64
import json
import os
import shutil
import sys
from collections.abc import Sequence
from copy import copy
from pathlib import Path

import pyrage
import pytest

from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.keys import create_signing_keys, load_device_key
from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, Kind
from recorder.core.frames import FrameRow, PaintedBox, Trigger
from recorder.core.geometry import Monitor, Rect
from recorder.core.ids import ulid
from recorder.core.levels import Levels
from recorder.core.proofs import GrantKind, GrantTerms, mint_grant, vouch
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.owner import Owner
from recorder.episodes.reader import Episode, open_episode
from recorder.episodes.writer import EpisodeStart, EpisodeWriter

SECOND = 1_000_000_000
T0 = 7_000 * SECOND
WALL = 1_795_000_000 * SECOND
TERMS = GrantTerms("consent-1", "ab" * 32, "cd" * 32, GrantKind.PERSON, Levels(), ("*",), 0)
GRANT = mint_grant(TERMS)


class Studio:
    """Writes and opens episodes in one folder; plain when told so."""

    def __init__(self, folder: Path, *, plain: bool = False) -> None:
        self.folder = folder
        key = pyrage.x25519.Identity.generate()
        self.identity = str(key)
        self.recipients: tuple[str, ...] = () if plain else (str(key.to_public()),)

    def begin(self, wall_ns: int = WALL) -> EpisodeWriter:
        return EpisodeWriter(
            EpisodeStart(
                folder=self.folder,
                episode_id=ulid(wall_ns, os.urandom(10)),
                t0_ns=T0,
                wall_ns=wall_ns,
                terms=TERMS,
                recipients=self.recipients,
                sign=sign,
            )
        )

    def copy(self, folder: Path) -> "Studio":
        """Give the same keys and episodes in another folder: quicker than writing them."""
        found = copy(self)
        found.folder = shutil.copytree(self.folder, folder)
        return found

    @property
    def owner(self) -> Owner:
        """Who signs and to whom summaries are sealed."""
        return Owner(sign, self.recipients)

    def open(self, path: Path) -> Episode:
        return open_episode(path, identity=self.identity if self.recipients else None)


def owned_studio(folder: Path, patch: pytest.MonkeyPatch) -> Studio:
    """Make a person's folder with all its keys, and a studio that signs as its device."""
    make_folder(folder, FolderFile(folder_id="0" * 26, plain=False, secret="passphrase"))
    studio = Studio(folder)
    create_signing_keys(folder, studio.recipients)
    (folder / "keys" / "recipients.txt").write_text("\n".join(studio.recipients))
    sign_as_device(folder, patch)
    return studio


def sign_as_device(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let the folder's own device key sign what studios write."""
    device = load_device_key(folder)
    patch.setattr(
        sys.modules[__name__], "sign", lambda payload: device.sign(payload, MANIFEST_TYPE)
    )


def sign(payload: bytes) -> bytes:
    """Stand in for the device key: an envelope with a signature that says its payload."""
    text = base64.b64encode(payload).decode()
    return json.dumps(
        {"payload": text, "payloadType": MANIFEST_TYPE, "signatures": [{"sig": text}]}
    ).encode()


def check(envelope: bytes) -> bytes:
    """Check what `sign` made."""
    fields = json.loads(envelope)
    if fields["signatures"][0]["sig"] != fields["payload"]:
        raise ValueError
    return base64.b64decode(fields["payload"])


def moves(first_s: float, count: int, step_s: float = 0.001) -> list[EventRow]:
    """Give pointer rows from a second of the episode on."""
    return [
        EventRow(T0 + int((first_s + i * step_s) * SECOND), Kind.MOVE, x=i, y=-i, monitor_id=0)
        for i in range(count)
    ]


def frame(frame_id: int, at_s: float, image: bytes | None = b"RIFFwebp") -> FrameRow:
    """Give a frame whose grab ended at a second of the episode."""
    end_ns = T0 + int(at_s * SECOND)
    boxes = (PaintedBox(Rect(1, 2, 30, 4), "EMAIL_1"), PaintedBox(Rect(0, 0, 9, 9), "scope"))
    return FrameRow(
        frame_id, end_ns - 2_000_000, end_ns, None, end_ns + 5, 0, 1920, 1080, -1920, 0, 1.5,
        (Trigger.BEFORE_ACTION, Trigger.SETTLED), image, "ab" * 32, 2**64 - 3,
        None if image else 1, "redacted", boxes,
    )  # fmt: skip


def focus(at_s: float, app: str = "xterm") -> ContextRow:
    """Give a focus row."""
    return ContextRow(T0 + int(at_s * SECOND), ContextKind.FOCUS, app_id=app, window_title="Mail")


def opening() -> list[ContextRow]:
    """Give the rows with which an episode opens."""
    monitor = Monitor(0, Rect(0, 0, 1920, 1080), is_primary=True)
    return [
        ContextRow(T0, ContextKind.CONSENT, consent_id="consent-1"),
        ContextRow(T0, ContextKind.GEOMETRY, monitors=(monitor,)),
        ContextRow(T0, ContextKind.CLOCK, wall_ns=WALL),
    ]


def add(
    writer: EpisodeWriter,
    *,
    events: Sequence[EventRow] = (),
    frames: Sequence[FrameRow] = (),
    context: Sequence[ContextRow] = (),
) -> list[int]:
    """Add rows as the agent does; gives the numbers of the context rows."""
    seqs = writer.add_context([vouch(row) for row in context], GRANT)
    for row in frames:
        writer.add_frame(vouch(row), GRANT)
    writer.add_events([vouch(row) for row in events], GRANT)
    return seqs
