"""Names as sentences of some languages write them: own letters, own order, endings of cases."""

import random
from collections.abc import Callable
from typing import Final

from benchmarks.tagger.names import EAST_ASIAN, Names
from benchmarks.tagger.pools import Pool

LOCALES: Final = {
    "el": "el_GR", "ru": "ru_RU", "uk": "uk_UA", "bg": "bg_BG", "tr": "tr_TR", "pt": "pt_BR", "nl": "nl_NL",
    "zh": "zh_CN", "ja": "ja_JP", "ko": "ko_KR", "ar": "ar_AA", "he": "he_IL", "hi": "hi_IN", "th": "th_TH",
    "pl": "pl_PL", "cs": "cs_CZ",
}  # fmt: skip
_OTHERS: Final = {"pt": ("pt_BR", "pt_PT"), "zh": ("zh_CN", "zh_CN", "zh_TW")}
_SLAVIC: Final = (
    ("\u0438\u0439", ("\u043e\u0433\u043e", "\u043e\u043c\u0443", "\u0438\u043c", "\u0438\u044f")),
    ("\u0439", ("\u044f", "\u044e", "\u0435\u043c")),
    ("\u0432\u0430", ("\u0432\u043e\u0439", "\u0432\u0443")),
    ("\u0430", ("\u044b", "\u0435", "\u0443", "\u043e\u0439")),
    ("\u044f", ("\u0438", "\u0435", "\u044e", "\u0435\u0439")),
    ("\u0432", ("\u0432\u0430", "\u0432\u0443", "\u0432\u044b\u043c")),
    ("\u043d", ("\u043d\u0430", "\u043d\u0443", "\u043d\u043e\u043c")),
    ("\u0440", ("\u0440\u0430", "\u0440\u0443", "\u0440\u043e\u043c")),
)
_WEST_SLAVIC: Final = (
    ("ski", ("skim", "skiego", "skiemu")),
    ("ska", ("sk\u0105", "skiej")),
    ("a", ("\u0105", "y", "ou", "\u0119")),
    ("k", ("kiem", "ka", "kovi")),
    ("r", ("rem", "ra", "rowi")),
)
_ENDINGS: Final = {
    "el": (
        ("\u03bf\u03c2", ("\u03bf", "\u03bf\u03c5", "\u03b5")),
        ("\u03cc\u03c2", ("\u03cc", "\u03bf\u03cd")),
        ("\u03b7\u03c2", ("\u03b7",)),
        ("\u03ae\u03c2", ("\u03ae",)),
        ("\u03b1\u03c2", ("\u03b1",)),
        ("\u03ac\u03c2", ("\u03ac",)),
        ("\u03b7", ("\u03b7\u03c2",)),
        ("\u03b1", ("\u03b1\u03c2",)),
    ),
    "ru": _SLAVIC,
    "uk": _SLAVIC,
    "pl": _WEST_SLAVIC,
    "cs": _WEST_SLAVIC,
}
_INFLECTED: Final = 0.4
_PORTUGUESE: Final = ("", "", "", "da ", "de ", "dos ", "do ", "das ", "e ")


class LocalNames:
    """Gives makers of names by language, such as `el_full`, `el_first`, `el_last`."""

    def __init__(self, names: Names, rng: random.Random) -> None:
        self._names = names
        self._rng = rng

    def slots(self) -> dict[str, Callable[[], str]]:
        """Give the makers by the names that templates use."""
        found = {}
        for language in LOCALES:
            for what, make in (("full", self._full), ("first", self._first), ("last", self._last)):
                found[f"{language}_{what}"] = _maker(make, language)
        return found

    def _full(self, language: str) -> str:
        pool = self._pool(language)
        if language in EAST_ASIAN:
            return self._names.family_first(pool)
        words = [self._names.given(pool), self._names.family(pool)]
        if language == "pt":
            choice = self._rng.choice
            words = [words[0], *self._perhaps(pool), choice(_PORTUGUESE) + words[1]]
            words += [choice(_PORTUGUESE) + self._names.family(pool)] * (self._rng.random() < 0.5)
        if self._rng.random() < _INFLECTED:
            words = [self._inflected(word, language) for word in words]
        return " ".join(words)

    def _perhaps(self, pool: Pool) -> list[str]:
        return [self._names.given(pool)] if self._rng.random() < 0.3 else []

    def _first(self, language: str) -> str:
        return self._one(self._names.given(self._pool(language)), language)

    def _last(self, language: str) -> str:
        return self._one(self._names.family(self._pool(language)), language)

    def _one(self, word: str, language: str) -> str:
        return self._inflected(word, language) if self._rng.random() < _INFLECTED else word

    def _pool(self, language: str) -> Pool:
        return self._names.local(self._rng.choice(_OTHERS.get(language, (LOCALES[language],))))

    def _inflected(self, word: str, language: str) -> str:
        """Put an ending of a case in place of the word's own."""
        for ending, others in _ENDINGS.get(language, ()):
            if word.endswith(ending) and len(word) > len(ending) + 1:
                return word[: -len(ending)] + self._rng.choice(others)
        return word


def _maker(make: Callable[[str], str], language: str) -> Callable[[], str]:
    return lambda: make(language)
