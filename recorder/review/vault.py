"""What is open: the identity after unlocking, and the episodes that are being looked at.

All of it is in memory and goes when the page is locked.
"""

import gc
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from recorder.consent.folder import folder_marks
from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.homes import EpisodeUnknown, find_home
from recorder.episodes.manifest import Summary
from recorder.episodes.names import MANIFEST_FILE
from recorder.episodes.reader import Episode, open_episode
from recorder.review.looking import Index
from recorder.review.moments import Moments
from recorder.review.outline import Outline, outline
from recorder.review.reel import Reel
from recorder.sharing.approval import Approval, ApprovalUnknown
from recorder.sharing.approved_content import Content, content_of, open_approved

Unlock = Callable[[Path, str | None], str]
Held = TypeVar("Held")

_MOST_ROWS: Final = 1_200_000
"""Rows of events in opened episodes; a day of eight hours has a million, 120 MB."""
_MOST_OUTLINES: Final = 64
_MOST_SUMMARIES: Final = 400


class Locked(RecorderError):
    """The passphrase is asked for first."""

    def __init__(self) -> None:
        super().__init__("The page is locked", "unlock it", ExitCode.WRONG_PASSPHRASE)


@dataclass(slots=True)
class _Key:
    """The identity; "" for a folder of plain files."""

    identity: str


class Opened:
    """An episode that is being looked at."""

    def __init__(self, episode: Episode, stamp: object) -> None:
        self.stamp = stamp
        self.reel: Reel = Reel(episode)

    @cached_property
    def content(self) -> Content:
        """What it holds, of one that is an approval's."""
        return content_of(self.reel.episode)

    @cached_property
    def moments(self) -> Moments:
        """What can be stepped through."""
        return Moments(self.reel)

    @cached_property
    def index(self) -> Index:
        """Its texts, for search."""
        return Index(self.moments)

    @property
    def rows(self) -> int:
        """Rows of events that it holds."""
        return len(self.reel.moves.t_ns) + int(self.reel.acts.num_rows)


