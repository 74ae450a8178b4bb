"""Days and episodes in a list: from names, sizes and summaries; only this grows with them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from recorder.core.amounts import count_text, size_text
from recorder.core.errors import RecorderError
from recorder.core.ids import ulid_wall_ns
from recorder.episodes.copies import approved_ids
from recorder.episodes.homes import episode_homes
from recorder.episodes.manifest import Summary
from recorder.episodes.reviewed import is_seen, manifest_digest, reviewed
from recorder.episodes.store import EpisodeInfo, episode_info
from recorder.review.clocks import clock_text, length_text, local
from recorder.review.vault import Vault

PAGE: Final = 40
"""Episodes on one page of the list."""
_APPS: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """An episode in the list.

    Attributes:
        flags: Words on what is special: being recorded, unfinished, damaged, demo, …
        can_open: It can be looked at.
        is_approved: Some study may have it, or a part of it.
        is_seen: It was marked as seen and is still the same.
        manifest_sha256: Names what was looked at; "" while it can still change.
    """

    episode_id: str
    day: date
    began: str
    length: str
    size: str
    apps: str
    counts: str
    taken: str
    flags: tuple[str, ...]
    can_open: bool
    is_approved: bool
    is_seen: bool
    manifest_sha256: str

    @property
    def is_reviewed(self) -> bool:
        """Whether it needs no further look."""
        return self.is_approved or self.is_seen


def homes_of_day(folder: Path, day: date) -> list[Path]:
    """Give the episodes that began on a local day, oldest first."""
    return [home for home in episode_homes(folder) if day_of(home) == day]


def day_of(home: Path) -> date:
    """Give the local day on which an episode began."""
    return local(ulid_wall_ns(home.name)).date()


def unreviewed_first(folder: Path) -> list[Path]:
    """Give all episodes: those neither approved nor seen first, then the newest first."""
    newest = list(reversed(episode_homes(folder)))
    done = reviewed(folder, newest)
    return sorted(newest, key=lambda home: home.name in done)


def rows(vault: Vault, homes: list[Path], live: str) -> Iterator[Row]:
    """Give the rows of episodes; one that cannot be opened says so."""
    approved = approved_ids(vault.folder)
    for home in homes:
        info = episode_info(home)
        try:
            summary, why = vault.summary(home.name), ""
        except RecorderError as error:
            summary, why = None, error.message
        row = _row(info, summary, why, live=info.episode_id == live)
        yield replace(
            row,
            is_approved=home.name in approved,
            is_seen=is_seen(home),
            manifest_sha256="" if info.episode_id == live else manifest_digest(home),
        )


def _row(info: EpisodeInfo, summary: Summary | None, why: str, *, live: bool) -> Row:
    apps = [app.app_name or app.app_id for app in summary.apps] if summary else []
    named = list(dict.fromkeys(apps))
    more = f" and {len(named) - _APPS} more" if len(named) > _APPS else ""
    return Row(
        episode_id=info.episode_id,
        day=local(info.started_wall_ns).date(),
        began=clock_text(info.started_wall_ns)[:5],
        length=length_text(info.duration_s),
        size=size_text(info.size_bytes),
        apps=", ".join(named[:_APPS]) + more,
        counts=_counts(summary),
        taken=_taken(summary),
        flags=_flags(info, summary, why, live=live),
        can_open=not why,
        is_approved=False,
        is_seen=False,
        manifest_sha256="",
    )


def _counts(summary: Summary | None) -> str:
    if summary is None:
        return ""
    found = (
        (summary.counts.get("events.button_down", 0), "click"),
        (summary.counts.get("events.key_down", 0), "key"),
        (summary.counts.get("frames.with_image", 0), "picture"),
    )
    return ", ".join(count_text(count, word) for count, word in found if count)


def _taken(summary: Summary | None) -> str:
    """Give how much was taken out of what was typed and shown."""
    if summary is None:
        return ""
    typed = sum(n for kind, n in summary.redactions.get("keyboard", {}).items() if kind != "class")
    shown = sum(
        n
        for kind, n in summary.redactions.get("screen", {}).items()
        if kind not in {"scope", "layout"}
    )
    found = ((typed, "typed value"), (shown, "place on screen", "places on screen"))
    return ", ".join(count_text(*words) for words in found if words[0])


def _flags(info: EpisodeInfo, summary: Summary | None, why: str, *, live: bool) -> tuple[str, ...]:
    found = []
    if live:
        found.append("being recorded")
    elif info.damaged:
        found.append("of a newer recorder" if info.newer else "damaged")
    elif not info.closed:
        found.append("unfinished")
    if info.grant == "demo":
        found.append("demo")
    if summary is not None and summary.degraded:
        found.append("something could not be told")
    if why:
        found.append(why)
    return tuple(found)
