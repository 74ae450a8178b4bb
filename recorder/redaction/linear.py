"""Whether a regular expression stays linear in the length of a text. Pure.

Python's engine tries again from each way in which repeats can share the same characters. The
ways are counted from the parsed expression: one repeat has as many as it has lengths; repeats
in a row multiply, unless something that none of their characters can match must stand between
them. Repeats of what itself varies have too many and are refused.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as sre  # type: ignore[attr-defined]  # the parser has no public name
from re import _parser  # type: ignore[attr-defined]  # as above
from typing import Any, Final

_ENDLESS: Final = 256
"""Lengths that `*` and `+` are counted with; texts are searched in pieces of this order."""
_MOST_WAYS: Final = 1024
_MOST_UNROLLED: Final = 16
_ASCII: Final = frozenset(map(chr, range(128)))
_OTHER: Final = "\u00ff"
"""Stands for every character beyond ASCII."""
_ANY: Final = _ASCII | {_OTHER}
_CATEGORIES: Final = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_NOT_SPACE: r"\S",
}  # fmt: skip
_REPEATS: Final = frozenset({sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT})
_ZERO_WIDTH: Final = frozenset({sre.AT})
Node = tuple[Any, Any]


class NotLinear(ValueError):
    """An expression that may take very long, with the reason in words of ours."""


def check_linear(expression: str) -> None:
    """Pass an expression that needs at most some thousand steps a character.

    Raises:
        NotLinear: It may need more.
        re.error: It is no regular expression.
    """
    _Chain().walk(_parser.parse(expression, re.IGNORECASE))


class _Chain:
    """Counts the ways of what stands in a row."""

    def __init__(self) -> None:
        self._ways = 1
        self._shared: frozenset[str] = frozenset()

    def walk(self, nodes: Iterable[Node]) -> None:
        """Count what follows."""
        for sort, said in nodes:
            if sort in _REPEATS:
                self._repeat(*said)
            elif sort is sre.SUBPATTERN:
                self.walk(said[-1])
            elif sort is sre.BRANCH:
                self._branch(said[1])
            elif sort in {sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY}:
                self._must(_characters((sort, said)))
            elif sort not in _ZERO_WIDTH:
                raise NotLinear("it looks ahead, looks behind or refers back")

    def _must(self, characters: frozenset[str]) -> None:
        """Count a character that must be there; it parts repeats that cannot match it."""
        if not characters & self._shared:
            self._ways, self._shared = 1, frozenset()

    def _repeat(self, least: int, most: int, body: Sequence[Node]) -> None:
        if _is_one_character(body):
            characters = _characters(body[0])
            if least:
                self._must(characters)
            self._multiply(min(int(most), _ENDLESS) - min(least, _ENDLESS) + 1, characters)
        elif least == most <= _MOST_UNROLLED:
            for _ in range(least):
                self.walk(body)
        elif _varies(body) or most > _MOST_UNROLLED:
            raise NotLinear("a repeat stands inside a repeat")
        else:
            self._multiply(int(most) - least + 1, _ANY)

    def _branch(self, branches: Sequence[Sequence[Node]]) -> None:
        """Count alternatives: each is a way, and the one with most ways counts for all."""
        ways = 1
        for branch in branches:
            inner = _Chain()
            inner.walk(branch)
            ways = max(ways, inner._ways)
        if any(_varies(branch) for branch in branches) or not _begin_apart(branches):
            self._multiply(len(branches) * ways, _ANY)

    def _multiply(self, ways: int, characters: frozenset[str]) -> None:
        if ways > 1:
            self._ways *= ways
            self._shared |= characters
        if self._ways > _MOST_WAYS:
            raise NotLinear("repeats that match the same characters stand in a row")


def _is_one_character(body: Sequence[Node]) -> bool:
    return len(body) == 1 and body[0][0] in {sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY}


def _begin_apart(branches: Sequence[Sequence[Node]]) -> bool:
    """Tell whether no character begins two alternatives: else each is a way, `(?:a|b|ab)`."""
    begun: frozenset[str] = frozenset()
    for branch in branches:
        if not branch or not _is_one_character(branch[:1]):
            return False
        first = _characters(branch[0])
        if first & begun:
            return False
        begun |= first
    return True


def _varies(body: Sequence[Node]) -> bool:
    """Tell whether a part can match in several lengths."""
    return any(
        (sort in _REPEATS and (said[0] != said[1] or _varies(said[2])))
        or (sort is sre.SUBPATTERN and _varies(said[-1]))
        or sort is sre.BRANCH
        for sort, said in body
    )


def _characters(node: Node) -> frozenset[str]:
    """Give the ASCII characters that a node matches, in any case, and a sign for others."""
    sort, said = node
    if sort is sre.ANY:
        return _ANY
    if sort is sre.LITERAL:
        return _cased({chr(said)})
    if sort is sre.NOT_LITERAL:
        return _ANY
    found: set[str] = set()
    is_negated = False
    for inner, value in said:
        if inner is sre.NEGATE:
            is_negated = True
        elif inner is sre.RANGE:
            found |= {chr(code) for code in range(value[0], min(value[1], 127) + 1)}
            found |= {_OTHER} if value[1] > 127 else set()  # noqa: PLR2004 - end of ASCII
        elif inner is sre.LITERAL:
            found.add(chr(value) if value < 128 else _OTHER)  # noqa: PLR2004 - as above
        else:
            found |= {char for char in _ANY if re.match(_CATEGORIES.get(value, "."), char)}
    return frozenset(_ANY - found) | {_OTHER} if is_negated else _cased(found)


def _cased(characters: Iterable[str]) -> frozenset[str]:
    return frozenset(
        c if c.isascii() else _OTHER for char in characters for c in (char.lower(), char.upper())
    )
