"""Whom a notice lets recordings go to: roles for people, age keys for the program."""

import re
from typing import Final

import pyrage

from recorder.consent.notice import NoticeInvalid, NoticeTerms

_KEY: Final = re.compile(r"^(?P<role>[^<>]+?)\s*<(?P<key>[^<>]*)>$")
"""`role or name <age1…>`; one without a key gets data later, from those who have one."""


def sealed_to(terms: NoticeTerms) -> tuple[str, ...]:
    """Give the `age1…` keys that shared recordings are encrypted to.

    Raises:
        NoticeInvalid: What stands between < and > is no age key.
    """
    found = [_KEY.match(line) for line in terms.recipients]
    return tuple(_checked(match["key"]) for match in found if match is not None)


def roles(terms: NoticeTerms) -> tuple[str, ...]:
    """Give the recipients as people read them, without keys."""
    found = [(line, _KEY.match(line)) for line in terms.recipients]
    return tuple(line if match is None else match["role"] for line, match in found)


def _checked(key: str) -> str:
    try:
        return str(pyrage.x25519.Recipient.from_str(key))
    except pyrage.RecipientError as cause:
        raise NoticeInvalid("a recipient's key is no age key") from cause
