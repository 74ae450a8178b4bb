"""How hard a text is to read: Flesch-Kincaid grade, as a school year.

Source: Kincaid, Fishburne, Rogers and Chissom, "Derivation of new readability formulas",
1975. Syllables are counted by groups of vowels, which is within a few per cent of
a dictionary for English.
"""

import re

_CODE = re.compile(r"`[^`]*`")
_MARKUP = re.compile(r"[*_#>|]+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'\u2019-]*")
_SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)|\n\s*\n|\n\s*[-*\d]+\.?\s")
_VOWELS = re.compile(r"[aeiouy]+")
_PER_SENTENCE, _PER_WORD, _BASE = 0.39, 11.8, 15.59


def words(text: str) -> list[str]:
    """Give the words that a person reads; commands count as one word each."""
    return _WORD.findall(_prose(text))


def grade(text: str) -> float:
    """Give the school year; 0 for a text without words."""
    found = words(text)
    if not found:
        return 0.0
    sentences = [part for part in _SENTENCE_END.split(_prose(text)) if _WORD.search(part)]
    syllables = sum(_syllables(word) for word in found)
    per_sentence = len(found) / len(sentences)
    return _PER_SENTENCE * per_sentence + _PER_WORD * syllables / len(found) - _BASE


def _prose(text: str) -> str:
    return _MARKUP.sub("", _CODE.sub("it", text))


def _syllables(word: str) -> int:
    """Count groups of vowels; a final e is silent, but not in -le after a consonant."""
    lower = word.lower()
    count = len(_VOWELS.findall(lower))
    silent = lower.endswith(("e", "es", "ed")) and not lower.endswith(
        ("le", "les", "ted", "ded", "ses", "ces", "ges", "ies", "ee", "ees")
    )
    return max(1, count - silent)
