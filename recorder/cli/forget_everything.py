"""`recorder forget --everything`: data, keys, consent and lists; a signed receipt is left."""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Final

from recorder.agent.client import NotRunning, ask
from recorder.agent.lock import AlreadyRunning
from recorder.cli import output
from recorder.cli.progress import progress
from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import date_text
from recorder.consent.folder import FOLDER_FILE, chosen_folder, folder_marks
from recorder.consent.keys import DeviceKey, KeyUnusable, load_device_key
from recorder.core.amounts import size_text
from recorder.core.errors import RecorderError
from recorder.episodes.copies import APPROVED, SEEN, SHARED
from recorder.episodes.homes import EPISODES, episode_homes
from recorder.episodes.housekeeping import ANNOUNCED_FILE, LOG_FILE, OLD_LOG_FILE, SIZES_FILE
from recorder.episodes.identity import KeyringUnusable, desktop_keyring
from recorder.episodes.names import is_temporary
from recorder.episodes.store import delete_episode, destroy
from recorder.files import write_whole
from recorder.places import Places, places

RECEIPT_TYPE: Final = "application/vnd.recorder.erasure-receipt+json"
REMAINS: Final = (
    "Backups, synchronised copies and file-system snapshots that were made of the folder.",
    "Copies that were exported. What was shared, unless recorder unshare --all asked for it before.",
    "Recovery keys that were kept elsewhere; they open nothing that is left here.",
    "Worn cells of a flash disk may keep old blocks until they are used again.",
    "Without the keys, which went first, sealed recordings in any of these cannot be read.",
    "Your settings (recorder.toml, redaction.toml), which hold no recording.",
)
"""What deleting cannot reach; said on the screen and in the receipt."""
_KEYS: Final = ("identity.age", "user.key.age", "device.key")
_FOLDER_FILES: Final = (ANNOUNCED_FILE, LOG_FILE, OLD_LOG_FILE, SIZES_FILE, FOLDER_FILE)
_CONFIG_FILES: Final = ("folder", "apps.toml", "never.json")


@dataclass(slots=True)
class _Gone:
    """What went so far, and what could not go."""

    episodes: int = 0
    files: int = 0
    size_bytes: int = 0
    left: list[str] = field(default_factory=list)


def forget_everything(folder: Path, receipt: Path | None, *, yes: bool, as_json: bool) -> None:
    """Delete all that the recorder keeps, ask first, and leave a receipt.

    Raises:
        AlreadyRunning: The recorder runs.
        Declined: The person said no.
    """
    where = places()
    _check_stopped(where)
    homes = episode_homes(folder)
    lists = " and lists" if _is_chosen(where, folder) else ""
    output.say(
        f"This deletes {len(homes)} episodes, their keys, approvals, your consent records"
        f"{lists}, for good. What it cannot reach:\n" + "\n".join(f"  - {line}" for line in REMAINS)
    )
    output.confirm(f"Delete everything in {folder}?", yes=yes)
    target = _receipt_path(folder, receipt)
    statement = _Statement(folder)
    gone = _Gone()
    write_whole(target, statement.signed(gone, is_done=False))
    _empty_keyring(folder, gone)
    _delete_episodes(folder, homes, gone)
    _delete_rest(folder, where, gone)
    write_whole(target, statement.signed(gone, is_done=True))
    payload: output.Payload = {
        "episodes": gone.episodes,
        "files": gone.files,
        "size_bytes": gone.size_bytes,
        "left": gone.left,
        "remains": list(REMAINS),
        "receipt": str(target),
    }
    output.emit("forget", payload, as_json, lambda: _told(gone, target))


class _Statement:
    """Signs what went; the key is held in memory, since its file goes too."""

    def __init__(self, folder: Path) -> None:
        self._folder_id = folder_marks(folder).folder_id
        self._key = _device_key(folder)

    def signed(self, gone: _Gone, *, is_done: bool) -> bytes:
        """Give the receipt: an envelope and the public key that checks it."""
        told = {
            "schema": "recorder.erasure/1",
            "folder_id": self._folder_id,
            "state": "done" if is_done else "begun",
            "date": date_text(SystemClock().wall_ns()),
            "episodes": gone.episodes,
            "files": gone.files,
            "size_bytes": gone.size_bytes,
            "left": len(gone.left),
            "remains": list(REMAINS),
        }
        payload = json.dumps(told, sort_keys=True).encode()
        if self._key is None:
            return json.dumps({"unsigned": told}, indent=1).encode() + b"\n"
        envelope = json.loads(self._key.sign(payload, RECEIPT_TYPE))
        public = self._key.public.model_dump(mode="json", by_alias=True)
        return json.dumps({"receipt": envelope, "key": public}, indent=1).encode() + b"\n"


def _device_key(folder: Path) -> DeviceKey | None:
    try:
        return load_device_key(folder)
    except KeyUnusable:
        return None


