"""Where a command gets the passphrase from: a private file, or the person."""

import stat
from pathlib import Path

from recorder.cli.terminal import Terminal, open_prompt
from recorder.consent.errors import NotATerminal
from recorder.consent.folder import folder_marks
from recorder.consent.memory import guard_memory
from recorder.consent.passphrase import PassphraseMissing, WrongPassphrase
from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.identity import unlock

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MAX_BYTES = 4096
_TRIES = 3


class PassphraseFileUnusable(RecorderError):
    """The file of `--passphrase-file` cannot be used."""

    def __init__(self, path: Path, why: str, fix: str) -> None:
        super().__init__(f"The passphrase file {path} {why}", fix, ExitCode.WRONG_PASSPHRASE)


def unlock_folder(folder: Path, file: Path | None = None, ask: Terminal | None = None) -> str:
    """Give the identity, `AGE-SECRET-KEY-…`, asking the person when there is no file.

    Args:
        folder: The recordings' folder.
        file: Of `--passphrase-file`; its first line is the passphrase.
        ask: Who is asked; the command's terminal unless given.

    Raises:
        WrongPassphrase: The file's passphrase, or the third typed one, was wrong.
        PassphraseMissing: There is neither a file nor a terminal.
    """
    guard_memory()
    if folder_marks(folder).secret == "keyring":  # noqa: S105 - where the secret is
        return unlock(folder)
    if file is not None:
        return unlock(folder, read_passphrase_file(file))
    try:
        terminal = ask or open_prompt()
    except NotATerminal as cause:
        raise PassphraseMissing from cause
    for _ in range(_TRIES - 1):
        try:
            return _unlock(folder, terminal)
        except WrongPassphrase:
            terminal.say("That is not it.")
    return _unlock(folder, terminal)


def _unlock(folder: Path, terminal: Terminal) -> str:
    typed = terminal.secret("Passphrase of your recordings:")
    terminal.say("Unlocking; this takes a few seconds, so that nobody can guess fast.")
    return unlock(folder, typed)


def read_passphrase_file(path: Path) -> str:
    """Give the first line of a file that only its owner can read.

    Raises:
        PassphraseFileUnusable: It is missing, empty, or others can read it.
    """
    guard_memory()
    try:
        with path.open("rb") as file:
            mode = path.stat().st_mode
            data = file.read(_MAX_BYTES)
        text = data.decode("utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as cause:
        raise PassphraseFileUnusable(path, "cannot be read", "name another file") from cause
    if mode & _OTHERS:
        raise PassphraseFileUnusable(path, "can be read by others", f"chmod 600 {path}")
    if not text:
        raise PassphraseFileUnusable(path, "is empty", "write the passphrase in its first line")
    return text
