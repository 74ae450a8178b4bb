"""The recordings' folder: whose it is, its room, its keys, its settings, and the consent in it."""

import os
from pathlib import Path
from typing import Final

from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, failed, ok, warn
from recorder.cli.checks.pieces import look_at_pieces
from recorder.core.errors import RecorderError

LOADS: Final = (
    "recorder.cli.checks.consented", "recorder.cli.scope_file", "recorder.episodes.identity",
    "recorder.settings",
)  # fmt: skip
"""Imported before the time counts that the folder may take to answer."""
_WARN_FLOORS: Final = 4
"""Below so many times the floor, where a recording pauses, it warns, as a recording does."""
_FEW_FILES: Final = 1000
_AGE: Final = b"age-encryption.org/v1\n"


def look_at_folder(around: Around) -> list[Finding]:
    """Tell of the folder, and where there is one of what is in it."""
    from recorder.cli.checks.consented import look_at_clock, look_at_consent  # noqa: PLC0415
    from recorder.consent.folder import check_folder, chosen_folder  # noqa: PLC0415 - pydantic

    found = look_at_settings(around)
    try:
        folder = chosen_folder(around.places, around.folder)
    except RecorderError as error:
        missing = warn("folder", error.message, error.fix)
        return [missing, *look_at_clock(around, None), *found]
    try:
        check_folder(folder)
    except RecorderError as error:
        return [failed("folder", error), *look_at_clock(around, None), *found]
    here = ok("folder", f"{folder} is yours alone and can be written")
    inside = [*look_at_room(around, folder), *look_at_keys(folder), *look_at_pieces(around, folder)]
    return [here, *inside, *look_at_consent(around, folder), *look_at_clock(around, folder), *found]


def look_at_settings(around: Around) -> list[Finding]:
    """Tell whether the settings and the list of apps can be read."""
    from recorder.cli.scope_file import read_scope  # noqa: PLC0415 - as above
    from recorder.settings import read_settings  # noqa: PLC0415 - as above

    try:
        read_settings(around.places.settings_file, environment=around.environment)
        allowed = read_scope(around.places)
    except RecorderError as error:
        return [failed("settings", error)]
    if not allowed:
        told = "No app is allowed yet, so nothing would be stored"
        return [warn("settings", told, "recorder apps allow NAME")]
    noun = "entry" if len(allowed) == 1 else "entries"
    return [ok("settings", f"They can be read; the list of apps has {len(allowed)} {noun}")]


def look_at_room(around: Around, folder: Path) -> list[Finding]:
    """Tell whether the disk leaves enough room above the floor."""
    from recorder.settings import Settings, read_settings  # noqa: PLC0415 - as above

    try:
        settings = read_settings(around.places.settings_file, environment=around.environment)
    except RecorderError:
        settings = Settings()  # said of the settings
    found = os.statvfs(folder)
    free_mb = int(found.f_bavail * found.f_frsize / 1e6)
    is_out_of_files = bool(found.f_files) and found.f_favail < _FEW_FILES
    return [room_finding(free_mb, settings.disk_floor_megabytes, is_out_of_files=is_out_of_files)]


def room_finding(free_mb: int, floor_mb: int, *, is_out_of_files: bool = False) -> Finding:
    """Give the finding for so much free room and a floor that stays free."""
    if is_out_of_files:
        told = f"The disk has {free_mb} MB free and takes hardly any more files"
        return fail("room", told, "delete many small files on that disk")
    if free_mb < floor_mb:
        told = f"Only {free_mb} MB are free, less than the {floor_mb} MB that stay free"
        return fail("room", told, "make room, recorder delete, or lower disk_floor_megabytes")
    if free_mb < _WARN_FLOORS * floor_mb:
        told = f"{free_mb} MB are free; below {floor_mb} MB a recording pauses"
        return warn("room", told, "make room, or recorder delete")
    return ok("room", f"{free_mb} MB are free")


def look_at_keys(folder: Path) -> list[Finding]:
    """Tell whether the keys are there and whole; opens none that needs a passphrase."""
    from recorder.consent.folder import folder_marks  # noqa: PLC0415 - as above
    from recorder.consent.keys import USER_KEY, load_device_key, load_public_key  # noqa: PLC0415
    from recorder.episodes.identity import recipients  # noqa: PLC0415 - as above

    sealed = [USER_KEY]
    try:
        recipients(folder)
        load_device_key(folder)
        load_public_key(folder, "device")
        load_public_key(folder, "user")
        if folder_marks(folder).secret == "passphrase":  # noqa: S105 - where it is
            sealed.append("identity.age")
    except RecorderError as error:
        return [failed("keys", error)]
    broken = [name for name in sealed if not _is_sealed(folder / "keys" / name)]
    if broken:
        told = f"{' and '.join(broken)} in {folder / 'keys'} cannot be used"
        return [fail("keys", told, "put it back from a backup, or recorder init --restore")]
    return [ok("keys", "They are there and whole")]


def _is_sealed(path: Path) -> bool:
    from recorder.files import regular_file  # noqa: PLC0415 - used in the folder's process only

    try:
        with regular_file(path) as file:
            return file.read(len(_AGE)) == _AGE
    except OSError:
        return False
