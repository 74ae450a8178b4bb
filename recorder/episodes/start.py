"""What an episode begins with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from recorder import __version__
from recorder.core.proofs import GrantTerms
from recorder.episodes.manifest import CaptureOptions

_SECOND_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class EpisodeStart:
    """Folder, clocks, consent and keys of one episode.

    Attributes:
        folder: The recording folder, which holds `episodes/`.
        episode_id: A ULID made from `wall_ns`.
        t0_ns: Absolute monotonic nanoseconds that become 0.
        wall_ns: Wall clock at `t0_ns`.
        terms: Of the grant under which it is recorded.
        recipients: age1… of the owner; empty for a plain folder.
        sign: Gives a DSSE envelope around a manifest (`manifest.MANIFEST_TYPE`).
        capture: How it is captured.
        clock: Where event times come from.
    """

    folder: Path
    episode_id: str
    t0_ns: int
    wall_ns: int
    terms: GrantTerms
    recipients: tuple[str, ...]
    sign: Callable[[bytes], bytes] = field(repr=False)
    capture: CaptureOptions = field(default_factory=CaptureOptions)
    clock: str = "CLOCK_MONOTONIC"
    double_click_ms: int | None = None
    drag_threshold_px: int | None = None
    study_pseudonym: str | None = None
    recorder_version: str = __version__

    @property
    def date(self) -> str:
        """The folder's date, UTC."""
        return datetime.fromtimestamp(self.wall_ns / _SECOND_NS, UTC).date().isoformat()
