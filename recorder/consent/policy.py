"""A policy of the machine: may forbid and narrow, can never agree to anything."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from recorder.consent.errors import PolicyForbids
from recorder.consent.records import NOTHING, StreamLevels, Strict
from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)
from recorder.core.proofs import GrantTerms

POLICY_FILE = Path("/etc/recorder/policy.toml")
"""Fixed: no variable, flag or setting moves it."""


class MaxLevels(Strict):
    """The widest level that the machine allows for each stream."""

    keyboard: KeyboardLevel = KeyboardLevel.TEXT
    screen: ScreenLevel = ScreenLevel.REDACTED
    titles: TitlesLevel = TitlesLevel.HOST
    pointer: PointerLevel = PointerLevel.FULL
    targets: TargetsLevel = TargetsLevel.ON

    def levels(self) -> Levels:
        """Give the form of core."""
        return StreamLevels.model_validate(self.model_dump()).levels()


class Policy(Strict):
    """What the machine allows at most."""

    forbid: bool = False
    levels: MaxLevels = MaxLevels()
    forbidden_apps: tuple[str, ...] = ()


def read_policy(path: Path = POLICY_FILE) -> Policy:
    """Give the policy; one without limits when there is no file.

    Raises:
        PolicyForbids: It forbids recording, or it cannot be read or understood.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Policy()
    except (OSError, UnicodeDecodeError) as cause:
        raise PolicyForbids("cannot be read, so nothing is recorded") from cause
    try:
        policy = Policy.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as cause:
        raise PolicyForbids("cannot be understood, so nothing is recorded") from cause
    if policy.forbid or policy.levels.levels() == NOTHING:
        raise PolicyForbids("forbids recording")
    return policy


def apps_within(terms: GrantTerms, wanted: Iterable[str]) -> tuple[str, ...]:
    """Give the entries of a person's list that consent and policy both allow.

    An entry is `app` or `app:host`. A wide entry goes when a part of it is forbidden.
    """
    return tuple(w for w in wanted if _granted(w, terms.apps) and not _hit(w, terms.forbidden_apps))


def _granted(entry: str, apps: tuple[str, ...]) -> bool:
    return "*" in apps or entry in apps or entry.partition(":")[0] in apps


def _hit(entry: str, forbidden: tuple[str, ...]) -> bool:
    app, _, host = entry.partition(":")
    return any(
        bad_app == app and (not host or not bad_host or _meet(host, bad_host))
        for bad_app, _, bad_host in (bad.strip().lower().partition(":") for bad in forbidden)
    )


def _meet(host: str, other: str) -> bool:
    """Tell whether two hosts, or patterns `*.domain`, have a host in common."""
    return host == other or _within(host, other) or _within(other, host)


def _within(host: str, pattern: str) -> bool:
    bare = host.removeprefix("*.")
    return pattern.startswith("*.") and (bare == pattern[2:] or bare.endswith(pattern[1:]))
