"""The recordings' folder: what it must be before keys or recordings go in."""

import os
import shlex
import stat
import tempfile
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.core import newer
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.strict import Strict
from recorder.files import private_folder, read_regular, write_whole
from recorder.places import Places

FOLDER_FILE = "recorder-folder.json"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MAX_POINTER_BYTES = 4096


class FolderUnusable(RecorderError):
    """There is no folder, or it is not one that recordings may go into."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix, ExitCode.NO_FOLDER)


class FolderReadOnly(RecorderError):
    """Nothing can be written there."""

    def __init__(self, folder: Path, why: str) -> None:
        super().__init__(
            f"Nothing can be written to {folder}: {why}",
            "make room there, or choose another folder with --folder",
            ExitCode.UNWRITABLE,
        )


class FolderGone(RecorderError):
    """The folder in use was there and is not there now: moved, or its disk was taken out."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"The folder {folder} is gone",
            "put it back where it was, or plug its disk in again",
            ExitCode.UNWRITABLE,
        )


_SCHEMA: Final = "recorder.folder/1"


class FolderFile(Strict):
    """What marks a folder as one of ours.

    Attributes:
        folder_id: ULID; names the folder's entry in a keyring.
        plain: Recordings are stored unencrypted.
        secret: What opens the keys.
    """

    schema_name: Literal["recorder.folder/1"] = Field(_SCHEMA, alias="schema")
    folder_id: str
    plain: bool
    secret: Literal["passphrase", "keyring", "none"]


def make_folder(folder: Path, marks: FolderFile) -> None:
    """Make a folder of ours, 0700, and mark it.

    Raises:
        FolderUnusable: Something is there already, or it is a symbolic link.
        FolderReadOnly: It cannot be written.
    """
    check_new(folder)
    try:
        private_folder(folder)
        folder.chmod(0o700)
        write_whole(folder / FOLDER_FILE, marks.model_dump_json(by_alias=True).encode() + b"\n")
    except OSError as cause:
        raise FolderReadOnly(folder, _reason(cause)) from cause


def mark_secret(folder: Path, secret: Literal["passphrase", "keyring"]) -> None:
    """Write down what opens the keys from now on.

    Raises:
        FolderUnusable: It is no folder of ours.
        OSError: It cannot be written.
    """
    marks = folder_marks(folder).model_copy(update={"secret": secret})
    write_whole(folder / FOLDER_FILE, marks.model_dump_json(by_alias=True).encode() + b"\n")


def check_new(folder: Path) -> None:
    """Check that a folder may be made here: nothing there, or an empty folder of ours.

    Raises:
        FolderUnusable: Something is there already, or it is a symbolic link.
        FolderReadOnly: No folder can be made there.
    """
    _check_shape(folder, missing_ok=True)
    if not folder.exists():
        _check_above(folder)
        return
    if (folder / FOLDER_FILE).exists():
        raise FolderUnusable(
            f"{folder} is a recorder folder already", "recorder consent give, or choose another"
        )
    try:
        empty = next(os.scandir(folder), None) is None
    except OSError as cause:
        raise FolderUnusable(f"{folder} cannot be read", _elsewhere()) from cause
    if not empty:
        raise FolderUnusable(f"{folder} holds other things", _elsewhere())


def check_folder(folder: Path) -> FolderFile:
    """Check a folder that is in use; give its marks.

    Raises:
        FolderUnusable: Missing, foreign, a symbolic link, or open to other people.
        FolderReadOnly: It cannot be written.
    """
    _check_shape(folder, missing_ok=False)
    if not os.access(folder, os.W_OK | os.X_OK):
        raise FolderReadOnly(folder, "it is read-only")
    return folder_marks(folder)


def folder_marks(folder: Path) -> FolderFile:
    """Give the marks of a folder of ours.

    Raises:
        FolderUnusable: It has none, or they are damaged.
    """
    data = b""
    try:
        data = read_regular(folder / FOLDER_FILE, _MAX_POINTER_BYTES)
        return FolderFile.model_validate_json(data)
    except FileNotFoundError as cause:
        if not folder.is_dir():
            raise FolderUnusable(f"The folder {folder} is not there", _init(folder)) from cause
        raise FolderUnusable(
            f"{folder} is no recorder folder", f"recorder init --folder {_quoted(folder)}"
        ) from cause
    except (OSError, ValidationError) as cause:
        if newer.is_newer_schema(data, _SCHEMA):
            told = f"The folder {folder} was written by a newer version of the recorder"
            raise FolderUnusable(told, newer.FIX) from cause
        raise FolderUnusable(
            f"{folder / FOLDER_FILE} is damaged", "put it back from a backup"
        ) from cause


def chosen_folder(places: Places, option: Path | None = None) -> Path:
    """Give the folder of `--folder`, else the one that `init` wrote down.

    Raises:
        FolderUnusable: None was chosen yet.
    """
    if option is not None:
        return option.expanduser().absolute()
    try:
        data = read_regular(places.folder_pointer, _MAX_POINTER_BYTES, follow=True)
    except OSError as cause:
        raise FolderUnusable(
            "There is no folder for recordings yet", "recorder start, or recorder init"
        ) from cause
    path = Path(os.fsdecode(data.rstrip(b"\n")))
    if b"\0" in data or not path.is_absolute():
        raise FolderUnusable(
            f"{places.folder_pointer} is damaged",
            "remove it, then recorder start asks for the folder",
        )
    return path


def remember_folder(places: Places, folder: Path) -> None:
    """Write down which folder is used from now on."""
    private_folder(places.config)
    write_whole(places.folder_pointer, os.fsencode(folder) + b"\n")


def _check_shape(folder: Path, *, missing_ok: bool) -> None:
    try:
        found = folder.lstat()
    except FileNotFoundError as cause:
        if missing_ok:
            return
        raise FolderUnusable(f"The folder {folder} is not there", _init(folder)) from cause
    except OSError as cause:
        raise FolderUnusable(f"{folder} cannot be looked at", _elsewhere()) from cause
    if stat.S_ISLNK(found.st_mode):
        raise FolderUnusable(f"{folder} is a symbolic link", f"name {folder.resolve()} itself")
    if not stat.S_ISDIR(found.st_mode):
        raise FolderUnusable(f"{folder} is no folder", _elsewhere())
    if found.st_uid != os.getuid():
        raise FolderUnusable(f"{folder} belongs to someone else", _elsewhere())
    if found.st_mode & _OTHERS:
        is_shared = not (folder / FOLDER_FILE).exists() and any(folder.iterdir())
        raise FolderUnusable(
            f"Other people on this computer can open {folder}",
            _elsewhere() if is_shared else f"chmod 700 {_quoted(folder)}",
        )


def _check_above(folder: Path) -> None:
    """Try to make a folder beside it, before a person is asked more; it is gone at once."""
    above = next((path for path in folder.parents if path.exists()), folder)
    try:
        probe = tempfile.mkdtemp(prefix=".recorder-", dir=above)
        Path(probe).rmdir()
    except OSError as cause:
        raise FolderReadOnly(folder, _reason(cause)) from cause


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown").lower()


def _elsewhere() -> str:
    return "choose another folder"


def _init(folder: Path) -> str:
    return f"plug its disk in or put it back; a new one: recorder init --folder {_quoted(folder)}"


def _quoted(folder: Path) -> str:
    return shlex.quote(str(folder))
