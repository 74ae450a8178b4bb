"""What the commands on own episodes share: the folder, the keys, the open episode."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.agent.client import NotRunning, ask
from recorder.cli.passphrases import unlock_folder
from recorder.consent.folder import chosen_folder, folder_marks
from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.homes import EpisodeUnknown, episode_homes, find_home
from recorder.episodes.names import KEY_FILE, MANIFEST_FILE
from recorder.episodes.reader import Episode, open_episode
from recorder.places import places

LAST: Final = "last"
"""Stands for the newest episode."""

FolderOption = Annotated[Path | None, typer.Option("--folder", help="The recording folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
PassphraseOption = Annotated[
    Path | None, typer.Option("--passphrase-file", help="Its first line is the passphrase.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]


class EpisodeOpen(RecorderError):
    """The episode is being recorded now."""

    def __init__(self) -> None:
        super().__init__(
            "That episode is being recorded now", "recorder stop first", ExitCode.ALREADY_RUNNING
        )


def own_folder(option: Path | None) -> Path:
    """Give the recording folder.

    Raises:
        FolderUnusable: None was chosen, or it is no folder of ours.
    """
    folder = chosen_folder(places(), option)
    folder_marks(folder)
    return folder


def chosen_homes(folder: Path, ids: Sequence[str]) -> list[Path]:
    """Give the folders of the named episodes; of all when none is named.

    Raises:
        EpisodeUnknown: There is none of that name.
    """
    homes = episode_homes(folder)
    if not ids:
        return homes
    if LAST in ids and not homes:
        raise EpisodeUnknown
    return [homes[-1] if name == LAST else find_home(folder, name) for name in ids]


def open_own(folder: Path, ids: Sequence[str], passphrase_file: Path | None) -> list[Episode]:
    """Open the named episodes, or all; asks for the passphrase once, where one is needed.

    Raises:
        EpisodeUnknown: There is none of that name.
        WrongPassphrase: It does not unlock the identity.
    """
    homes = chosen_homes(folder, ids)
    identity = None
    if any((home / KEY_FILE).exists() for home in homes):
        identity = unlock_folder(folder, passphrase_file)
    return [open_episode(home, folder=folder, identity=identity) for home in homes]


def live_episode(folder: Path) -> str:
    """Give the id of the episode that is being recorded, "" when there is none.

    While an agent answers it is the newest one without a manifest.

    Raises:
        Unresponsive: An agent runs and does not answer, so it cannot be told.
    """
    try:
        ask(places().socket, {"verb": "status"})
    except NotRunning:
        return ""
    unfinished = [h.name for h in episode_homes(folder) if not (h / MANIFEST_FILE).exists()]
    return unfinished[-1] if unfinished else ""
