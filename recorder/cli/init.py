"""`recorder init`: folder, keys, and the recovery key in a file."""

import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.passphrases import read_passphrase_file
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import open_terminal
from recorder.consent.errors import NotATerminal, date_text
from recorder.consent.folder import (
    FOLDER_FILE,
    FolderFile,
    FolderReadOnly,
    FolderUnusable,
    check_new,
    chosen_folder,
    make_folder,
    remember_folder,
)
from recorder.consent.keys import UserKey, create_signing_keys
from recorder.consent.passphrase import Passphrase, PassphraseMissing
from recorder.core.ids import ulid
from recorder.episodes.identity import (
    Keyring,
    RecoveryKey,
    create_identity,
    desktop_keyring,
    owners,
)
from recorder.files import write_whole
from recorder.places import Places, places

_RECOVERY = """\
# Recovery key of the recorder
# Made on {day} for the recordings in {folder}
#
# If you forget your passphrase, this key opens your recordings.
# Whoever has this file can read them. Recording does not need it.
#
# Move it off this computer: print it, or copy it to a USB stick,
# and delete it here.
#
# It is an age identity file: age -d -i THIS-FILE key.age
{secret}
"""


@dataclass(frozen=True, slots=True)
class FolderWish:
    """What the person wants.

    Attributes:
        folder: Absolute path; must be free.
        secret: What opens the keys.
        plain: Store recordings unencrypted.
        recovery_file: Where the recovery key goes; beside the folder when None.
    """

    folder: Path
    secret: Passphrase | Keyring
    plain: bool = False
    recovery_file: Path | None = None


@dataclass(frozen=True, slots=True)
class NewFolder:
    """What was made."""

    folder: Path
    recovery_file: Path
    user_key: UserKey


def init(  # noqa: PLR0913 - one parameter per option is typer's way
    *,
    folder: Annotated[Path | None, typer.Option(help="Where recordings go.")] = None,
    plain: Annotated[bool, typer.Option("--plain", help="Store plain files.")] = False,
    keyring: Annotated[
        bool, typer.Option("--keyring", help="Keep the key in the desktop's keyring.")
    ] = False,
    passphrase_file: Annotated[Path | None, typer.Option(help="First line: passphrase.")] = None,
    recovery_file: Annotated[Path | None, typer.Option(help="Where the recovery key goes.")] = None,
    restore: Annotated[
        Path | None,
        typer.Option(
            help="A recovery file: open a folder whose passphrase is lost, under a new one."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make the folder and its keys; with --restore, give a folder a new passphrase."""
    where = places()
    if restore is not None:
        _restore(where, restore, folder, passphrase_file, as_json=as_json)
        return
    wanted = (folder or where.default_folder).expanduser().absolute()
    check_new(wanted)
    secret = _secret(passphrase_file, keyring=keyring)
    made = set_up(where, FolderWish(wanted, secret, plain, recovery_file))
    payload: output.Payload = {
        "folder": str(made.folder),
        "plain": plain,
        "recovery_file": str(made.recovery_file),
        "user_key": made.user_key.public.key_id,
    }
    output.emit("init", payload, as_json, _told(made, plain=plain))


def _restore(
    where: Places, file: Path, folder: Path | None, passphrase_file: Path | None, *, as_json: bool
) -> None:
    from recorder.cli import passphrase  # noqa: PLC0415 - it needs this module

    passphrase.restore(
        file.expanduser(), chosen_folder(where, folder), passphrase_file, as_json=as_json
    )


def set_up(where: Places, wish: FolderWish) -> NewFolder:
    """Make folder, identity, signing keys and the recovery file; remember the folder.

    What was begun is taken away again when it fails.

    Raises:
        FolderUnusable: The folder or the recovery file is there already.
        FolderReadOnly: It cannot be written.
        KeyringUnusable: The keyring does not take the key.
    """
    recovery_file = free_recovery_file(wish.folder, wish.recovery_file)
    was_there = wish.folder.exists()
    clock = SystemClock()
    in_keyring = isinstance(wish.secret, Keyring)
    marks = FolderFile(
        folder_id=ulid(clock.wall_ns(), secrets.token_bytes(10)),
        plain=wish.plain,
        secret="keyring" if in_keyring else "passphrase",
    )
    make_folder(wish.folder, marks)
    try:
        recovery = create_identity(wish.folder, wish.secret)
        user_key = create_signing_keys(wish.folder, owners(wish.folder))
        write_recovery(recovery_file, wish.folder, recovery, date_text(clock.wall_ns()))
        remember_folder(where, wish.folder)
    except BaseException as error:
        _undo(wish.folder, recovery_file, was_there=was_there)
        if isinstance(error, OSError):
            raise FolderReadOnly(wish.folder, (error.strerror or "").lower()) from error
        raise
    return NewFolder(wish.folder, recovery_file, user_key)


def recovery_advice(made: NewFolder) -> str:
    """Give what to do with the recovery key."""
    return (
        f"Your recovery key is in {made.recovery_file}\n"
        "Move that file off this computer. If you forget your passphrase, it is the only way in."
    )


def _secret(passphrase_file: Path | None, *, keyring: bool) -> Passphrase | Keyring:
    if keyring and passphrase_file is not None:
        raise output.UsageError("Choose the keyring or a passphrase", "leave one of them out")
    if keyring:
        return Keyring(desktop_keyring())
    if passphrase_file is not None:
        return Passphrase(read_passphrase_file(passphrase_file))
    try:
        terminal = open_terminal()
    except NotATerminal as cause:
        raise PassphraseMissing from cause
    terminal.say("A passphrase locks your recordings. Nobody can reset it for you.")
    return Passphrase(terminal.new_passphrase())


def free_recovery_file(folder: Path, wanted: Path | None) -> Path:
    """Give a free path for a recovery key, beside the folder unless one is wanted.

    Raises:
        FolderUnusable: What was wanted is there already.
    """
    if wanted is not None:
        path = wanted.expanduser().absolute()
        if path.is_symlink() or path.exists():
            raise FolderUnusable(f"{path} is there already", "name another --recovery-file")
        return path
    stem = f"{folder.name}-recovery-key"
    path = folder.parent / f"{stem}.txt"
    number = 1
    while path.is_symlink() or path.exists():
        number += 1
        path = folder.parent / f"{stem}-{number}.txt"
    return path


def write_recovery(path: Path, folder: Path, key: RecoveryKey, day: str) -> None:
    """Write the recovery key with what it is for, 0600."""
    text = _RECOVERY.format(day=day, folder=output.printable(str(folder)), secret=key.secret)
    write_whole(path, text.encode("utf-8", "surrogateescape"))


def _undo(folder: Path, recovery_file: Path, *, was_there: bool) -> None:
    """Take away what this run made; the folder held nothing else before."""
    shutil.rmtree(folder / "keys", ignore_errors=True)
    (folder / FOLDER_FILE).unlink(missing_ok=True)
    recovery_file.unlink(missing_ok=True)
    if not was_there:
        folder.rmdir()


def _told(made: NewFolder, *, plain: bool) -> str:
    kind = "plain files, which every program of yours can read" if plain else "locked files"
    return (
        f"Made {made.folder} for {kind}.\n{recovery_advice(made)}\n"
        "Nothing is recorded until you agree: recorder consent give"
    )
