"""A policy of the machine: may forbid and narrow, can never agree to anything."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from recorder.consent.errors import PolicyForbids
from recorder.consent.records import NOTHING, StreamLevels
from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)
from recorder.core.proofs import GrantTerms
from recorder.core.strict import Strict
from recorder.files import read_regular

POLICY_FILE = Path("/etc/recorder/policy.toml")
"""Fixed: no variable, flag or setting moves it."""
_MAX_BYTES = 1024 * 1024


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
        text = read_regular(path, _MAX_BYTES, follow=True).decode("utf-8")
    except FileNotFoundError:
        return Policy()
    except (OSError, UnicodeDecodeError) as cause:
        raise PolicyForbids("cannot be read, so nothing is recorded") from cause
    try:
        policy = Policy.model_validate(tomllib.loads(text))
    except (ValueError, RecursionError) as cause:
        raise PolicyForbids("cannot be understood, so nothing is recorded") from cause
    if policy.forbid or policy.levels.levels() == NOTHING:
        raise PolicyForbids("forbids recording")
    return policy


def apps_within(terms: GrantTerms, wanted: Iterable[str]) -> tuple[str, ...]:
    """Give the entries of a person's list that consent and policy both allow.

    An entry is `app`, `app:host` or `app:*.domain`. A wide entry goes when a part of it
    is forbidden.
    """
    return tuple(w for w in wanted if _granted(w, terms.apps) and not _hit(w, terms.forbidden_apps))


def _granted(entry: str, apps: tuple[str, ...]) -> bool:
    return "*" in apps or any(_contains(_parts(app), _parts(entry)) for app in apps)


def _hit(entry: str, forbidden: tuple[str, ...]) -> bool:
    """Tell whether an entry lies within a forbidden one, or has one within it."""
    wish = _parts(entry)
    return any(_contains(bad, wish) or _contains(wish, bad) for bad in map(_parts, forbidden))


def _parts(entry: str) -> tuple[str, str]:
    """Give app and host, "" for every host, however a person wrote them."""
    app, _, host = entry.strip().lower().partition(":")
    return app.strip(), host.strip().rstrip(".")


def _contains(wide: tuple[str, str], narrow: tuple[str, str]) -> bool:
    """Tell whether all of one entry lies within another."""
    pattern, host = wide[1], narrow[1]
    if wide[0] not in {narrow[0], "*"}:
        return False
    if pattern.startswith("*."):
        return host.removeprefix("*.") == pattern[2:] or host.endswith(pattern[1:])
    return not pattern or pattern == host
