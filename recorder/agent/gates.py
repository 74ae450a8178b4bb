"""The consent gate, as far as a recording needs it."""

from typing import Protocol

from recorder.core.proofs import GrantTerms, LiveGrant


class Renews(Protocol):
    """Asked before every batch."""

    def renew(self, grant: LiveGrant) -> LiveGrant:
        """Give the grant again, or raise that it is over."""


class OpensAndRenews(Renews, Protocol):
    """Asked before every stretch too."""

    def open(self) -> LiveGrant:
        """Check everything and give a grant."""

    def agreed(self) -> GrantTerms:
        """Give what a grant would allow now; mints none."""
