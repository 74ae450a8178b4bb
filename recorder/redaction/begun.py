"""Words that may be a value although no rule says so: half typed, or mixed like a password."""

import re
from collections.abc import Iterator
from typing import Final

_BEGUN: Final = re.compile(
    r"[^\s@]+@[^\W\d]\S*|[^\s@]{3,}@|"
    r"\S*(?<![A-Za-z0-9])(?:gh[pousr]_|github_pat_|glpat-|sk-|[sr]k_(?:live|test)_|xox[abeoprs]-|AKIA|ASIA|AIza|"
    r"ya29\.|eyJ|npm_|pypi-|hf_|hv[sb]\.|SG\.|dckr_|AGE-SECRET)\S+"
)
_MIXED: Final = re.compile(
    r"(?![\-$])(?=\S*\d)(?=\S*[^\W\d])(?=\S*[!@#$%^&*])[^\s/]{6,}|"  # letters, digits and signs
    r"(?=\S*[a-z])(?=\S*[A-Z])(?=(?:\S*?[!@#$%^&*+?=~<>|]){2})[^\s/.:(){}]{6,}|"  # both cases, two signs
    r"(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d)(?=(?:\S*?[!@#$%^&*+?~]){2})[^\s(){}]{8,}|"
    r"(?=\S*[a-z])(?=\S*[A-Z])(?=\S*\d\S*[A-Za-z])[^\s/.:=(){}]{8,}|"  # digits among both cases
    r"(?=\S*[A-Za-z]\S*\d\S*[A-Za-z]\S*\d\S*[A-Za-z]\S*\d)[^\s/.:=(){}]{12,}"
)
MANY_FIGURES: Final = 9
"""As many figures in a row as an account or identity number has."""
_FIGURES: Final = re.compile(rf"\d(?:[ .\-/]{{0,2}}\d){{{MANY_FIGURES - 1},31}}")
_WORD: Final = re.compile(r"\S{1,512}")


def is_begun(word: str) -> bool:
    """Tell whether a word is the beginning of an e-mail address or of a token."""
    return _BEGUN.fullmatch(word) is not None


def doubtful_words(text: str) -> Iterator[tuple[int, int]]:
    """Give start and end of words half typed, mixed like a password, or of many figures."""
    for match in _FIGURES.finditer(text):
        yield match.span()
    for match in _WORD.finditer(text):
        if is_begun(match[0]) or _MIXED.fullmatch(match[0]):
            yield match.span()
