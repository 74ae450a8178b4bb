"""Holding an episode's folder while its files change, and finishing what a kill cut short.

A change is decided the moment `change.json` stands; from then on it is carried out, by
whoever comes next if its author was killed. Before that instant nothing has changed.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Literal
from weakref import finalize

from pydantic import Field, ValidationError, model_validator

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.strict import Strict
from recorder.episodes.copies import drop_copies
from recorder.episodes.names import (
    CHANGE_FILE,
    KEY_FILE,
    MANIFEST_FILE,
    SEALED_SUMMARY_FILE,
    SUMMARY_FILE,
    is_temporary,
    parse_part,
)
from recorder.episodes.table_files import DamagedFile, read_regular, writing
from recorder.files import lock_within, sync_folder

WAIT_S: Final = 10.0
"""A change takes a second; a long one on a slow disk some more."""
_LIMIT_BYTES: Final = 4_000_000
_OTHERS: Final = frozenset({MANIFEST_FILE, SUMMARY_FILE, SEALED_SUMMARY_FILE, KEY_FILE})


class EpisodeBusy(RecorderError):
    """Another program records into the episode or changes it now."""

    def __init__(self) -> None:
        super().__init__(
            "That episode is being recorded or changed by another program now",
            "recorder stop, or close the other review, then try again",
            ExitCode.FOLDER_HELD,
        )


class ChangeFile(Strict):
    """What is decided: files that stand ready under other names, and files that go."""

    schema_name: Literal["recorder.change/1"] = Field("recorder.change/1", alias="schema")
    replace: dict[str, str]
    """{temporary name: name}."""
    remove: tuple[str, ...]

    @model_validator(mode="after")
    def _names_are_ours(self) -> "ChangeFile":
        """Refuse names that lead elsewhere, should the file be planted."""
        targets = {*self.replace.values(), *self.remove}
        if not all(name in _OTHERS or parse_part(name) for name in targets):
            raise ValueError("a name that is none of ours")
        if not all(map(is_temporary, self.replace)):
            raise ValueError("a source that is none of ours")
        return self


class DamagedChange(DamagedFile):
    """What is decided about an episode cannot be read, so nothing of it is touched."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            CHANGE_FILE,
            f"damaged: a change of episode {home.name} was decided, and which is lost",
            f"restore it from a backup, or recorder delete {home.name}; or remove "
            f"{home / CHANGE_FILE} and make the change again: what it was to delete is still there",
        )


class Hold:
    """The lock on one episode's folder; the kernel takes it back when its holder dies."""

    def __init__(self, descriptor: int) -> None:
        self.close = finalize(self, os.close, descriptor)

    @classmethod
    def take(cls, home: Path, wait_s: float = 0.0) -> "Hold":
        """Take the lock.

        Raises:
            EpisodeBusy: Somebody else holds it for longer than `wait_s`.
            OSError: The folder cannot be opened.
        """
        hold = cls(os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC))
        descriptor = hold.close.peek()[2][0]  # type: ignore[index]  # alive: it is ours
        try:
            lock_within(descriptor, wait_s)
        except BlockingIOError as cause:
            hold.close()
            raise EpisodeBusy from cause
        return hold


@contextmanager
def held(home: Path, wait_s: float | None = None) -> Iterator[None]:
    """Hold an episode's folder; a change that was cut short is finished, or taken away, first.

    Raises:
        EpisodeBusy: It is recorded or changed by somebody else.
        DamagedChange: What was decided cannot be read.
        FolderUnwritable: It cannot be finished.
    """
    with writing(home):
        hold = Hold.take(home, WAIT_S if wait_s is None else wait_s)
    try:
        carry_out(home)
        _take_away(home)
        yield
    finally:
        hold.close()


def settle(home: Path) -> None:
    """Finish a change that was cut short, or wait for the one under way; mostly nothing.

    Files that a killed program was writing are taken away, where nobody writes now.

    Raises:
        EpisodeBusy, DamagedChange, FolderUnwritable: As `held`, where a change is decided.
    """
    if os.path.lexists(home / CHANGE_FILE):
        with held(home):
            pass
    elif any(is_temporary(name) for name in os.listdir(home)):  # noqa: PTH208 - names alone
        with suppress(RecorderError), held(home, wait_s=0.0):
            pass


def _take_away(home: Path) -> None:
    """Remove files that somebody was writing when killed. For who holds the folder."""
    left = [name for name in os.listdir(home) if is_temporary(name)]  # noqa: PTH208 - as above
    with writing(home):
        for name in left:
            (home / name).unlink(missing_ok=True)
        if left:
            sync_folder(home)


def carry_out(home: Path) -> None:
    """Do what is decided; again where a kill cut it short. For who holds the folder.

    Raises:
        DamagedChange: What was decided cannot be read.
        FolderUnwritable: Not all of it is done; it stays decided.
    """
    if not os.path.lexists(home / CHANGE_FILE):
        return
    try:
        decided = ChangeFile.model_validate_json(read_regular(home / CHANGE_FILE, _LIMIT_BYTES))
    except (ValidationError, DamagedFile) as cause:
        raise DamagedChange(home) from cause
    with writing(home):
        for ready, name in decided.replace.items():
            if os.path.lexists(home / ready):
                (home / ready).replace(home / name)
        for name in decided.remove:
            (home / name).unlink(missing_ok=True)
        drop_copies(home)
        sync_folder(home)
        (home / CHANGE_FILE).unlink(missing_ok=True)
        sync_folder(home)
