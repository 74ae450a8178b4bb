"""What a person can decide on the page: values, in words, and how each is carried out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from recorder.consent.keys import load_user_key
from recorder.core.amounts import count_text
from recorder.core.context import ContextKind, ContextRow
from recorder.core.each_alone import EachAlone
from recorder.core.geometry import Rect
from recorder.core.proofs import Redacted
from recorder.episodes.homes import EpisodeUnknown, episode_homes
from recorder.episodes.reader import Episode
from recorder.episodes.relabelling import relabel, tasks
from recorder.episodes.repainting import repaint
from recorder.episodes.rewriting import remove
from recorder.episodes.selection import Selection, TimeRange
from recorder.episodes.store import delete_episode
from recorder.places import places
from recorder.review.approvals import rows_in
from recorder.review.clocks import SECOND_NS, length_text
from recorder.sharing.approval import Approval, Wish, approve
from recorder.sharing.approved_content import content_of, open_approved
from recorder.sharing.consented import bounds_for

RedactLabel = Callable[[ContextRow], Redacted[ContextRow]]


@dataclass(frozen=True, slots=True)
class Means:
    """What carrying out needs.

    Attributes:
        folder: The recordings' folder.
        identity: Opens the user key, for approvals.
        open_episode: Gives an episode, opened anew.
        redact: Redacts a new label of a task like typed text.
        live: Gives the id of the episode that is being recorded, "" for none.
    """

    folder: Path
    identity: str = field(repr=False)
    open_episode: Callable[[str], Episode]
    redact: RedactLabel
    live: Callable[[], str]


@dataclass(frozen=True, slots=True)
class DeleteEpisode:
    """The whole episode, its key first."""

    def carry_out(self, means: Means, episode_id: str) -> str:
        """Do it; says what was done."""
        try:
            gone = delete_episode(means.folder, episode_id)
        except EpisodeUnknown:
            return "It was gone already."
        return f"Deleted, {count_text(gone.files, 'file')}."


@dataclass(frozen=True, slots=True)
class DeleteEverything:
    """Every recording that is there when it is carried out, but one that goes on now."""

    def carry_out(self, means: Means, _episode_id: str) -> str:
        """Do it; says what was done. One that cannot go does not keep the others."""
        live = means.live()
        homes = [home for home in episode_homes(means.folder) if home.name != live]
        each = EachAlone()
        for home in homes:
            with each.trying():
                DeleteEpisode().carry_out(means, home.name)
        each.end()
        return f"Deleted {count_text(len(homes), 'recording')}."


@dataclass(frozen=True, slots=True)
class DeletePart:
    """A range, an app, a site, or a typed segment."""

    selection: Selection

    def carry_out(self, means: Means, episode_id: str) -> str:
        """Do it; says what was done."""
        episode = means.open_episode(episode_id)
        try:
            gone = remove(episode, self.selection)
        finally:
            episode.close()
        events, frames = count_text(gone.events, "event"), count_text(gone.frames, "picture")
        return f"Deleted {events} and {frames}."


@dataclass(frozen=True, slots=True)
class PaintOut:
    """Boxes of frames, relative to each one's top left."""

    boxes: Mapping[int, Rect]

    def carry_out(self, means: Means, episode_id: str) -> str:
        """Do it; pictures that were deleted meanwhile need no paint."""
        episode = means.open_episode(episode_id)
        try:
            here = set(episode.read("frames", ["frame_id"]).column("frame_id").to_pylist())
            boxes = {frame: box for frame, box in self.boxes.items() if frame in here}
            painted = repaint(episode, boxes) if boxes else 0
        finally:
            episode.close()
        return f"Painted in {count_text(painted, 'picture')}."


@dataclass(frozen=True, slots=True)
class Relabel:
    """Another name for a task, redacted like typed text; None drops the label."""

    seq: int
    instruction: str | None = field(repr=False)

    def carry_out(self, means: Means, episode_id: str) -> str:
        """Do it; says what was done."""
        episode = means.open_episode(episode_id)
        try:
            old = next((task.outcome for task in tasks(episode) if task.seq == self.seq), None)
            row = ContextRow(0, ContextKind.TASK, instruction=self.instruction, outcome=old)
            label = None if self.instruction is None else means.redact(row)
            relabel(episode, self.seq, label)
        finally:
            episode.close()
        return "The task has its new name." if label else "The task's name is gone."


@dataclass(frozen=True, slots=True)
class Approve:
    """The episode, or a range of it, for a study; nothing is sent."""

    study: str
    time_range: TimeRange | None

    def carry_out(self, means: Means, episode_id: str) -> str:
        """Do it; says what was done."""
        key = load_user_key(means.folder, means.identity)
        ranges = None if self.time_range is None else [self.time_range]
        episode = means.open_episode(episode_id)
        try:
            bounds = bounds_for(means.folder, places().state, self.study)
            approval = approve(episode, Wish(self.study, ranges, bounds), key.sign)
        finally:
            episode.close()
        return f"Approved for {self.study}. {_held(approval, means.identity)} Nothing was sent."


def _held(approval: Approval, identity: str) -> str:
    """Say what an approval holds, read back from its sealed bytes."""
    episode = open_approved(approval, identity)
    try:
        content = content_of(episode)
    finally:
        episode.close()
    length = length_text(content.duration_ns / SECOND_NS)
    return f"The sealed copy holds {length}: {', '.join(rows_in(content))}."


Act = DeleteEverything | DeleteEpisode | DeletePart | PaintOut | Relabel | Approve
