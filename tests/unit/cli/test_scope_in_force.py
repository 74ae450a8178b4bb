"""The person's list within consent and policy, as the watcher decides by it."""

import pytest

from recorder.cli.scope_in_force import scope_in_force
from recorder.core.levels import Levels
from recorder.core.proofs import GrantKind, GrantTerms


@pytest.mark.parametrize(
    ("granted", "forbidden", "kept"),
    [
        (("*",), (), ("chromium", "chromium:a.example", "gedit")),
        (("chromium:a.example",), (), ("chromium:a.example",)),
        (
            ("chromium:*.example", "gedit"),
            (),
            ("chromium:*.example", "chromium:a.example", "gedit"),
        ),
        (("*",), ("chromium",), ("gedit",)),
        (("*",), ("Chromium:a.example",), ("gedit",)),
        (("chromium:b.example",), ("chromium:a.example",), ("chromium:b.example",)),
        (("chromium:b.example",), ("chromium:*.example",), ()),
        (("chromium:*.example",), ("chromium:a.b.example",), ("chromium:a.example",)),
        ((), (), ()),
    ],
)
def test_what_is_left_is_within_the_consent_and_not_forbidden(
    granted: tuple[str, ...], forbidden: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    terms = GrantTerms(
        "id", "", "", GrantKind.PERSON, Levels(), granted, 0, forbidden_apps=forbidden
    )
    allowed = ("gedit", "chromium", "chromium:a.example")
    assert scope_in_force(allowed, terms).entries == kept
