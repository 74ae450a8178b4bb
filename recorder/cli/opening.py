"""What the commands on own episodes share: the folder, the keys, the open episode."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.agent.client import NotRunning, ask
from recorder.cli import output
from recorder.cli.passphrases import unlock_folder
from recorder.cli.progress import progress
from recorder.consent.folder import chosen_folder, folder_marks
from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.homes import EpisodeUnknown, episode_homes, find_home
from recorder.episodes.names import KEY_FILE
from recorder.episodes.reader import DamagedFile, Episode, open_episode
from recorder.episodes.sealing import NotUnlocked
from recorder.places import places

LAST: Final = "last"
"""Stands for the newest episode."""
_COMPLETED: Final = 50

FolderOption = Annotated[Path | None, typer.Option("--folder", help="The recording folder.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
PassphraseOption = Annotated[
    Path | None, typer.Option("--passphrase-file", help="Its first line is the passphrase.")
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Say what would go; change nothing.")]
ClockOption = Annotated[
    bool, typer.Option("--clock-is-right", help="Believe the clock, though it jumped far.")
]


def names_to_complete(begun: str) -> list[str]:
    """Give the names of the newest episodes that a shell may complete, the newest first."""
    try:
        homes = episode_homes(chosen_folder(places()))
    except (RecorderError, OSError):
        return []
    names = [LAST, *(home.name for home in reversed(homes[-_COMPLETED:]))]
    return [name for name in names if name.startswith(begun)]


_EPISODE: Final = typer.Argument(
    help="An id of recorder list, or last.", autocompletion=names_to_complete
)
EpisodeArgument = Annotated[str, _EPISODE]
MaybeEpisodeArgument = Annotated[str | None, _EPISODE]


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

    Of all of them, those that do not open are named on stderr and left out.

    Raises:
        EpisodeUnknown: There is none of that name.
        WrongPassphrase: It does not unlock the identity.
        NotUnlocked, DamagedFile: A named episode's key is another's, damaged or gone.
    """
    homes = chosen_homes(folder, ids)
    identity = own_identity(folder, homes, passphrase_file)
    found = []
    with progress("Opening", len(homes)) as step:
        for home in homes:
            try:
                found.append(open_episode(home, folder=folder, identity=identity))
            except (NotUnlocked, DamagedFile) as error:
                if ids:
                    raise
                output.say(f"{home.name}: {error.message}, left out")
            step()
    return found


def own_identity(folder: Path, homes: Sequence[Path], passphrase_file: Path | None) -> str | None:
    """Give what opens the episodes, asking for the passphrase; None where none is sealed.

    Raises:
        WrongPassphrase: It does not unlock the identity.
    """
    if any((home / KEY_FILE).exists() for home in homes):
        return unlock_folder(folder, passphrase_file)
    return None


def open_each(folder: Path, homes: Sequence[Path], identity: str | None) -> Iterator[Episode]:
    """Give the episodes one after the other; those that do not open are named and left out."""
    for home in homes:
        try:
            yield open_episode(home, folder=folder, identity=identity)
        except (NotUnlocked, DamagedFile) as error:
            output.say(f"{home.name}: {error.message}, left out")
        except EpisodeUnknown:
            continue  # somebody deleted it meanwhile


def refuse_live(folder: Path, homes: Sequence[Path]) -> None:
    """See that none of the episodes is being recorded.

    Raises:
        EpisodeOpen: One is.
        Unresponsive: It cannot be told.
    """
    if live_episode(folder) in {home.name for home in homes}:
        raise EpisodeOpen


def live_episode(folder: Path) -> str:
    """Give the id of the episode that is being recorded into the folder, "" for none.

    Raises:
        Unresponsive: An agent runs and does not answer, so it cannot be told.
    """
    try:
        answer = ask(places().socket, {"verb": "status"})
    except NotRunning:
        return ""
    is_here = Path(str(answer.get("folder", ""))).resolve() == folder.resolve()
    return str(answer.get("episode") or "") if is_here else ""
