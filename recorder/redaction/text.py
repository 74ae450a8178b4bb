"""Redaction of text: lines that were typed, titles, lines read from the screen."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from recorder.core.errors import ExitCode, RecorderError
from recorder.redaction.entities import EntityBook
from recorder.redaction.folding import Folded, fold
from recorder.redaction.hits import MARK, Hit, Rule
from recorder.redaction.learned_names import Knows, bare_name, learned_names, proven_names
from recorder.redaction.rules import RULES

_MAX_CHARS: Final = 200_000
"""A longer text is refused: 200 KB are some hundred screens of text."""
_MAX_PASSES: Final = 4
"""Removing a value may complete another one's context; more passes were never needed."""


class RedactionFailed(RecorderError):
    """A rule raised or a text is out of bounds; the caller drops the item."""

    def __init__(self, rule: str) -> None:
        super().__init__(
            f"Redaction stopped at its rule '{rule}'",
            "report the rule's name; the item was not stored",
            ExitCode.BUG,
        )


class TextTooLong(RedactionFailed):
    """A text is longer than what is redacted at once."""

    def __init__(self) -> None:
        message = f"The text is longer than {_MAX_CHARS:,} characters"
        RecorderError.__init__(self, message, "give it in parts", ExitCode.FORMAT)


@dataclass(frozen=True, slots=True)
class Span:
    """A value in a text: characters `start` to `end` (not included)."""

    start: int
    end: int
    kind: str
    value: str = field(repr=False)
    """Normalised: the same for spellings of one value; for digests only."""


@dataclass(frozen=True, slots=True)
class RedactedText:
    """A text with marks such as `<EMAIL_1>` in place of its values."""

    text: str = field(repr=False)
    entities: tuple[str, ...] = ()
    """Names of the removed values, in order of place; a value met twice stands twice."""


class TextRedactor:
    """Finds and replaces values by an ordered list of rules.

    Args:
        rules: Earlier rules decide the kind where hits overlap; the union is removed.
    """

    def __init__(self, rules: Sequence[Rule] = RULES) -> None:
        self._rules = tuple(rules)

    def find(self, text: str, knows_name: Knows | None = None) -> list[Span]:
        """Give the values in the text, sorted, without overlap.

        Args:
            text: What was typed, shown, read.
            knows_name: Whether words are a name that was proven before.

        Raises:
            RedactionFailed: A rule raised; or `TextTooLong`, over 200,000 characters.
        """
        if len(text) > _MAX_CHARS:
            raise TextTooLong
        folded = fold(text)
        found = self._hits(folded.text)
        if knows_name is not None:
            learned = learned_names(folded.text, knows_name)
            found += ((len(self._rules), hit) for hit in learned)
        hits = _union(found)
        return [_span(hit, folded) for hit in _outside_marks(hits, folded.text)]

    def redact(self, text: str, book: EntityBook) -> RedactedText:
        """Give the text with a mark for each value; redacting it again changes nothing.

        Raises:
            RedactionFailed: As `find`.
        """
        if len(text) > _MAX_CHARS:
            raise TextTooLong
        for name in proven_names(text):
            book.learn_name(name)
        for _ in range(_MAX_PASSES):
            spans = self.find(text, book.knows_name)
            if not spans:
                marks = (mark[1:-1] for mark in MARK.findall(text))
                return RedactedText(text, tuple(marks))
            text = _replace(text, spans, book)
        raise RedactionFailed("marks")

    def _hits(self, text: str) -> list[tuple[int, Hit]]:
        found: list[tuple[int, Hit]] = []
        with _FailsClosed() as at_work:
            for order, rule in enumerate(self._rules):
                at_work.rule = rule.name
                if rule.looks_for(text):
                    found.extend((order, hit) for hit in rule.find(text))
        return found


class _FailsClosed:
    """Turns whatever a rule raises into `RedactionFailed`, so that the item is dropped."""

    def __init__(self) -> None:
        self.rule = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, cause: BaseException | None, trace: object
    ) -> None:
        if isinstance(cause, Exception):
            raise RedactionFailed(self.rule) from cause


def _replace(text: str, spans: Sequence[Span], book: EntityBook) -> str:
    parts, at = [], 0
    for span in spans:
        parts += [text[at : span.start], f"<{book.mark(span.kind, span.value)}>"]
        at = span.end
    return "".join([*parts, text[at:]])


def _union(found: list[tuple[int, Hit]]) -> list[Hit]:
    """Join overlapping hits; the kind is that of the earliest rule in the list."""
    joined: list[tuple[int, Hit]] = []
    for order, hit in sorted(found, key=lambda pair: (pair[1].start, -pair[1].end)):
        if joined and hit.start < joined[-1][1].end:
            last_order, last = joined[-1]
            kind = hit.kind if order < last_order else last.kind
            union = Hit(last.start, max(last.end, hit.end), kind)
            joined[-1] = (min(order, last_order), union)
        else:
            joined.append((order, hit))
    return [hit for _, hit in joined]


def _outside_marks(hits: Sequence[Hit], text: str) -> list[Hit]:
    marks = [match.span() for match in MARK.finditer(text)] if "_" in text else []
    if not marks:
        return [hit for hit in hits if _says_something(text, hit.start, hit.end)]
    kept = []
    for hit in hits:
        at = hit.start
        for start, end in [*marks, (hit.end, hit.end)]:
            if end < at or start > hit.end:
                continue
            if _says_something(text, at, start):
                kept.append(Hit(at, start, hit.kind))
            at = max(at, end)
    return kept


def _says_something(text: str, start: int, end: int) -> bool:
    return any(not char.isspace() for char in text[start:end])


def _span(hit: Hit, folded: Folded) -> Span:
    start, end = folded.origin(hit.start, hit.end)
    return Span(start, end, hit.kind, _normal(hit.kind, folded.text[hit.start : hit.end]))


_CASED: Final = frozenset({"PASSWORD", "SECRET", "PRIVATE_KEY", "URL_CREDENTIAL", "CRYPTO"})
_WORDS: Final = frozenset({"ADDRESS", "USERNAME", "EMAIL", "IP"})


def _normal(kind: str, raw: str) -> str:
    """Give one spelling of a value: secrets as they are, words folded, numbers bare."""
    if kind in _CASED:
        return raw.strip()
    if kind == "PERSON":
        return bare_name(raw)
    if kind in _WORDS:
        return " ".join(raw.casefold().split())
    return "".join(char for char in raw.upper() if char.isalnum())