def _check_stopped(where: Places) -> None:
    try:
        ask(where.socket, {"verb": "status"})
    except NotRunning:
        return
    raise AlreadyRunning


def _receipt_path(folder: Path, wanted: Path | None) -> Path:
    day = date_text(SystemClock().wall_ns())
    if wanted is None:
        stem = f"{folder.name}-erased-{day}"
        tried = chain([stem], (f"{stem}-{number}" for number in count(2)))
        paths = (folder.parent / f"{name}.json" for name in tried)
        return next(path for path in paths if not os.path.lexists(path))
    path = wanted.expanduser().absolute()
    if path.is_symlink() or path.exists():
        raise output.UsageError(f"{path} is there already", "name another --receipt")
    if path.is_relative_to(folder):
        raise output.UsageError("The receipt cannot lie in the folder", "name another --receipt")
    return path


def _empty_keyring(folder: Path, gone: _Gone) -> None:
    """Take the identity out of the desktop's keyring, where that holds it."""
    marks = folder_marks(folder)
    if marks.secret == "keyring":  # noqa: S105 - where the secret is
        try:
            desktop_keyring().remove(marks.folder_id)
        except KeyringUnusable as error:
            gone.left.append(f"the key in the keyring: {error.message}")


def _delete_episodes(folder: Path, homes: Iterable[Path], gone: _Gone) -> None:
    """Destroy the identity, then each episode, its key first."""
    for name in _KEYS[:2]:
        _remove(folder / "keys" / name, gone, is_key=True)
    homes = list(homes)
    with progress("Deleting", len(homes)) as step:
        for home in homes:
            try:
                deleted = delete_episode(folder, home.name)
            except RecorderError as error:
                gone.left.append(f"{home.name}: {error.message}")
            else:
                gone.episodes += 1
                gone.files += deleted.files
                gone.size_bytes += deleted.size_bytes
            step()


def _delete_rest(folder: Path, where: Places, gone: _Gone) -> None:
    """Remove keys, approvals, marks, consent and lists; the mark of the folder last.

    Killed before that, the same command goes on. Lists and state that serve another folder stay.
    """
    _remove(folder / "keys" / _KEYS[2], gone, is_key=True)
    for name in (APPROVED, SEEN, SHARED, "consent", "keys", EPISODES):
        _remove_tree(folder / name, gone, keep_full=name == EPISODES)
    if _is_chosen(where, folder):
        for path in (*(where.config / name for name in _CONFIG_FILES), *_begun(where.config)):
            _remove(path, gone)
        _remove_tree(where.state, gone)
    else:
        gone.left.append("your lists of apps and words, which another folder uses")
    for path in (*_begun(folder), *(folder / name for name in _FOLDER_FILES)):
        _remove(path, gone)
    if folder.is_dir():
        if any(folder.iterdir()):
            gone.left.append(f"{folder} holds things that are not the recorder's")
        else:
            folder.rmdir()


def _is_chosen(where: Places, folder: Path) -> bool:
    """Tell whether lists and state serve this folder: it is the chosen one, or none is."""
    try:
        return chosen_folder(where).resolve() == folder.resolve()
    except RecorderError:
        return True


def _begun(folder: Path) -> list[Path]:
    """Give the files that were being written when a program was killed."""
    try:
        return [path for path in folder.iterdir() if is_temporary(path.name)]
    except OSError:
        return []


def _remove_tree(path: Path, gone: _Gone, *, keep_full: bool = False) -> None:
    """Remove a folder of ours. `keep_full`: only folders that are empty by now."""
    if path.is_symlink():
        gone.left.append(f"what {path} led to: it was a link")
    if path.is_symlink() or not path.is_dir():
        _remove(path, gone)
        return
    if keep_full:
        if not any(path.iterdir()):
            path.rmdir()
        return
    files = [one for one in path.rglob("*") if one.is_symlink() or one.is_file()]
    for one in files:
        _remove(one, gone)
    try:
        shutil.rmtree(path)
    except OSError as cause:
        gone.left.append(f"{path}: {(cause.strerror or 'unknown').lower()}")


def _remove(path: Path, gone: _Gone, *, is_key: bool = False) -> None:
    try:
        size_bytes = path.lstat().st_size
        if is_key:
            destroy(path)
        else:
            path.unlink()
    except FileNotFoundError:
        return
    except OSError as cause:
        gone.left.append(f"{path}: {(cause.strerror or 'unknown').lower()}")
        return
    gone.files += 1
    gone.size_bytes += size_bytes


def _told(gone: _Gone, target: Path) -> str:
    lines = [
        f"Deleted {gone.episodes} episodes, {gone.files} files, {size_text(gone.size_bytes)}.",
        f"The signed receipt is {target}",
        "What may remain:",
        *(f"  - {line}" for line in REMAINS),
    ]
    lines += [f"NOT deleted: {left}" for left in gone.left]
    return output.printable("\n".join(lines))
