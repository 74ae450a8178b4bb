"""`recorder passphrase`: another passphrase, or new keys for everything."""

from pathlib import Path
from typing import Annotated

import pyrage
import typer

from recorder.cli import output
from recorder.cli.init import free_recovery_file, write_recovery
from recorder.cli.opening import (
    EpisodeOpen,
    FolderOption,
    JsonOption,
    PassphraseOption,
    YesOption,
    live_episode,
    own_folder,
)
from recorder.cli.passphrases import PassphraseFileUnusable, read_passphrase_file, unlock_folder
from recorder.cli.progress import progress
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import open_terminal
from recorder.consent.errors import NotATerminal, date_text
from recorder.consent.folder import folder_marks, remember_folder
from recorder.consent.passphrase import Passphrase, PassphraseMissing
from recorder.episodes.homes import episode_homes
from recorder.episodes.identity import RecoveryKey, change_passphrase
from recorder.episodes.renewing import Renewed, new_recovery_key, renew_identity
from recorder.files import read_regular
from recorder.places import places

NewOption = Annotated[
    Path | None, typer.Option("--new-passphrase-file", help="Its first line is the new one.")
]
_LIMIT_BYTES = 64 * 1024


def passphrase(  # noqa: PLR0913 - one parameter an option
    *,
    new_identity: Annotated[
        bool, typer.Option("--new-identity", help="Make new keys; the old ones open nothing more.")
    ] = False,
    recovery_file: Annotated[
        Path | None, typer.Option(help="Where the new recovery key goes, with --new-identity.")
    ] = None,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    new_passphrase_file: NewOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Change the passphrase of your recordings; with --new-identity their keys too.

    A new passphrase alone does not help when somebody copied the old keys and knows the old
    passphrase: for that there is --new-identity, which seals every episode anew.
    """
    where = own_folder(folder)
    in_keyring = folder_marks(where).secret == "keyring"  # noqa: S105 - where the secret is
    if in_keyring and not new_identity:
        raise output.UsageError(
            "The key of this folder is in the keyring, under no passphrase",
            "recorder passphrase --new-identity puts it under one",
        )
    if not new_identity:
        identity = unlock_folder(where, passphrase_file)
        change_passphrase(where, identity, new_passphrase(new_passphrase_file))
        told = "The passphrase is changed. The recovery key stays the same."
        output.emit("passphrase", {"changed": True, "new_identity": False}, as_json, told)
        return
    if live_episode(where):
        raise EpisodeOpen
    output.confirm("Seal everything to new keys? Approvals end.", yes=yes)
    target = free_recovery_file(where, recovery_file)
    opener = unlock_folder(where, passphrase_file)
    wanted = new_passphrase(new_passphrase_file)
    recovery = new_recovery_key()
    write_recovery(target, where, recovery, date_text(SystemClock().wall_ns()))
    done = _renewed(where, opener, wanted, recovery)
    payload: output.Payload = {
        "changed": True, "new_identity": True, "episodes": done.episodes,
        "left": list(done.left), "recovery_file": str(target),
    }  # fmt: skip
    output.emit("passphrase", payload, as_json, lambda: _told(done, target))


def restore(file: Path, folder: Path, new_file: Path | None, *, as_json: bool) -> None:
    """Give a folder a new passphrase by its recovery key.

    Raises:
        NotTheRecoveryKey: The key is of another folder.
        PassphraseFileUnusable: The file holds no key.
        EpisodeOpen: Something is being recorded into the folder.
    """
    folder_marks(folder)
    if live_episode(folder):
        raise EpisodeOpen
    opener = _recovery_key(file)
    done = _renewed(folder, opener, new_passphrase(new_file), None)
    remember_folder(places(), folder)
    payload: output.Payload = {
        "folder": str(folder), "restored": True, "episodes": done.episodes, "left": list(done.left),
    }  # fmt: skip
    told = f"Restored {folder}: the new passphrase opens {done.episodes} episodes.{_left(done)}"
    output.emit("init", payload, as_json, told)


def new_passphrase(file: Path | None) -> Passphrase:
    """Give a new passphrase, from a private file or typed twice alike.

    Raises:
        PassphraseMissing: There is neither a file nor a terminal.
    """
    if file is not None:
        return Passphrase(read_passphrase_file(file))
    try:
        return Passphrase(open_terminal().new_passphrase())
    except NotATerminal as cause:
        raise PassphraseMissing from cause


def _renewed(
    folder: Path, opener: str, wanted: Passphrase, recovery: RecoveryKey | None
) -> Renewed:
    with progress("Sealing", 2 * len(episode_homes(folder))) as step:
        return renew_identity(folder, opener, wanted, recovery, step)


def _recovery_key(file: Path) -> str:
    """Give the key of a recovery file: its line that is no comment."""
    try:
        text = read_regular(file, _LIMIT_BYTES, follow=True).decode("utf-8", "replace")
    except OSError as cause:
        raise PassphraseFileUnusable(file, "cannot be read", "name the recovery file") from cause
    lines = [line.strip() for line in text.splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    try:
        (key,) = keys
        pyrage.x25519.Identity.from_str(key)
    except (ValueError, pyrage.IdentityError) as cause:
        raise PassphraseFileUnusable(
            file, "holds no recovery key", "name the file that recorder init wrote"
        ) from cause
    return key


def _told(done: Renewed, target: Path) -> str:
    return (
        f"Sealed {done.episodes} episodes to new keys. The old ones open nothing of them.{_left(done)}\n"
        f"Your new recovery key is in {target}\nMove that file off this computer, and destroy the "
        "old one. Copies in backups still open with the old keys."
    )


def _left(done: Renewed) -> str:
    if not done.left:
        return ""
    return f" {len(done.left)} could not be opened and are as they were: {', '.join(done.left[:5])}"
