"""Hands a grant from the agent to its capture processes over their private socket.

Light on purpose: the capture processes load neither cryptography nor pydantic.
"""

import json
from dataclasses import asdict

from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
)
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant


def pack_grant(grant: LiveGrant) -> bytes:
    """Give the grant's terms as JSON; needs a live grant, so only the gate's reach here."""
    return json.dumps(asdict(grant.terms)).encode()


def revive_grant(data: bytes) -> LiveGrant:
    """Give the grant that the parent process packed.

    Raises:
        ValueError: It is no packed grant.
    """
    try:
        fields = json.loads(data)
        levels = fields.pop("levels")
        terms = GrantTerms(
            **{
                **fields,
                "kind": GrantKind(fields["kind"]),
                "levels": _levels(levels),
                "apps": tuple(fields["apps"]),
                "forbidden_apps": tuple(fields["forbidden_apps"]),
            }
        )
    except (KeyError, TypeError, AttributeError) as cause:
        raise ValueError("no packed grant") from cause
    return mint_grant(terms)


def _levels(fields: dict[str, str]) -> Levels:
    return Levels(
        KeyboardLevel(fields["keyboard"]),
        ScreenLevel(fields["screen"]),
        TitlesLevel(fields["titles"]),
        PointerLevel(fields["pointer"]),
        TargetsLevel(fields["targets"]),
    )
