"""Fills templates with drawn values and tells which characters are names or addresses."""

import random
import re
import string
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks.tagger import vocabulary
from benchmarks.tagger.addresses import Addresses
from benchmarks.tagger.interface import interface_lines
from benchmarks.tagger.names import Names
from benchmarks.tagger.numbers import Numbers
from benchmarks.tagger.pools import Pool
from benchmarks.tagger.screen_words import (
    APPS,
    DEVICES,
    FAREWELLS,
    GREETINGS,
    MODIFIERS,
    PEOPLES,
    RELATIVES,
    SERVICES,
    THINGS,
)

Piece = tuple[str, str]
"""Some characters and their label, see `LABELS`."""
_PARSER: Final = string.Formatter()
_ORGANISATIONS: Final = (
    "Labs|Systems|Partners|Holdings|Software|Bank|Insurance|Logistics|Foods|Energy|Motors|Media|Group|"
    "Consulting|Capital|Technologies|Industries|University|Institute|Hospital|Clinic|College|Foundation|"
    "Council|Airlines|Records|Studios|Pharma|Networks|Electronics|Stores|Hotel|Solutions|& Co|& Sons|GmbH|AG|"
    "Ltd|Ltd.|Inc|Inc.|LLC|S.A.|SpA|Oy|AB|BV|s.r.o.|Sp. z o.o.|Pty Ltd|KG|PLC|Corp|Corporation|Global|Online|"
    "News|Magazine|Times|TV|Radio|Analytics|Health|Security|Services|International|Interactive|Ventures"
).split("|")
_SENTENCE_END: Final = re.compile(r"[.!?:\n][\"'>]? ?\Z|[\"]\Z")
_WORKS: Final = (
    "{noun}", "the {noun}", "the {adj} {noun}s", "{adj} {noun}s", "{noun} {noun}s", "the {noun} of {noun}", "{adj} {noun}",
    "{word} {word}", "{base} the {noun}", "{noun}s", "the {adj} {noun} of the {noun}", "{past} {noun}", "{word}s",
)  # fmt: skip
_QUOTES: Final = ("> ", ">", "??? ", "| ", "- ", "# ", "* ", "// ", ">> ", "\u2022 ", "    ")
_PIECE: Final = 2
_PIECES: Final = 0.15
"""Share of interface lines of which two words are taken, and of those with capitals."""
_REMOVED: Final = 0.05
"""Share of e-mail addresses that an earlier rule has replaced."""


@cache
def templates(name: str) -> tuple[str, ...]:
    """Read a file of templates, one a line."""
    text = (Path(__file__).parent / "templates" / f"{name}.txt").read_text("utf-8")
    return tuple(line.replace("\\n", "\n").replace("\\t", "\t") for line in text.splitlines())


