"""Names of people in the forms in which they are written."""

import random
from collections.abc import Callable
from typing import Final

from benchmarks.tagger.pools import Inventor, Pool, is_latin, romanised

_Form = tuple[int, Callable[[Pool], str]]
"""How often, and what gives one."""
_WEIGHT: Final = {"en_US": 8, "en_GB": 8, "en_CA": 3, "en_AU": 3, "en_IN": 4}
_COMMON: Final = frozenset(
    "de_DE fr_FR es_ES it_IT nl_NL pl_PL pt_BR sv_SE cs_CZ da_DK no_NO fi_FI hu_HU hr_HR sl_SI is_IS "
    "vi_VN zh_CN ja_JP ru_RU ar_AA tr_TR el_GR".split()
)
_COMMON_WEIGHT: Final = 3
_ROMANISED: Final = 0.75
_INVENTED_FIRST: Final = 0.18
_INVENTED_LAST: Final = 0.3
PARTICLES: Final = (
    "van ", "von ", "de ", "der ", "van der ", "van den ", "de la ", "del ", "da ", "dos ", "di ", "bin ",
    "al-", "el ", "Mc", "Mac", "O'", "D'", "ten ", "le ", "la ", "St. ", "ben ", "ibn ", "av ", "von der ",
    "Van ", "De ", "Di ", "Le ", "zu ", "Fitz",
)  # fmt: skip
TITLES: Final = (
    "Mr.", "Mr", "Mrs.", "Mrs", "Ms.", "Ms", "Miss", "Dr.", "Dr", "Prof.", "Professor", "Sir", "Herr",
    "Frau", "Herrn", "Madame", "Mme", "M.", "Monsieur", "Sr.", "Sra.", "Señor", "Signora", "Sig.", "Dott.",
    "Dhr.", "Mevr.", "Pan", "Pani", "Fru", "Rev.", "Judge", "Captain", "Dr. med.",
)  # fmt: skip
_TAILS: Final = (
    " Jr.",
    " Sr.",
    " III",
    " II",
    " MD",
    " MD",
    " DDS",
    " DVM",
    " CPA",
    ", MD",
    ", PhD",
    " PhD",
    ", Esq.",
    " MBA",
    ", RN",
)
_INITIALS: Final = "ABCDEFGHIJKLMNOPRSTVWZ"


class Names:
    """Draws names; all parts of a name come from one language."""

    def __init__(self, pools: list[Pool], rng: random.Random) -> None:
        self._rng = rng
        self._pools = pools
        self._weights = [
            _WEIGHT.get(pool.locale, _COMMON_WEIGHT if pool.locale in _COMMON else 1)
            for pool in pools
        ]
        self._inventors: dict[tuple[str, str], Inventor] = {}
        self._forms: list[_Form] = [
            (58, lambda p: f"{self.given(p)} {self.family(p)}"),
            (5, lambda p: f"{self.given(p)} {self._initial()}. {self.family(p)}"),
            (2, lambda p: f"{self.given(p)} {self._initial()} {self.family(p)}"),
            (5, lambda p: f"{self.given(p)} {self.given(p)} {self.family(p)}"),
            (5, lambda p: f"{self.given(p)} {self.family(p)} {self.family(p)}"),
            (3, lambda p: f"{self.given(p)} {self.family(p)}-{self.family(p)}"),
            (3, lambda p: f"{self.given(p)[0]}. {self.family(p)}"),
            (2, lambda p: f"{self._initial()}.{self._initial()}. {self.family(p)}"),
            (5, lambda p: f"{self.given(p)} {rng.choice(PARTICLES)}{self.family(p)}"),
            (3, lambda p: f"{self.family(p)} {self.given(p)}"),
            (2, lambda p: f"{self.given(p)}-{self.given(p)} {self.family(p)}"),
            (2, lambda p: f"{self.given(p)} {self.family(p)[0]}."),
            (2, lambda p: f"{self.family(p).upper()} {self.given(p)}"),
            (1, lambda p: f"{self.given(p)} {self.family(p).upper()}"),
            (4, lambda p: f"{self.given(p)} {self.family(p)}{rng.choice(_TAILS)}"),
            (2, lambda p: f'{self.given(p)} "{self.given(p)}" {self.family(p)}'),
            (3, lambda p: f"{rng.choice(TITLES)} {self.given(p)} {self.family(p)}"),
            (
                1,
                lambda p: (
                    f"{rng.choice(TITLES)} {self.given(p)} {self.family(p)}{rng.choice(_TAILS)}"
                ),
            ),
        ]

    def pool(self) -> Pool:
        """Draw a language, those of many speakers more often."""
        return self._rng.choices(self._pools, self._weights)[0]

    def first(self) -> str:
        """Draw a given name."""
        return self.given(self.pool())

    def last(self) -> str:
        """Draw a family name."""
        return self.family(self.pool())

    def full(self) -> str:
        """Draw a name of two words and more, in one of eighteen forms."""
        weights = [weight for weight, _ in self._forms]
        name = self._rng.choices(self._forms, weights)[0][1](self.pool())
        latin = [is_latin(word) for word in name.split()]
        return name if all(latin) or not any(latin) else romanised(name)

    def last_first(self) -> str:
        """Draw a name as lists show it: `Last, First`."""
        pool = self.pool()
        name = f"{self.family(pool)}, {self.given(pool)}"
        return name if self._rng.random() < 0.85 else f"{name} {self._initial()}."

    def titled(self) -> str:
        """Draw a family name behind a title."""
        return f"{self._rng.choice(TITLES)} {self.last()}"

    def plain(self) -> tuple[str, str]:
        """Draw given and family name in ASCII letters without blanks, as in user names."""
        pool = self.pool()
        both = self.given(pool), self.family(pool)
        first, last = ("".join(filter(str.isalpha, romanised(part))) for part in both)
        return (
            first if first.isascii() and first else "Kim",
            last if last.isascii() and last else "Roe",
        )

    def given(self, pool: Pool) -> str:
        """Draw a given name of the language, sometimes one that only sounds like it."""
        if self._rng.random() < _INVENTED_FIRST:
            return self.invented(pool, "first", pool.first)
        return self._written(self._rng.choice(pool.first))

    def family(self, pool: Pool) -> str:
        """Draw a family name of the language, sometimes one that only sounds like it."""
        if self._rng.random() < _INVENTED_LAST:
            return self.invented(pool, "last", pool.last)
        return self._written(self._rng.choice(pool.last))

    def invented(self, pool: Pool, kind: str, like: tuple[str, ...]) -> str:
        """Invent a word like those given; the inventor of (locale, kind) is made once."""
        key = (pool.locale, kind)
        if key not in self._inventors:
            written = (word if is_latin(word) else romanised(word) for word in like)
            self._inventors[key] = Inventor(word for word in written if len(word) > 1)
        word = self._inventors[key].invent(self._rng)
        return word if len(word) > 1 else self._rng.choice(like)

    def _written(self, word: str) -> str:
        if is_latin(word) or self._rng.random() > _ROMANISED:
            return word
        latin = romanised(word)
        return latin if latin.replace(" ", "").replace("-", "").isalpha() else word

    def _initial(self) -> str:
        return self._rng.choice(_INITIALS)
