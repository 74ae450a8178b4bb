"""A notice: Markdown for people with YAML front matter for the program."""

import difflib
from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from recorder.consent.records import digest
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.levels import (
    KeyboardLevel,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)
from recorder.core.strict import Strict

LAYER_ONE = "In short"
"""Heading of the part that everybody is shown."""
MAX_NOTICE_BYTES = 256 * 1024
_FENCE = "---\n"


class NoticeInvalid(RecorderError):
    """A notice cannot be read or says what this version does not know."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The notice cannot be used: {what}", "recorder consent lint NOTICE", ExitCode.FORMAT
        )


class Controller(Strict):
    """Who decides about the recordings."""

    name: str
    contact: str
    keys: tuple[str, ...]
    """Hex Ed25519 public keys that sign for the controller; none for oneself."""


class Streams(Strict):
    """Level names that may be chosen, besides `off`; a stream left out is never recorded."""

    keyboard: tuple[KeyboardLevel, ...] = ()
    screen: tuple[ScreenLevel, ...] = ()
    titles: tuple[TitlesLevel, ...] = ()
    pointer: tuple[PointerLevel, ...] = ()
    targets: tuple[TargetsLevel, ...] = ()


class StreamTerms(Strict):
    """Which streams a study cannot do without, and which are up to the person."""

    required: Streams
    optional: Streams


class NoticeTerms(Strict):
    """Front matter of a notice."""

    schema_name: Literal["recorder.notice/1"] = Field(alias="schema")
    id: str = Field(pattern=r"^[a-z0-9-]{1,64}$")
    version: str
    language: str = Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    controller: Controller
    purposes: tuple[str, ...] = Field(min_length=1)
    streams: StreamTerms
    apps: tuple[str, ...] = Field(min_length=1)
    recipients: tuple[str, ...]
    drop: str | None = None
    """Where bundles go unless the participant names another place; no credentials in it."""
    retention_days: int = Field(ge=0)
    consent_valid_days: int = Field(ge=1, le=730)
    erasure_due_days: int = Field(ge=0)
    withdrawal: str
    employment_effect: str
    lawful_basis: str
    dpia: str
    supersedes: str | None


class Notice(Strict):
    """A notice taken apart.

    Attributes:
        sha256: Hex digest over the exact bytes.
        terms: The front matter.
        text: The Markdown without front matter.
        short: Layer one: the text under the heading `In short`.
    """

    sha256: str
    terms: NoticeTerms
    text: str
    short: str


def default_notice_file() -> Path:
    """Give the path of CONSENT.md: beside this file when installed, at the top of a checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / "CONSENT.md"
    return packaged if packaged.is_file() else here.parent.parent / "CONSENT.md"


def parse_notice(data: bytes) -> Notice:
    """Take a notice apart.

    Raises:
        NoticeInvalid: No front matter, unknown keys, or no short part.
    """
    if len(data) > MAX_NOTICE_BYTES:
        raise NoticeInvalid("it is larger than 256 kB")
    try:
        front, text = _split(data.decode("utf-8"))
        _check_unshared(front)
        fields = yaml.safe_load(front)
        if not isinstance(fields, dict):
            raise NoticeInvalid("its front matter is no list of keys")
        terms = NoticeTerms.model_validate(_tuples(fields))
    except UnicodeDecodeError as cause:
        raise NoticeInvalid("it is not UTF-8") from cause
    except ValidationError as cause:
        first = cause.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NoticeInvalid(f"{where}: {first['msg']}") from cause
    except (yaml.YAMLError, RecursionError, ValueError) as cause:
        raise NoticeInvalid("its front matter is not YAML") from cause
    short = sections(text).get(LAYER_ONE, "")
    if not short:
        raise NoticeInvalid(f"it has no part named {LAYER_ONE}")
    return Notice(sha256=digest(data), terms=terms, text=text, short=short)


def sections(text: str) -> dict[str, str]:
    """Give the text under each second-level heading."""
    found: dict[str, str] = {}
    for part in ("\n" + text).split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        found[heading.strip()] = body.strip()
    return found


def difference(old: bytes, new: bytes) -> str:
    """Give a unified diff of two notices, for a person to read."""
    lines = difflib.unified_diff(
        old.decode("utf-8", "replace").splitlines(),
        new.decode("utf-8", "replace").splitlines(),
        "what you agreed to",
        "the notice now",
        lineterm="",
        n=1,
    )
    return "\n".join(lines)


def _split(text: str) -> tuple[str, str]:
    if not text.startswith(_FENCE):
        raise NoticeInvalid("it has no front matter")
    front, fence, body = text[len(_FENCE) :].partition("\n" + _FENCE)
    if not fence:
        raise NoticeInvalid("its front matter has no end")
    return front, body


def _check_unshared(front: str) -> None:
    """Refuse parts that are repeated by name: a kilobyte of them asks for all memory there is."""
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(front, yaml.SafeLoader)):
        raise NoticeInvalid("its front matter repeats a part by name")


def _tuples(fields: dict[object, object]) -> dict[str, object]:
    """Give what YAML read, with `on` and `off` of streams as the words they are."""
    return {str(key): _plain(value, words=key == "streams") for key, value in fields.items()}


def _plain(value: object, *, words: bool) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(inner, words=words) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_plain(inner, words=words) for inner in value)
    if isinstance(value, bool) and words:
        return "on" if value else "off"
    return value
