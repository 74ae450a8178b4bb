"""What consent and policy leave of a person's own list of apps."""

import pytest

from recorder.consent.policy import apps_within
from recorder.core.levels import Levels
from recorder.core.proofs import GrantKind, GrantTerms


def terms(apps: tuple[str, ...], forbidden: tuple[str, ...] = ()) -> GrantTerms:
    return GrantTerms("id", "", "", GrantKind.PERSON, Levels(), apps, 0, forbidden_apps=forbidden)


@pytest.mark.parametrize(
    ("granted", "forbidden", "kept"),
    [
        (("*",), (), ("gedit", "chromium", "chromium:a.example")),
        (("gedit",), (), ("gedit",)),
        (("chromium:a.example",), (), ("chromium:a.example",)),
        (("chromium",), (), ("chromium", "chromium:a.example")),
        (("*",), ("chromium",), ("gedit",)),
        (("*",), ("chromium:b.example",), ("gedit", "chromium:a.example")),
        ((), (), ()),
    ],
)
def test_only_what_both_allow_is_kept(
    granted: tuple[str, ...], forbidden: tuple[str, ...], kept: tuple[str, ...]
) -> None:
    wanted = ("gedit", "chromium", "chromium:a.example")
    assert apps_within(terms(granted, forbidden), wanted) == kept
