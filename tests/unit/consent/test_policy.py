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


@pytest.mark.parametrize(
    ("allowed", "forbidden"),
    [
        ("slack", "Slack"),
        ("slack", " slack "),
        ("chromium:*.example.com", "chromium:mail.example.com"),
        ("chromium:mail.example.com", "chromium:*.example.com"),
        ("chromium:mail.example.com", "Chromium:MAIL.example.com."),
        ("chromium:example.com", "chromium:*.example.com"),
        ("chromium:*.mail.example.com", "chromium:*.example.com"),
        ("chromium", "chromium:*.example.com"),
        ("chromium:jira.example.com", "chromium"),
    ],
)
def test_a_forbidden_site_stays_out_however_it_is_written(allowed: str, forbidden: str) -> None:
    assert apps_within(terms(("*",), (forbidden,)), [allowed]) == ()


@pytest.mark.parametrize(
    ("allowed", "forbidden"),
    [
        ("slack", "slackware"),
        ("chromium:jira.example.com", "chromium:mail.example.com"),
        ("chromium:notexample.com", "chromium:*.example.com"),
        ("firefox:mail.example.com", "chromium:mail.example.com"),
    ],
)
def test_what_is_not_forbidden_stays(allowed: str, forbidden: str) -> None:
    assert apps_within(terms(("*",), (forbidden,)), [allowed]) == (allowed,)
