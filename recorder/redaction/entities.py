"""Numbers of values: the same value gets the same number within one episode.

The agent owns the numbers. The screen process knows a value by its keyed digest only,
asks for the number and remembers it. The key lives in the two memories and dies with
the episode.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from recorder.core.screen_messages import EntityIs
from recorder.redaction.learned_names import KIND as NAME
from recorder.redaction.learned_names import name_keys

_DIGEST_BYTES: Final = 16
_KEY_BYTES: Final = 32
_MOST_NAMES: Final = 1024
"""Names learned in one episode; later ones are found by the rules alone."""


def digest_of(key: bytes, kind: str, value: str) -> bytes:
    """Give 16 bytes of keyed BLAKE2b over the kind and the normalised value."""
    body = kind.encode("ascii") + b"\0" + value.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(body, digest_size=_DIGEST_BYTES, key=key).digest()


class EntityBook:
    """Gives each (kind, value) of an episode its number, from 1 up per kind.

    Args:
        key: 32 random bytes, drawn for this episode.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError("the entity key has 32 bytes")
        self._key = key
        self._numbers: dict[tuple[str, bytes], int] = {}
        self._next: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"EntityBook({len(self._numbers)} values)"

    def digest(self, kind: str, value: str) -> bytes:
        """Give the keyed digest by which both processes know the value."""
        return digest_of(self._key, kind, value)

    def number(self, kind: str, digest: bytes) -> int:
        """Give the number of a digest; a new one gets the next free number of its kind."""
        found = self._numbers.get((kind, digest))
        if found is None:
            found = self._next.get(kind, 1)
            self._next[kind] = found + 1
            self._numbers[kind, digest] = found
        return found

    def mark(self, kind: str, value: str) -> str:
        """Give the name that stands for a value, such as EMAIL_1."""
        return f"{kind}_{self.number(kind, self.digest(kind, value))}"

    def learn_name(self, name: str) -> None:
        """Remember a proven name: each of its words alone has its number from now on."""
        keys = name_keys(name)
        if not keys or self._next.get(NAME, 1) > _MOST_NAMES:
            return
        person = self.number("PERSON", self.digest("PERSON", keys[-1]))
        for key in keys:
            self.number(NAME, self.digest(NAME, key))
            self._numbers.setdefault(("PERSON", self.digest("PERSON", key)), person)

    def knows_name(self, name: str) -> bool:
        """Tell whether words in lower case are part of a name that was proven before."""
        return (NAME, self.digest(NAME, name)) in self._numbers

    def known(self) -> tuple[EntityIs, ...]:
        """Give every number given so far, oldest first; for a screen process that starts."""
        return tuple(EntityIs(kind, d, number) for (kind, d), number in self._numbers.items())


class EntityClient:
    """The screen process's side: digests here, numbers from the agent.

    Args:
        key: The agent's key of this episode.
        ask: Gives the agent's number for (kind, digest); called once per value.
    """

    def __init__(self, key: bytes, ask: Callable[[str, bytes], int]) -> None:
        self._key = key
        self._ask = ask
        self._numbers: dict[tuple[str, bytes], int] = {}

    def __repr__(self) -> str:
        return f"EntityClient({len(self._numbers)} values)"

    def learn(self, news: EntityIs) -> None:
        """Remember a number that the agent sent unasked."""
        self._numbers[news.kind, news.digest] = news.number

    def number(self, kind: str, value: str) -> int:
        """Give the number of a normalised value, asking the agent when it is new."""
        digest = digest_of(self._key, kind, value)
        found = self._numbers.get((kind, digest))
        if found is None:
            found = self._ask(kind, digest)
            self._numbers[kind, digest] = found
        return found

    def is_known(self, kind: str, value: str) -> bool:
        """Tell whether the value was met before, on the keyboard or on the screen."""
        return (kind, digest_of(self._key, kind, value)) in self._numbers
