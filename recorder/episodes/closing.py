"""Closing an episode: the summary for its owner, then the signed manifest, last of all."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from recorder.episodes.manifest import (
    Anchor,
    CaptureOptions,
    FileEntry,
    Manifest,
    manifest_bytes,
)
from recorder.episodes.names import KEY_FILE, MANIFEST_FILE, SEALED_SUMMARY_FILE, SUMMARY_FILE
from recorder.episodes.schemas import SCHEMA_VERSION
from recorder.episodes.sealing import seal
from recorder.episodes.segments import SECOND_NS, Segments
from recorder.episodes.start import EpisodeStart
from recorder.episodes.table_files import sha256_of
from recorder.episodes.tally import summary
from recorder.files import write_whole

_JUMP_NS: Final = SECOND_NS
MAX_ANCHORS: Final = 1_000


@dataclass(slots=True)
class Jumps:
    """Anchors of the wall clock; a new one only where it jumped against the monotonic one."""

    wall_ns: int
    anchors: list[Anchor] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.anchors.append(Anchor(t_ns=0, wall_ns=self.wall_ns))

    def see(self, t_ns: int, wall_ns: int) -> None:
        """Take a reading of both clocks; `t_ns` since the episode began."""
        last = self.anchors[-1]
        drift_ns = (wall_ns - last.wall_ns) - (t_ns - last.t_ns)
        if abs(drift_ns) > _JUMP_NS and len(self.anchors) < MAX_ANCHORS:
            self.anchors.append(Anchor(t_ns=t_ns, wall_ns=wall_ns))


@dataclass(frozen=True, slots=True)
class Closing:
    """What the last two files are made from; `losses` as {stream: {reason: count}}."""

    start: EpisodeStart
    home: Path
    segments: Segments
    losses: dict[str, dict[str, int]]
    end_ns: int
    jumps: Jumps


def write_closing(closing: Closing) -> None:
    """Write the summary, sealed where the folder is, and the manifest.

    Raises:
        OSError: The manifest is not there; the episode counts as unfinished.
    """
    start = closing.start
    told = summary(start.episode_id, closing.segments.tally).model_dump_json().encode()
    if start.recipients:
        write_whole(closing.home / SEALED_SUMMARY_FILE, seal(told, start.recipients))
    else:
        write_whole(closing.home / SUMMARY_FILE, told)
    envelope = start.sign(manifest_bytes(_manifest(closing)))
    write_whole(closing.home / MANIFEST_FILE, envelope)


def _manifest(closing: Closing) -> Manifest:
    start, terms = closing.start, closing.start.terms
    return Manifest(
        episode_id=start.episode_id,
        study_pseudonym=start.study_pseudonym,
        consent_id=terms.consent_id,
        notice_sha256=terms.notice_sha256,
        ledger_head=terms.ledger_head,
        grant=terms.kind.value,
        recorder_version=start.recorder_version,
        schema_version=SCHEMA_VERSION,
        started=datetime.fromtimestamp(start.wall_ns / SECOND_NS, UTC).isoformat(),
        duration_s=round(closing.end_ns / SECOND_NS, 3),
        clock=start.clock,
        anchors=tuple(closing.jumps.anchors),
        capture=_capture(closing),
        double_click_ms=start.double_click_ms,
        drag_threshold_px=start.drag_threshold_px,
        losses=closing.losses,
        files=tuple(closing.segments.entries() + _other_files(closing.home)),
    )


def _capture(closing: Closing) -> CaptureOptions:
    levels = closing.start.terms.levels
    given = closing.start.capture
    told = {
        name: getattr(given, name) or getattr(levels, name).value
        for name in ("keyboard", "screen", "titles", "pointer", "targets")
    }
    return given.model_copy(update=told)


def _other_files(home: Path) -> list[FileEntry]:
    found = []
    for name in (KEY_FILE, SEALED_SUMMARY_FILE, SUMMARY_FILE):
        path = home / name
        if path.is_file():
            size = path.stat().st_size
            found.append(FileEntry(name=name, sha256=sha256_of(path), bytes=size, rows=0))
    return found
