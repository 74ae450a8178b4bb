"""Deleting parts of episodes: what goes is looked up and said first, then it goes for good."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from recorder.cli import output
from recorder.cli.fast import duration_s
from recorder.cli.opening import open_each, own_identity, refuse_live
from recorder.cli.progress import progress
from recorder.cli.spans import clock_text
from recorder.cli.system_clock import SystemClock
from recorder.core.each_alone import EachAlone
from recorder.core.ids import ulid_wall_ns
from recorder.episodes.manifest import Anchor
from recorder.episodes.owner import Owner, owner_of
from recorder.episodes.reader import Episode
from recorder.episodes.rewriting import Removed, plan_removal, remove
from recorder.episodes.selection import END_NS, Selection, TimeRange, TypedSegment
from recorder.episodes.typed_lines import typed_lines
from recorder.episodes.window_frames import frames_beside


@dataclass(frozen=True, slots=True)
class How:
    """How a command that deletes was called."""

    passphrase_file: Path | None
    dry_run: bool
    yes: bool
    as_json: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What is to go; `since` as typed, `1h`; `typed` a number within a typed segment."""

    span: TimeRange | None
    since: str | None
    app_id: str | None
    url_host: str | None
    alike: bool
    typed: int | None = None

    @property
    def is_some(self) -> bool:
        """Whether parts are named, and not whole episodes."""
        named = (self.span, self.since, self.app_id, self.url_host, self.typed)
        return any(part is not None for part in named)


@dataclass(frozen=True, slots=True)
class _Going:
    """What goes of one episode."""

    episode: Episode
    selection: Selection
    removed: Removed
    beside: tuple[int, ...] = ()
    """Frames that stay and may show the app or site beside another window."""


def delete_parts(folder: Path, homes: Sequence[Path], parts: Parts, how: How) -> None:
    """Look up what goes, ask, delete it, and tell.

    Raises:
        EpisodeOpen: One of them is being recorded.
        Declined: The person said no.
        RecorderError: One could not be changed; the others are.
    """
    refuse_live(folder, homes)
    since_ns = _since_wall_ns(parts)
    homes = [home for home in homes if not since_ns or _may_reach(home, since_ns)]
    identity = own_identity(folder, homes, how.passphrase_file)
    going = []
    with progress("Looking", len(homes)) as step:
        for episode in open_each(folder, homes, identity):
            going += _planned(episode, parts, since_ns)
            step()
    if going and not how.dry_run:
        output.say(_told(going, "goes"))
        output.confirm("Delete this for good?", yes=how.yes)
        owner = owner_of(folder)
        going = _removed(going, owner)
    payload: output.Payload = {
        "dry_run": how.dry_run,
        "episodes": [_payload(one) for one in going],
    }
    output.emit("delete", payload, how.as_json, lambda: _answer(going, how))


def _removed(going: Sequence[_Going], owner: Owner) -> list[_Going]:
    """Delete what was looked up; one that cannot be changed does not keep the others.

    Raises:
        RecorderError: The first thing that kept one of them.
    """
    done: list[_Going] = []
    each = EachAlone()
    with progress("Deleting", len(going)) as step:
        for one in going:
            with each.trying(one.episode.episode_id):
                removed = remove(one.episode, one.selection, owner)
                done.append(replace(one, removed=removed))
            step()
    for name, error in each.failed:
        output.say(f"{name}: {error.message}, nothing went of it")
    if each.failed:
        output.say(f"Deleted from {len(done)} of {len(going)} episodes.")
    each.end()
    return done


def _since_wall_ns(parts: Parts) -> int:
    """Give the wall time from which everything goes; 0 when no time was named."""
    if parts.since is None:
        return 0
    return SystemClock().wall_ns() - int(duration_s(parts.since) * 1e9)


def _may_reach(home: Path, since_ns: int) -> bool:
    """Tell whether files of an episode were written since; sealing a minute writes it last.

    One that another program deletes meanwhile has nothing left to reach.
    """
    changed_ns = 0
    with contextlib.suppress(FileNotFoundError):
        for path in home.iterdir():
            with contextlib.suppress(FileNotFoundError):
                changed_ns = max(changed_ns, path.lstat().st_mtime_ns)
    return home.exists() and (changed_ns >= since_ns or ulid_wall_ns(home.name) >= since_ns)


