"""Text of many languages without people: words, headings, invented words, months."""

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from benchmarks.tagger.pools import Inventor, Pool, is_latin

_INVENTED: Final = 0.4
"""Share of words that only sound like the language: a word never met is not yet a name."""
_LEAST_WORDS: Final = 20
_LETTERS_BEFORE: Final = 2


class ForeignText:
    """Draws words of other languages; few of them are in the word lists.

    Args:
        pools: Languages with their words, jobs, months.
        interfaces: Words of interfaces, those of a language in a row.
        rng: Decides on everything.
    """

    def __init__(
        self, pools: Sequence[Pool], interfaces: Sequence[Sequence[str]], rng: random.Random
    ) -> None:
        self._rng = rng
        self._spoken = [pool for pool in pools if pool.sentences and pool.locale[:2] != "en"]
        self._jobs = sorted({job for pool in pools for job in pool.jobs})
        self._calendars = [pool.calendar for pool in pools if pool.calendar]
        self._inventors = {pool.locale: Inventor(pool.words) for pool in self._spoken}
        self._strange = [
            *self._inventors.values(),
            *(Inventor(_parts(row), _LETTERS_BEFORE) for row in interfaces),
            *_of_bare_scripts(pools),
        ]

    def sentence(self) -> str:
        """Draw a sentence of words without meaning."""
        return self._rng.choice(self._rng.choice(self._spoken).sentences)

    def filler(self) -> str:
        """Draw up to five words in a row, some of them invented."""
        pool = self._rng.choice(self._spoken)
        words = self._rng.choices(pool.words, k=self._rng.randint(1, 5))
        return " ".join(self._perhaps_invented(word, pool.locale) for word in words)

    def strange(self) -> str:
        """Draw words that no list holds, half of the lines with a capital."""
        inventor = self._rng.choice(self._strange)
        words = (inventor.invent(self._rng) for _ in range(self._rng.randint(1, 6)))
        text = " ".join(word.lower() for word in words if word)
        return text[:1].upper() + text[1:] if self._rng.random() < 0.5 else text

    def heading(self) -> str:
        """Draw some words or a job, most with a capital each, as a label has."""
        rng = self._rng
        text = self.filler() if rng.random() < 0.7 else rng.choice(self._jobs)
        words = " ".join(text.split()[:4])
        return words.capitalize() if rng.random() < 0.5 else words.title()

    def calendar(self) -> str:
        """Draw a month or a day of the week of any language."""
        return self._rng.choice(self._rng.choice(self._calendars))

    def _perhaps_invented(self, word: str, locale: str) -> str:
        if self._rng.random() > _INVENTED:
            return word
        return self._inventors[locale].invent(self._rng).lower() or word


def _parts(row: Iterable[str]) -> Iterator[str]:
    for label in row:
        yield from label.split()


def _of_bare_scripts(pools: Sequence[Pool]) -> Iterator[Inventor]:
    """Give inventors for scripts of which Faker has names but no words.

    Without such lines every word of such a script would look like a name.
    """
    for pool in pools:
        own = [word for word in (*pool.first, *pool.last) if not is_latin(word)]
        if not pool.words and len(own) >= _LEAST_WORDS:
            yield Inventor(own, 1)
