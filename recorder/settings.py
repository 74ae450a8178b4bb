"""Settings of a person: each key, its default, and where it may come from.

A flag goes before `RECORDER_<KEY>`, that before the person's `recorder.toml`, that
before the default. No key turns redaction or consent off.
"""

import difflib
import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.hotkeys import read_hotkey
from recorder.core.hours import read_days, read_spans

_PREFIX = "RECORDER_"
_LARGEST_BYTES = 1 << 20
_WORDS = {
    "pause_hotkey": 'keys such as "ctrl+alt+p" or "super+pause", or "" for none',
    "work_days": 'days such as "mon-fri" or "mon,wed,sat", or "" for every day',
    "work_hours": 'hours such as "09:00-17:30" or "22:00-06:00", or "" for the whole day',
}
_NEVER = frozenset({"consent", "redaction", "redact"})


class SettingsUnusable(RecorderError):
    """The settings cannot be read or hold what is not a setting."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix, ExitCode.USAGE)


def _checked(read: Callable[[str], object]) -> Callable[[str], str]:
    """Give a check that leaves the text as it is."""

    def check(text: str) -> str:
        try:
            read(text)
        except ValueError as cause:
            raise PydanticCustomError("no_setting", "no such setting") from cause
        return text

    return check


class Settings(BaseModel):
    """Every setting; the comments stand in `config/recorder.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cap_minutes: Annotated[int, Field(ge=1, le=1440)] = 120
    pause_closes_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    indicator: Literal["auto", "tray", "window", "line"] = "auto"
    pause_hotkey: Annotated[str, AfterValidator(_checked(read_hotkey))] = "ctrl+alt+p"
    idle_minutes: Annotated[int, Field(ge=0, le=1440)] = 5
    work_days: Annotated[str, AfterValidator(_checked(read_days))] = ""
    work_hours: Annotated[str, AfterValidator(_checked(read_spans))] = ""
    source: Literal["record", "pynput"] = "record"
    stop_seconds: Annotated[int, Field(ge=1, le=60)] = 5
    line_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    retention_days: Annotated[int, Field(ge=0, le=3650)] = 30
    disk_budget_gigabytes: Annotated[int, Field(ge=0, le=100_000)] = 20
    disk_floor_megabytes: Annotated[int, Field(ge=50, le=1_000_000)] = 500
    log_kilobytes: Annotated[int, Field(ge=16, le=10240)] = 256

    @field_validator("*", mode="before")
    @classmethod
    def _no_truth(cls, value: object) -> object:
        """Refuse true and false, which Python takes for 1 and 0."""
        if isinstance(value, bool):
            raise PydanticCustomError("no_setting", "true and false are no setting")
        return value


def read_settings(
    file: Path,
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Give the settings in force; a missing file means the defaults.

    Args:
        file: The person's TOML file.
        flags: Keys given on the command line; None values do not count.
        environment: Where `RECORDER_<KEY>` variables stand.

    Raises:
        SettingsUnusable: Damaged, unreadable, an unknown key or a value out of range.
    """
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    found = {**_from_file(file), **_from_environment(environment), **given}
    try:
        return Settings.model_validate(found)
    except ValidationError as cause:
        key = str(cause.errors()[0]["loc"][0])
        if key in given:
            place = f"write another --{key}"
        elif _PREFIX + key.upper() in environment:
            place = f"change the environment variable {_PREFIX}{key.upper()}"
        else:
            place = f"change it in {file}"
        raise SettingsUnusable(
            f"The setting {key} cannot be {str(found[key])[:40]!r}; it must be {_range(key)}", place
        ) from cause


def _range(key: str) -> str:
    """Give in words what the setting may be."""
    if key in _WORDS:
        return _WORDS[key]
    field = Settings.model_fields[key]
    choices = get_args(field.annotation)
    if choices:
        return " or ".join(f'"{choice}"' for choice in choices)
    low = next(limit.ge for limit in field.metadata if hasattr(limit, "ge"))
    high = next(limit.le for limit in field.metadata if hasattr(limit, "le"))
    return f"a whole number from {low} to {high}"


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    """Give what variables set; one that nearly names a setting is an error."""
    found: dict[str, object] = {}
    for name, text in environment.items():
        key = name.removeprefix(_PREFIX).lower()
        if not name.startswith(_PREFIX):
            continue
        if key in Settings.model_fields:
            found[key] = text
        elif _nearest(key):
            raise _unknown(key, f"the environment variable {name}")
    return found


def _from_file(file: Path) -> dict[str, object]:
    data = _read(file)
    if len(data) > _LARGEST_BYTES:
        raise SettingsUnusable("The settings are larger than 1 MB", f"shorten {file}")
    try:
        found = tomllib.loads(data.decode())
    except UnicodeDecodeError as cause:
        raise SettingsUnusable(
            "The settings are damaged: the file is no text", f"mend {file}, or remove it"
        ) from cause
    except (ValueError, RecursionError) as cause:  # also of numbers and nests without end
        raise SettingsUnusable(
            f"The settings are damaged: {_one_line(cause)}", f"mend {file}, or remove it"
        ) from cause
    for key in found:
        if key not in Settings.model_fields:
            raise _unknown(key, str(file))
    return found


def _read(file: Path) -> bytes:
    """Give the bytes of the file, b"" when there is none; never waits on a pipe."""
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as opened:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise SettingsUnusable(
                    "The settings cannot be read: they are no plain file", f"remove {file}"
                )
            return opened.read(_LARGEST_BYTES + 1)
    except FileNotFoundError as cause:
        if file.is_symlink():
            raise SettingsUnusable(
                f"The settings are gone: {file} links to nothing", f"remove {file}"
            ) from cause
        return b""
    except NotADirectoryError as cause:
        raise SettingsUnusable(
            f"The settings cannot be read: {file.parent} is no folder", f"move {file.parent} away"
        ) from cause
    except OSError as cause:
        raise SettingsUnusable(
            f"The settings cannot be read: {(cause.strerror or 'unknown').lower()}",
            f"make {file} a file you can read",
        ) from cause


def _unknown(key: str, where: str) -> SettingsUnusable:
    if key.partition("_")[0] in _NEVER:
        return SettingsUnusable(
            f"No setting turns {key.partition('_')[0]} on or off", f"remove {key} from {where}"
        )
    near = _nearest(key)
    return SettingsUnusable(
        f"There is no setting {key!r}",
        f"write {near} in {where}"
        if near
        else f"remove it from {where}, or upgrade the recorder if a newer version wrote it",
    )


def _nearest(key: str) -> str:
    return next(iter(difflib.get_close_matches(key, Settings.model_fields, n=1, cutoff=0.7)), "")


def _one_line(cause: Exception) -> str:
    return " ".join(str(cause).split())