def _planned(episode: Episode, parts: Parts, since_ns: int) -> list[_Going]:
    """Give what goes of an episode; nothing when nothing does."""
    ranges: tuple[TimeRange, ...] = () if parts.span is None else (parts.span,)
    if parts.typed is not None:
        return _going(episode, Selection(typed=_segment(episode, parts.typed)))
    if since_ns:
        ranges = _since(_anchors(episode), since_ns)
        if not ranges:
            return []
    return _going(episode, Selection(ranges, parts.app_id, parts.url_host, alike=parts.alike))


def _going(episode: Episode, selection: Selection) -> list[_Going]:
    removed = plan_removal(episode, selection)
    if removed.is_empty:
        return []
    beside = tuple(frames_beside(episode, selection, removed.ranges))
    return [_Going(episode, selection, removed, beside)]


def _segment(episode: Episode, seq: int) -> TypedSegment:
    """Give the typed segment that a row belongs to.

    Raises:
        UsageError: It belongs to none.
    """
    for line in typed_lines(episode):
        if line.first_seq <= seq <= line.last_seq:
            return TypedSegment(line.first_seq, line.last_seq)
    raise output.UsageError(
        f"Nothing was typed at row {seq}", "recorder search shows the numbers of what was typed"
    )


def _since(anchors: Sequence[Anchor], since_ns: int) -> tuple[TimeRange, ...]:
    """Give the times of an episode at which the wall clock stood behind an instant."""
    found = []
    ends = [anchor.t_ns for anchor in anchors[1:]] + [END_NS]
    for anchor, end_ns in zip(anchors, ends, strict=True):
        start_ns = max(anchor.t_ns, anchor.t_ns + since_ns - anchor.wall_ns)
        if start_ns < end_ns:
            found.append(TimeRange(start_ns, end_ns))
    return tuple(found)


def _anchors(episode: Episode) -> tuple[Anchor, ...]:
    if episode.manifest is not None:
        return episode.manifest.anchors
    return (Anchor(t_ns=0, wall_ns=ulid_wall_ns(episode.episode_id)),)


def _payload(one: _Going) -> output.Payload:
    removed = one.removed
    return {
        "episode_id": one.episode.episode_id,
        "events": removed.events,
        "frames": removed.frames,
        "context": removed.context,
        "ranges": [[span.start_ns, span.end_ns] for span in removed.ranges],
        "alike": list(removed.alike),
        "beside": list(one.beside),
        "damaged": list(removed.damaged),
    }


def _answer(going: Sequence[_Going], how: How) -> str:
    if not going:
        return "Nothing fits that, so nothing was deleted. recorder show ID names apps and length."
    if how.dry_run:
        return _told(going, "would go") + "\nNothing was changed."
    return (
        f"Deleted from {len(going)} {'episode' if len(going) == 1 else 'episodes'}. "
        "Approvals of what was changed have ended.\n"
        "Backups and snapshots that you made may still hold it."
    )


def _told(going: Sequence[_Going], verb: str) -> str:
    lines = []
    for one in going:
        removed = one.removed
        lines.append(
            f"{one.episode.episode_id}  {removed.events} events, {removed.frames} frames, "
            f"{removed.context} rows about windows: {verb}"
        )
        lines += [
            f"    {clock_text(span.start_ns)} to {clock_text(span.end_ns)}"
            for span in removed.ranges[:5]
        ]
        if len(removed.ranges) > len(removed.ranges[:5]):
            lines.append(f"    and {len(removed.ranges) - 5} more times")
        if removed.alike:
            lines.append(
                f"    {len(removed.alike)} frames that stay show the same picture; "
                "--alike deletes them too"
            )
        if one.beside:
            shown = ", ".join(map(str, one.beside[:8])) + (" …" if one.beside[8:] else "")
            lines.append(
                f"    {len(one.beside)} frames that stay may show it beside another window "
                f"({shown}); recorder redact paints it out"
            )
        lines += [f"    {name} cannot be read and goes whole" for name in removed.damaged]
    return "\n".join(lines)
