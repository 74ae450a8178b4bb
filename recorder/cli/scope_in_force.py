"""What may be recorded: the person's list, within the consent, without what a policy forbids."""

from collections.abc import Sequence
from dataclasses import replace

from recorder.capture.scope import Scope
from recorder.consent.policy import apps_within
from recorder.core.proofs import GrantTerms


def scope_in_force(allowed: Sequence[str], terms: GrantTerms) -> Scope:
    """Give the scope under a grant.

    Args:
        allowed: The person's entries: `app`, `app:host` or `app:*.domain`. Where the
            consent names sites of an app only, an entry for the whole app means those.
        terms: What the grant allows, and what a policy takes out of it.
    """
    narrowed = Scope(tuple(allowed), terms.apps).entries
    return Scope(apps_within(replace(terms, apps=("*",)), narrowed), ("*",))
