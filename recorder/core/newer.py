"""Files of a later version of the recorder: told apart from damage, and left as they are."""

import json
import re
from typing import Final

FIX: Final = "upgrade the recorder; the file is whole and stays as it is"
_SCHEMA: Final = re.compile(r"(recorder\.[a-z-]+)/(\d{1,6})")
_VERSION: Final = re.compile(r"(\d{1,6})\.(\d{1,6})(\.\d{1,6})?")


def is_newer_schema(data: bytes, known: str) -> bool:
    """Tell whether JSON says that it is of a later schema than `known`, as `recorder.head/1`."""
    found, ours = _SCHEMA.fullmatch(_text(data, "schema")), _SCHEMA.fullmatch(known)
    return bool(found and ours and found[1] == ours[1] and int(found[2]) > int(ours[2]))


def is_newer_version(data: bytes, known: str) -> bool:
    """Tell whether JSON says that its `schema_version` is later than `known`, as `1.1.0`."""
    found, ours = _VERSION.fullmatch(_text(data, "schema_version")), _VERSION.fullmatch(known)
    return bool(found and ours and _numbers(found) > _numbers(ours))


def _numbers(version: re.Match[str]) -> tuple[int, int]:
    return int(version[1]), int(version[2])


def _text(data: bytes, key: str) -> str:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    return str(found.get(key)) if isinstance(found, dict) else ""
