"""What the researcher's commands share: the study's folder, and its keys."""

from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.passphrases import read_passphrase_file
from recorder.cli.terminal import open_prompt
from recorder.consent.errors import NotATerminal
from recorder.consent.memory import guard_memory
from recorder.consent.passphrase import Passphrase, PassphraseMissing, WrongPassphrase
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.research.studies import Study, StudySecrets

StudyFolderOption = Annotated[
    Path, typer.Option("--folder", help="The study's folder; the one you are in.")
]
_TRIES: Final = 3
_NAMED: Final = 20


def unlock_study(study: Study, file: Path | None) -> StudySecrets:
    """Open a study's private keys, asking for the passphrase where there is no file.

    Raises:
        WrongPassphrase: The file's passphrase, or the third typed one, was wrong.
        PassphraseMissing: There is neither a file nor a terminal.
    """
    guard_memory()
    if file is not None:
        return study.unlock(Passphrase(read_passphrase_file(file)))
    try:
        terminal = open_prompt()
    except NotATerminal as cause:
        raise PassphraseMissing from cause
    question = f"Passphrase of the study {study.id}:"
    for _ in range(_TRIES - 1):
        try:
            return study.unlock(Passphrase(terminal.secret(question)))
        except WrongPassphrase:
            terminal.say("That is not it.")
    return study.unlock(Passphrase(terminal.secret(question)))


def name_failures(told: Mapping[str, str]) -> None:
    """Name what failed and why on stderr; of many, the first."""
    for name, why in islice(told.items(), _NAMED):
        output.say(output.printable(f"{name}: {why}"))
    if len(told) > _NAMED:
        output.say(f"and {len(told) - _NAMED:,} more; --json names them all")


def tell_damaged(damaged: EachAlone) -> ExitCode:
    """Name what is damaged in a collection, with its fix; gives the exit code."""
    name_failures(damaged.told())
    return ExitCode.CHECKS_FAILED if damaged.failed else ExitCode.OK
