"""Secrets made up afresh for each run, so that finding one anywhere means a leak."""

import secrets
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

FRAGMENT_LENGTH: Final = 6
"""Letters and digits in a row that count as found: never met by chance in a recording."""

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"
_MIXED: Final = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Secret:
    """A made-up value that is typed and must not be found again.

    Attributes:
        name: What it is, for messages.
        text: As it is typed.
        core: The part of it that is random, without spaces.
    """

    name: str
    text: str = field(repr=False)
    core: str = field(repr=False)

    def fragments(self, length: int = FRAGMENT_LENGTH) -> Iterator[str]:
        """Give every run of `length` characters of the random part."""
        for start in range(len(self.core) - length + 1):
            yield self.core[start : start + length]


@dataclass(frozen=True, slots=True)
class SceneSecrets:
    """What is typed in the scene: three values in clear view, three passwords."""

    email: Secret
    card: Secret
    api_key: Secret
    shell_password: Secret
    dialog_password: Secret
    page_password: Secret

    def all(self) -> tuple[Secret, ...]:
        """Give them all."""
        return (
            self.email, self.card, self.api_key, self.shell_password, self.dialog_password,
            self.page_password,
        )  # fmt: skip


def make_secrets() -> SceneSecrets:
    """Make up a set of secrets."""
    name = _draw(_LETTERS, 9)
    card = _make_card()
    key = _draw(_MIXED, 36)
    return SceneSecrets(
        email=Secret("e-mail address", f"{name}@kanzlei-nord.de", name),
        card=Secret("card number", " ".join(card[at : at + 4] for at in (0, 4, 8, 12)), card),
        api_key=Secret("API key", f"ghp_{key}", key),
        shell_password=_make_password("password in the terminal"),
        dialog_password=_make_password("password in the dialog"),
        page_password=_make_password("password in the browser"),
    )


def _make_password(name: str) -> Secret:
    text = _draw(_LETTERS, 7) + _draw(string.digits, 3) + _draw(string.ascii_uppercase, 2)
    return Secret(name, text, text)


def _make_card() -> str:
    """Give sixteen digits whose last one is right (ISO/IEC 7812-1, Luhn)."""
    digits = [4, *(secrets.randbelow(10) for _ in range(14))]
    doubled = [digit * 2 if at % 2 == 0 else digit for at, digit in enumerate(digits)]
    total = sum(digit - 9 if digit > 9 else digit for digit in doubled)  # noqa: PLR2004
    return "".join(map(str, [*digits, -total % 10]))


def _draw(alphabet: str, length: int) -> str:
    return "".join(secrets.choice(alphabet) for _ in range(length))