class Writer:
    """Fills templates.

    Args:
        pools: Names, towns and words by language.
        prose: Lines of prose without people.
        rng: Decides on everything.
    """

    def __init__(self, pools: Sequence[Pool], prose: Sequence[str], rng: random.Random) -> None:
        self._rng = rng
        self._prose = prose
        self._names = Names(list(pools), rng)
        self._addresses = Addresses(list(pools), self._names, rng)
        self._numbers = Numbers(rng)
        self._words = next(pool.words for pool in pools if pool.locale == "en_US")
        self._foreign = [pool for pool in pools if pool.sentences and pool.locale[:2] != "en"]
        self._jobs = sorted({job for pool in pools for job in pool.jobs})
        self._quote = _QUOTES[0]
        self._persons = self._person_slots()
        self._places = self._place_slots()
        self._plain = self._plain_slots()

    def learn_slots(self, slots: Mapping[str, Callable[[], str]]) -> None:
        """Add makers of ordinary text by the names that templates use."""
        self._plain.update(slots)

    def fill(self, template: str, *, opens: bool = True) -> list[Piece]:
        """Give the template's pieces, each slot by a drawn value.

        `opens`: it begins a line; ordinary words there mostly get a capital.
        """
        pieces: list[Piece] = []
        for text, slot, _, _ in _PARSER.parse(template):
            if text:
                pieces.append((text, "O"))
            if slot is not None:
                begins = not pieces or bool(_SENTENCE_END.search(pieces[-1][0]))
                pieces.append(self.draw(slot, first=opens and begins))
        return [piece for piece in pieces if piece[0]]

    def draw(self, slot: str, *, first: bool = False) -> Piece:
        """Draw a value; `first` ones that are ordinary words mostly get a capital."""
        if slot in self._persons:
            return self._persons[slot](), "PER"
        if slot in self._places:
            label, make = self._places[slot]
            return make(), label
        text = self._plain[slot]()
        return (text[:1].upper() + text[1:] if first and self._rng.random() < 0.6 else text), "O"

    def text(self, template: str) -> str:
        """Give the filled template as plain text."""
        return "".join(text for text, _ in self.fill(template, opens=False))

    def _person_slots(self) -> dict[str, Callable[[], str]]:
        names, choice = self._names, self._rng.choice
        return {
            "full": names.full,
            "first": names.first,
            "last": names.last,
            "listed": names.last_first,
            "titled": names.titled,
            "plain_first": lambda: names.plain()[0],
            "plain_last": lambda: names.plain()[1],
            "dashed": lambda: choice("-._-").join(names.plain()).lower(),
            "handle": self._handle,
        }

    def _place_slots(self) -> dict[str, tuple[str, Callable[[], str]]]:
        spots = self._addresses
        return {
            "address": ("ADR", spots.whole),
            "oneline": ("ADR", lambda: spots.whole().replace("\n", ", ")),
            "quoted_address": ("ADR", self._quoted_address),
            "line": ("ADR", spots.line),
            "street": ("ADR", spots.street),
            "unit": ("ADR", spots.unit),
            "town_zip": ("ADR", lambda: f"{spots.town()} {spots.postcode()}"),
            "crossing": ("ADR", spots.crossing),
            "state": ("LOC", spots.state),
            "zip": ("ADR", spots.postcode),
            "org": ("ORG", self.organisation),
            "city": ("LOC", spots.town),
            "country": ("LOC", spots.country),
            "place": ("LOC", spots.place),
        }

    def _plain_slots(self) -> dict[str, Callable[[], str]]:
        choice, numbers = self._rng.choice, self._numbers
        return numbers.slots() | {
            "noun": lambda: choice(vocabulary.NOUNS if self._rng.random() < 0.8 else self._words),
            "adj": lambda: choice(vocabulary.ADJECTIVES),
            "past": lambda: choice(vocabulary.PAST),
            "base": lambda: choice(vocabulary.BASE),
            "adv": lambda: choice(vocabulary.ADVERBS),
            "subject": lambda: self.text(choice(vocabulary.SUBJECTS)),
            "predicate": lambda: self.text(choice(vocabulary.PREDICATES)),
            "clause": lambda: self.text("{subject} {predicate}"),
            "past_phrase": lambda: self.text("{past} {fragment}"),
            "phrase": self.phrase,
            "fragment": self.fragment,
            "small": lambda: choice(vocabulary.SMALL_TALK).strip(),
            "filler": self._filler,
            "work": self._title_of_work,
            "people": lambda: choice(PEOPLES),
            "short": lambda: numbers.formed(
                choice(("@@", "@@@", "@@@@", "Q#", "H#", "@#", "@@#", "T##"))
            ),
            "quote": self._draw_quote,
            "word": lambda: choice(self._words),
            "tech": lambda: choice(vocabulary.TECHNICAL),
            "function": lambda: choice(vocabulary.FUNCTION_WORDS),
            "count": lambda: choice(vocabulary.COUNTING),
            "service": lambda: choice(SERVICES),
            "modifier": lambda: choice(MODIFIERS),
            "thing": lambda: choice(THINGS),
            "job": lambda: (
                choice(self._jobs) if self._rng.random() < 0.7 else choice(vocabulary.NOUNS)
            ),
            "relative": lambda: choice(RELATIVES),
            "greeting": lambda: choice(GREETINGS),
            "farewell": lambda: choice(FAREWELLS),
            "app": lambda: choice(APPS),
            "device": lambda: choice(DEVICES),
            "email": self._email,
            "domain": self._domain,
            "user": self._handle,
            "ui": self.interface_line,
        }

    def phrase(self) -> str:
        """Draw what a person may say or write: a clause, a fragment, a few words."""
        drawn = self._rng.random()
        if drawn < 0.55:
            return self.text(self._rng.choice(vocabulary.PHRASES))
        if drawn < 0.8:
            return self.fragment()
        if drawn < 0.88:
            return self._rng.choice(vocabulary.SMALL_TALK).strip()
        return " ".join(self._rng.choices(self._words, k=self._rng.randint(1, 6)))

    def fragment(self) -> str:
        """Draw some words in a row from a line of prose."""
        words = self._rng.choice(self._prose).split()
        start = self._rng.randrange(len(words))
        return " ".join(words[start : start + self._rng.randint(2, 7)]).strip(".,;:()\"'`")

    def organisation(self) -> str:
        """Draw a company, from a list or made of a name or words and a form."""
        rng, names, spots = self._rng, self._names, self._addresses
        word, other = rng.choice(self._words).title(), rng.choice(self._words)
        head = rng.choice(
            (
                names.last,
                spots.town,
                lambda: word,
                lambda: word + other,
                lambda: f"{word} {other.title()}",
                lambda: word + other.title(),
            )
        )()
        drawn = rng.random()
        if drawn < 0.35:
            return spots.company()
        return (
            head
            if drawn < 0.5 and head.startswith(word)
            else f"{head} {rng.choice(_ORGANISATIONS)}"
        )

    def library_line(self) -> str:
        """Draw a line of prose."""
        return self._rng.choice(self._prose)

    def interface_line(self) -> str:
        """Draw a line of an interface in any language, or two words of it."""
        line = self._rng.choice(interface_lines())
        words = line.split()
        if len(words) > _PIECE and self._rng.random() < _PIECES:
            at = self._rng.randrange(len(words) - 1)
            line = " ".join(words[at : at + _PIECE])
            return line[:1].upper() + line[1:]
        return line.title() if self._rng.random() < _PIECES else line

    def foreign_sentence(self) -> str:
        """Draw a sentence of another language, of words without meaning."""
        return self._rng.choice(self._rng.choice(self._foreign).sentences)

    def _filler(self) -> str:
        pool = self._rng.choice(self._foreign)
        return " ".join(self._rng.choices(pool.words, k=self._rng.randint(1, 5)))

    def _quoted_address(self) -> str:
        """Draw an address in which each line but the first has the mark of a quotation."""
        lines = self._addresses.whole().replace(", ", "\n").splitlines()
        return f"\n{self._quote}".join(line.strip() for line in lines)

    def _draw_quote(self) -> str:
        self._quote = self._rng.choice(_QUOTES)
        return self._quote

    def _title_of_work(self) -> str:
        """Draw what a film, band, team or product may be called."""
        rng = self._rng
        form = rng.choice(_WORKS)
        return self.text(form).title().replace(" Of ", " of ").replace("'S", "'s")

    def _handle(self) -> str:
        first, last = (part.lower() for part in self._names.plain())
        forms = (
            f"{first}.{last}",
            f"{first}_{last}",
            first[0] + last,
            first,
            first + last[0],
            f"{first}{last}",
            f"{last}{self._rng.randrange(100)}",
            f"{first}-{last}",
            last,
        )
        return self._rng.choice(forms)

    def _domain(self) -> str:
        ends = (".com", ".org", ".io", ".net", ".de", ".fr", ".co.uk", ".example", ".eu", ".app")
        return (
            self._rng.choice(self._words)
            + self._rng.choice(("", "-" + self._rng.choice(self._words)))
            + self._rng.choice(ends)
        )

    def _email(self) -> str:
        if self._rng.random() < _REMOVED:
            return f"<EMAIL_{self._rng.randint(1, 30)}>"
        return f"{self._handle()}@{self._domain()}"
