"""A person's own rules: named expressions or words, each of one kind. They only add."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from recorder.redaction.hits import KINDS, Hit, Rule
from recorder.redaction.linear import NotLinear, check_linear

_PIECE_CHARS: Final = 512
_OVERLAP_CHARS: Final = 256
"""Longer texts are searched in pieces, so that an expression's worst case stays bounded."""
_MOST_CHARS: Final = 512
_MOST_WORDS: Final = 256
_FEWEST_CHARS: Final = 3


class UnusableRule(ValueError):
    """A rule of a person that cannot be used: why, and what to do, in words of ours."""

    def __init__(self, why: str, fix: str) -> None:
        super().__init__(why)
        self.why = why
        self.fix = fix


@dataclass(frozen=True, slots=True)
class OwnRule:
    """What a person wrote: a regular expression, or words, to be removed as `kind`."""

    name: str
    kind: str
    regex: str = ""
    words: tuple[str, ...] = ()


def compiled(own: OwnRule) -> Rule:
    """Give the rule.

    Raises:
        UnusableRule: Unknown kind, no expression, an expression that may take very long.
    """
    if own.kind not in KINDS:
        raise UnusableRule(f"there is no kind {own.kind!r}", f"write one of {', '.join(KINDS)}")
    if bool(own.regex) == bool(own.words):
        raise UnusableRule("it needs either regex or words", "write one of the two")
    pattern = _of_regex(own.regex) if own.regex else _of_words(own.words)
    return Rule(own.name, lambda text: _found(pattern, text, own.kind))


def _of_regex(expression: str) -> re.Pattern[str]:
    if len(expression) > _MOST_CHARS:
        raise UnusableRule(f"its regex is longer than {_MOST_CHARS} characters", "shorten it")
    try:
        check_linear(expression)
        pattern = re.compile(expression, re.IGNORECASE)
    except NotLinear as cause:
        raise UnusableRule(
            f"its regex may take very long: {cause}",
            r"write bounded repeats of single characters, such as \d{1,8}, with a sign between",
        ) from cause
    except (re.error, OverflowError, RecursionError) as cause:
        raise UnusableRule(f"its regex does not compile: {cause}", "mend it") from cause
    if pattern.match(""):
        raise UnusableRule("its regex matches no text at all", "let it need one character")
    return pattern


def _of_words(words: Sequence[str]) -> re.Pattern[str]:
    if len(words) > _MOST_WORDS:
        raise UnusableRule(f"it has more than {_MOST_WORDS} words", "make several rules of it")
    for word in words:
        if not _FEWEST_CHARS <= len(word.strip()) <= _OVERLAP_CHARS:
            raise UnusableRule(
                f"a word has fewer than {_FEWEST_CHARS} or more than {_OVERLAP_CHARS} characters",
                "leave that word out",
            )
    texts = (r"\s{1,4}".join(map(re.escape, word.split())) for word in words)
    longest_first = "|".join(sorted(texts, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE)


def _found(pattern: re.Pattern[str], text: str, kind: str) -> Iterator[Hit]:
    step = _PIECE_CHARS - _OVERLAP_CHARS
    for start in range(0, max(len(text) - _OVERLAP_CHARS, 1), step):
        for match in pattern.finditer(text, start, start + _PIECE_CHARS):
            if match.end() > match.start():
                yield Hit(match.start(), match.end(), kind)
