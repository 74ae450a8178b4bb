"""Settings of a person: each key, its default, and where it may come from.

A flag goes before `RECORDER_<KEY>`, that before the person's `recorder.toml`, that
before the default. No key turns redaction or consent off.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recorder.core.errors import ExitCode, RecorderError

_PREFIX = "RECORDER_"
_LARGEST_BYTES = 1 << 20


class SettingsUnusable(RecorderError):
    """The settings cannot be read or hold what is not a setting."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix, ExitCode.USAGE)


class Settings(BaseModel):
    """Every setting; the comments stand in `config/recorder.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cap_minutes: Annotated[int, Field(ge=1, le=1440)] = 120
    pause_closes_minutes: Annotated[int, Field(ge=1, le=1440)] = 15
    source: Literal["record", "pynput"] = "record"
    stop_seconds: Annotated[int, Field(ge=1, le=60)] = 5
    line_seconds: Annotated[int, Field(ge=1, le=3600)] = 10
    log_kilobytes: Annotated[int, Field(ge=16, le=10240)] = 256


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
    found: dict[str, object] = dict(_from_file(file))
    for key in Settings.model_fields:
        text = environment.get(_PREFIX + key.upper())
        if text is not None:
            found[key] = text
    found |= {key: value for key, value in (flags or {}).items() if value is not None}
    try:
        return Settings.model_validate(found)
    except ValidationError as cause:
        raise _unusable(cause, found) from cause


def _from_file(file: Path) -> dict[str, object]:
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as cause:
        raise SettingsUnusable(
            f"The settings cannot be read: {cause.strerror}", f"make {file} a file you can read"
        ) from cause
    if len(data) > _LARGEST_BYTES:
        raise SettingsUnusable("The settings are larger than 1 MB", f"shorten {file}")
    try:
        found = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise SettingsUnusable(
            f"The settings are damaged: {_one_line(cause)}", f"mend {file}, or remove it"
        ) from cause
    for key in found:
        if key not in Settings.model_fields:
            raise _unknown(key)
    return found


def _unusable(cause: ValidationError, found: Mapping[str, object]) -> SettingsUnusable:
    first = cause.errors()[0]
    key = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return _unknown(key)
    return SettingsUnusable(
        f"The setting {key} cannot be {found[key]!r}: {first['msg']}",
        f"change {key}; config/recorder.toml names what it may be",
    )


def _unknown(key: str) -> SettingsUnusable:
    near = difflib.get_close_matches(key, Settings.model_fields, n=1, cutoff=0.4)
    fix = f"write {near[0]}, or remove it" if near else "remove it"
    return SettingsUnusable(f"There is no setting {key!r}", fix)


def _one_line(cause: Exception) -> str:
    return " ".join(str(cause).split())
