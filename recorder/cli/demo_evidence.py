"""Opens what the demonstration recorded and looks for what was typed in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from recorder.cli.demo_agent import DemoHome
from recorder.cli.demo_check import (
    find_in_files,
    find_in_table,
    find_in_texts,
    read_pictures,
)
from recorder.cli.demo_report import Checked, Stored, look_at
from recorder.cli.demo_scene import MARKER
from recorder.cli.demo_secrets import Secret
from recorder.episodes.homes import episode_homes
from recorder.episodes.names import Table
from recorder.episodes.reader import Episode, open_episode

if TYPE_CHECKING:
    import pyarrow as pa

_TABLES: Final[tuple[Table, ...]] = ("events", "frames", "context")


@dataclass(frozen=True, slots=True)
class Evidence:
    """An opened recording and what was found in it."""

    episode: Episode
    stored: Stored
    checked: Checked
    losses: Mapping[str, Mapping[str, int]]


def gather(home: DemoHome, secrets: Sequence[Secret]) -> Evidence:
    """Open the newest episode of a demonstration and search everything that was left."""
    path = episode_homes(home.folder)[-1]
    episode = open_episode(path, folder=home.folder, passphrase=home.passphrase.text)
    losses = episode.manifest.losses if episode.manifest else {}
    stored = look_at(episode.events, episode.frames, episode.context)
    return Evidence(episode, stored, search(home, episode, secrets), losses)


def search(home: DemoHome, episode: Episode, secrets: Sequence[Secret]) -> Checked:
    """Look for the secrets in every file, in the decrypted tables and in the pictures."""
    files = [path for folder in home.searched for path in folder.rglob("*") if path.is_file()]
    leaks = find_in_files(secrets, home.searched)
    for name in _TABLES:
        leaks += find_in_table(secrets, episode.read(name), name)
    texts = read_pictures(pictures_of(episode.frames))
    leaks += find_in_texts(secrets, texts)
    return Checked(
        secrets=len(secrets),
        files=len(files),
        pictures=len(texts),
        pictures_read=sum(MARKER in text.lower() for text in texts),
        leaks=tuple(dict.fromkeys(leaks)),
    )


def pictures_of(frames: "pa.Table") -> list[bytes]:
    """Give the encoded pictures of a table of frames; duplicates have none."""
    return [image["bytes"] for image in frames.column("image").to_pylist() if image]