class Vault:
    """Opens episodes of one folder; one thread at a time.

    Args:
        folder: The recordings' folder.
        unlock: Gives the identity for a passphrase, or the keyring's for None.
    """

    def __init__(self, folder: Path, unlock: Unlock) -> None:
        self.folder = folder
        self.turn = threading.RLock()
        self._unlock = unlock
        self._key: _Key | None = None
        self._opened: dict[str, Opened] = {}
        self._outlines: dict[str, tuple[object, Outline]] = {}
        self._summaries: dict[str, tuple[object, Summary | None]] = {}

    @property
    def is_locked(self) -> bool:
        """Whether nothing can be opened now."""
        return self._key is None

    @property
    def identity(self) -> str:
        """The identity; "" for a folder of plain files.

        Raises:
            Locked: The passphrase is asked for first.
        """
        if self._key is None:
            raise Locked
        return self._key.identity

    def unlock(self, passphrase: str | None) -> None:
        """Take the identity; seconds where there is a passphrase.

        Raises:
            RecorderError: The passphrase is wrong, or the keyring does not give it.
        """
        plain = folder_marks(self.folder).secret == "none"  # noqa: S105 - where the secret is
        self._key = _Key("" if plain else self._unlock(self.folder, passphrase))

    def lock(self) -> None:
        """Let go of the identity, of every key and of everything that was read."""
        with self.turn:
            self._key = None
            for name in list(self._opened):
                self._opened.pop(name).reel.close()
            self._outlines.clear()
            self._summaries.clear()
        gc.collect()

    def opened(self, episode_id: str, *, fresh: bool = False) -> Opened:
        """Give an opened episode, read again when its files changed.

        Of a closed one that is looked at each time: what another program deleted is not shown
        from memory. Files of one that goes on change each second: only `fresh` reads it again.

        Raises:
            Locked: The passphrase is asked for first.
            EpisodeUnknown: There is none, or it was deleted meanwhile.
            RecorderError: Its key is gone, damaged or another's.
        """
        with self.turn:
            self._check(episode_id)
            found = self._opened.pop(episode_id, None)
            home = find_home(self.folder, episode_id)
            if found is None or (
                (fresh or (home / MANIFEST_FILE).exists()) and found.stamp != _stamp(home)
            ):
                if found is not None:
                    found.reel.close()
                stamp = _stamp(home)
                found = Opened(self._open(home), stamp)
            self._opened[episode_id] = found
            self._shrink()
            return found

    def approved(self, approval: Approval) -> Opened:
        """Give what an approval holds, opened from its sealed bytes.

        Raises:
            Locked: The passphrase is asked for first.
            ApprovalUnknown: It was taken back meanwhile.
            PayloadUnusable: It is not what was approved, or not sealed to this identity.
        """
        with self.turn:
            identity = self.identity
            name = f"{approval.study}/{approval.episode_id}"
            stamp = _approval_stamp(approval)
            found = self._opened.pop(name, None)
            if found is None or found.stamp != stamp:
                if found is not None:
                    found.reel.close()
                found = Opened(open_approved(approval, identity), stamp)
            self._opened[name] = found
            self._shrink()
            return found

    def warm(self, episode_ids: Iterable[str]) -> None:
        """Open episodes ahead of player and search, as many as are held at once."""
        for episode_id in episode_ids:
            if sum(opened.rows for opened in list(self._opened.values())) > _MOST_ROWS // 2:
                return
            with suppress(RecorderError, FileNotFoundError):
                _ = self.opened(episode_id).index

    def outline(self, episode_id: str) -> Outline:
        """Give an episode's outline; raises as `opened`."""
        with self.turn:
            self._check(episode_id)
            home = find_home(self.folder, episode_id)
            stamp = _stamp(home)
            held = self._outlines.pop(episode_id, None)
            if held is None or held[0] != stamp:
                episode = self._open(home)
                held = (stamp, outline(episode))
                episode.close()
            _keep(self._outlines, episode_id, held, _MOST_OUTLINES)
            return held[1]

    def summary(self, episode_id: str) -> Summary | None:
        """Give the owner's summary, None where there is none; raises as `opened`."""
        with self.turn:
            self._check(episode_id)
            home = find_home(self.folder, episode_id)
            stamp = _stamp(home)
            held = self._summaries.pop(episode_id, None)
            if held is None or held[0] != stamp:
                episode = self._open(home)
                held = (stamp, episode.summary)
                episode.close()
            _keep(self._summaries, episode_id, held, _MOST_SUMMARIES)
            return held[1]

    def fresh(self, episode_id: str) -> Episode:
        """Give an episode opened anew, for a change; whoever asks closes it.

        Raises:
            Locked: The passphrase is asked for first.
            EpisodeUnknown: There is none.
            RecorderError: Its key is gone, damaged or another's.
        """
        return self._open(find_home(self.folder, episode_id))

    def drop(self, episode_id: str) -> None:
        """Let go of one episode, which changed, and of its approvals."""
        with self.turn:
            for name in [one for one in self._opened if one.endswith(episode_id)]:
                self._opened.pop(name).reel.close()
            self._outlines.pop(episode_id, None)
            self._summaries.pop(episode_id, None)

    def _check(self, episode_id: str) -> None:
        if self._key is None:
            raise Locked
        try:
            find_home(self.folder, episode_id)
        except EpisodeUnknown:
            self.drop(episode_id)
            raise

    def _open(self, home: Path) -> Episode:
        return open_episode(home, folder=self.folder, identity=self.identity or None)

    def _shrink(self) -> None:
        while len(self._opened) > 1 and sum(o.rows for o in self._opened.values()) > _MOST_ROWS:
            self._opened.pop(next(iter(self._opened))).reel.close()


def _keep(held: dict[str, Held], name: str, value: Held, most: int) -> None:
    held[name] = value
    while len(held) > most:
        del held[next(iter(held))]


def _approval_stamp(approval: Approval) -> object:
    """Give what changes with the files of an approval."""
    try:
        found = [path.lstat() for path in (approval.path, approval.payload)]
    except OSError as cause:
        raise ApprovalUnknown from cause
    return [(one.st_ino, one.st_mtime_ns) for one in found]


def _stamp(home: Path) -> object:
    """Give what changes with an episode's files: sealing, deletion, rewriting."""
    try:
        found = home.stat()
    except OSError as cause:
        raise EpisodeUnknown from cause
    return found.st_ino, found.st_mtime_ns
