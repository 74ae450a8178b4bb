"""Lines that hold no person and no address, many of which look as if they did."""

import random
from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.tagger.library_text import character_names
from benchmarks.tagger.screen_words import LABELS, PRODUCTS
from benchmarks.tagger.writer import Piece, Writer, templates

_KEYS: Final = (
    "IBAN|PO|SKU|sha256|token|index|src|card|Card number|Dial|ext|key|password|passwd|secret|api_key|invoice|Invoice|tracking|"
    "order no|ref|id|uuid|serial|lot|batch|commit|account|acct|PIN|code|BIC|VAT|tax id|part|model|build|session|ssn|SSN|tel|fax|"
    "phone|locale|LANG|Total|amount|Passport|Reisepass|licence|Driver's license|Kontonr.|Steuernummer|NIF|CPF|DNI|PESEL|routing"
).split("|")
_KINDS: Final = "Project|Team|Sprint|Epic|Release|Campaign|Plan|Server|Theme|Template|Room|Phase|Operation|Class|Model|Level".split(
    "|"
)
_CODE_SHARE: Final = 0.3
_TITLE_SHARE: Final = 0.38
_SHOUT_SHARE: Final = 0.41
_IDENTIFIER_SHARE: Final = 0.46
_INTERFACE_SHARE: Final = 0.57
_INTERFACE: Final = (
    "{ui}", "{ui}", "{ui}", "{ui}", "{ui}", "{ui}", "{ui}", "{ui}: {num}", "{ui} ({num})", "{ui} {num}", "{ui} | {ui}",
    "{ui}\n{ui}", "{ui}\n{ui}\n{ui}", "{ui}   {ui}   {ui}", "{ui}\t{ui}\t{num}", "{ui} - {app}", "{ui}: {ui}", "{ui}…",
    "{ui} {product}", "{ui} {id}", "{num} {ui}", "{ui}.", "{ui}?", "{place}", "{place} and {place}",
    "{place} - {label}", "{place}, {place}", "{phrase} from {place} to {place}",
)  # fmt: skip


class Negatives:
    """Draws lines without people: code, logs, interfaces, everyday sentences, headings."""

    def __init__(self, writer: Writer, code: Sequence[str], rng: random.Random) -> None:
        self._writer = writer
        self._code = code
        self._rng = rng
        self._characters = character_names(rng, 4000)
        writer.learn_slots(self._slots())

    def line(self) -> list[Piece]:
        """Draw a line; all of it is labelled `O` but towns and companies in templates."""
        rng, drawn = self._rng, self._rng.random()
        if drawn < _CODE_SHARE:
            return [(rng.choice(self._code), "O")]
        if drawn < _TITLE_SHARE:
            return [(self._writer.fragment().title(), "O")]
        if drawn < _SHOUT_SHARE:
            return [(self._writer.fragment().upper(), "O")]
        if drawn < _IDENTIFIER_SHARE:
            return [(self._identifier(), "O")]
        if drawn < _INTERFACE_SHARE:
            return self._writer.fill(rng.choice(_INTERFACE))
        return self._writer.fill(rng.choice(templates("negatives")))

    def _slots(self) -> dict[str, Callable[[], str]]:
        rng = self._rng
        return {
            "key": lambda: rng.choice(_KEYS),
            "kind": lambda: rng.choice(_KINDS),
            "label": lambda: rng.choice(LABELS),
            "product": lambda: rng.choice(PRODUCTS),
            "foreign": self._writer.foreign_sentence,
            "character": lambda: rng.choice(self._characters),
            "library": self._writer.library_line,
        }

    def _identifier(self) -> str:
        rng = self._rng
        words = [self._writer.text("{word}") for _ in range(rng.randint(2, 4))]
        titled = [word.title() for word in words]
        name = rng.choice((
            "_".join(words), words[0] + "".join(titled[1:]), "".join(titled), "-".join(words), "/".join(words),
            ".".join(words), "::".join(words), "_".join(words).upper(), ".".join(titled),
        ))  # fmt: skip
        return name + rng.choice(
            ("", "()", ";", " = 1", f"({words[0]})", ":", " {", f" = {titled[0]}()", ", None")
        )
