"""The signed manifest, the owner's summary, and what may be read of them without a key."""

import base64
import binascii
import json
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recorder.core.newer import is_newer_version
from recorder.episodes.schemas import SCHEMA_VERSION
from recorder.episodes.table_files import DamagedFile, NewerFile

MANIFEST_TYPE: Final = "application/vnd.recorder.manifest+json"
"""DSSE payload type of a manifest."""
MANIFEST_LIMIT_BYTES: Final = 4_000_000
"""A day of one-second segments stays below it."""
_LONGEST_S: Final = 10**8
"""As many seconds as the names of files can hold, and more than three years."""


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Whole = Annotated[int, Field(ge=0, lt=2**63)]
"""Fits a column; a manifest may be damaged or planted."""


class CaptureOptions(_Closed):
    """How it was captured; stored in the manifest, tells nothing of what was done."""

    keyboard: str = ""
    screen: str = ""
    titles: str = ""
    pointer: str = ""
    targets: str = ""
    input_source: str = ""
    screen_source: str = ""
    settings: dict[str, str | int | float | bool] = {}


class FileEntry(_Closed):
    """One file of the episode; `rows` 0 for files that are no table."""

    name: str
    sha256: str
    bytes: int
    rows: int


class Anchor(_Closed):
    """The wall clock at an instant of the episode; a new one where it jumped."""

    t_ns: Whole
    wall_ns: Whole


class Removed(_Closed):
    """Files that their owner deleted from a closed episode; whole seconds."""

    start_s: Whole
    end_s: Whole
    files: tuple[str, ...]


class Manifest(_Closed):
    """Payload of `manifest.json`; times are UTC, ISO 8601."""

    episode_id: str
    study_pseudonym: str | None
    consent_id: str
    notice_sha256: str
    ledger_head: str
    grant: str
    recorder_version: str
    schema_version: str
    started: str
    duration_s: Annotated[float, Field(ge=0, le=_LONGEST_S)]
    clock: str
    anchors: Annotated[tuple[Anchor, ...], Field(min_length=1)]
    capture: CaptureOptions
    double_click_ms: int | None
    drag_threshold_px: int | None
    losses: dict[str, dict[str, int]]
    files: tuple[FileEntry, ...]
    removed: tuple[Removed, ...] = ()


class AppSeen(_Closed):
    """An app that had the focus."""

    app_id: str
    app_name: str | None
    focus_rows: int


class TaskSeen(_Closed):
    """A task as labelled, redacted."""

    t_ns: int
    instruction: str | None
    outcome: str | None


class Summary(_Closed):
    """What was done, for the owner's eyes: `summary.json.age`."""

    episode_id: str
    apps: tuple[AppSeen, ...]
    tasks: tuple[TaskSeen, ...]
    redactions: dict[str, dict[str, int]]
    """{keyboard, screen, titles: {kind of entity or reason: count}}."""
    counts: dict[str, int]
    degraded: dict[str, str] = {}
    """{what could not be told: its fix}; words of `core.degraded`."""


class _Envelope(BaseModel):
    """As much of a DSSE envelope as is needed to read its payload."""

    payload: str
    payloadType: str  # noqa: N815 - DSSE's name


def read_manifest(envelope: bytes) -> Manifest:
    """Give a manifest as it stands, its signature unchecked.

    Raises:
        DamagedFile: It is no envelope around a manifest, or of a later version.
    """
    payload = b""
    try:
        found = _Envelope.model_validate_json(envelope)
        if found.payloadType != MANIFEST_TYPE:
            raise DamagedFile("manifest.json", "of another kind")
        payload = base64.b64decode(found.payload, validate=True)
        return Manifest.model_validate_json(payload)
    except (ValidationError, binascii.Error, ValueError) as cause:
        if is_newer_version(payload, SCHEMA_VERSION):
            raise NewerFile("manifest.json") from cause
        raise DamagedFile("manifest.json", "damaged") from cause


def manifest_bytes(manifest: Manifest) -> bytes:
    """Give the bytes that are signed: sorted keys, no spaces."""
    return json.dumps(manifest.model_dump(), sort_keys=True, separators=(",", ":")).encode()
