"""Proof types: a `LiveGrant` says may be captured, a `Redacted` says may be stored.

Who may make one is a house rule that a test holds: only the consent room calls
`mint_grant`, only the redaction room calls `vouch`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from recorder.core.levels import Levels

T = TypeVar("T")
_SEAL: Final = object()


class GrantKind(StrEnum):
    """Whose say-so stands behind a recording."""

    PERSON = "person"
    DEMO = "demo"


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What a grant allows.

    Attributes:
        consent_id: Id of the consent record; "demo" for a demonstration.
        notice_sha256: Hex digest of the notice the person saw.
        ledger_head: Hex digest of the ledger's last entry, "" for a demonstration.
        kind: A person's consent, or a demonstration bound to one display.
        levels: Widest level per stream.
        apps: Widest list of apps (`app` or `app:host`); ("*",) when the notice sets none.
        expires_wall_ns: End of the consent, wall clock; 0 for a demonstration.
        display: The only display a demonstration may open; "" for a person.
        forbidden_apps: What a policy takes out of `apps` (`app` or `app:host`).
    """

    consent_id: str
    notice_sha256: str
    ledger_head: str
    kind: GrantKind
    levels: Levels
    apps: tuple[str, ...]
    expires_wall_ns: int
    display: str = ""
    forbidden_apps: tuple[str, ...] = ()


class LiveGrant:
    """Permission to capture, checked just now. Cannot be built outside the consent room."""

    __slots__ = ("terms",)

    def __init__(self, terms: GrantTerms, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a LiveGrant is minted by the consent room only")
        self.terms = terms


class Redacted(Generic[T]):
    """A value that redaction has released. Cannot be built outside the redaction room."""

    __slots__ = ("value",)

    def __init__(self, value: T, seal: object) -> None:
        if seal is not _SEAL:
            raise TypeError("a Redacted value is made by the redaction room only")
        self.value = value

    def __repr__(self) -> str:
        return "Redacted(…)"


def mint_grant(terms: GrantTerms) -> LiveGrant:
    """Make a grant; for the consent room only."""
    return LiveGrant(terms, _SEAL)


def vouch(value: T) -> Redacted[T]:
    """Mark a value as redacted; for the redaction room only."""
    return Redacted(value, _SEAL)
