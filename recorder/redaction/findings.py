"""Finds values in lines read from the screen: by rule, by label, by column, by memory."""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from recorder.redaction.begun import MANY_FIGURES, is_begun
from recorder.redaction.birth_cells import birth_cells
from recorder.redaction.form_fields import bare_label, field_kind
from recorder.redaction.learned_names import KIND as NAME
from recorder.redaction.learned_names import learned_names
from recorder.redaction.reading import Word
from recorder.redaction.rows import Line, below, columns_of, label_pairs, rows_of
from recorder.redaction.text import RedactionFailed, Span, TextRedactor
from recorder.redaction.variants import Variant, readings
from recorder.redaction.wraps import joints

UNJUDGED: Final = ""
"""Kind of a line on which a rule raised."""
_LABEL: Final = re.compile(
    r"pass ?(?:word|code|phrase|port)|passwor[dt]|kennwort|\bpin\b|secret|token|\bkey\b|card|iban|"
    r"account|\bssn\b|social security|licen[cs]e|birth|\bdob\b|phone|mobile|\btel\b|\bfax\b|"
    r"e-?mail|name|address|\bcv[vc]\b|code|\btax\b|\bvat\b|\botp\b|\bids?\b|\bno\b|number|\bip\b|"
    r"\bmac\b|user|login|contact|customer|client|patient|employee|owner|street|city|zip|postal|"
    r"born|\bgeb|\bn\u00e9|nacimiento|nascita|nascimento|naissance|konto|compte|cuenta|\bconto\b|\bconta\b|"
    r"rekening|rachun|adres|anschrift|stra(?:\u00df|ss)e|telefo|t\u00e9l\u00e9ph|handy|mobil|"
    r"\bnom|namn|navn|naam|nazwisko|steuer|ausweis|schein|permis|patente|pasaporte|passeport",
    re.IGNORECASE,
)
"""A line that may name what stands beside or below it; the rules decide."""
_LONGEST_LABEL: Final = 40
_LABEL_DIGITS: Final = 4
"""A line with more digits or an e-mail address is a value, not a label."""
_HEADING_WORDS: Final = 3
_KEY_BEGIN: Final = re.compile(r"BEGIN.{0,30}PRIVATE", re.IGNORECASE)
_KEY_END: Final = re.compile(r"END.{0,30}PRIVATE", re.IGNORECASE)
_CUT: Final = re.compile(r"(?=[^@]*[._+\d-])[^\s@]{3,}@[^\W\d][\w.-]*")
"""An address that the edge of its cell cuts off; `user@host` of a prompt is none."""
_CUT_LETTER: Final = re.compile(r"[^\w@]{1,2}$")
"""What a letter is read as of which the edge leaves half."""
_FIGURES: Final = re.compile(r"\d[\d -]*[.,]?")
_MOST: Final = 0.6
"""A line is personal as a whole when values cover this share of its characters."""
_COLUMN_HITS: Final = 2
_COLUMN_RATE: Final = 0.3
"""And this share of its cells: two figures among thirty that look like phones are chance."""
_SECRETS: Final = frozenset({"PASSWORD", "SECRET", "PRIVATE_KEY", "URL_CREDENTIAL"})
_SECRET_RATE: Final = 0.5
"""Lines of code stand beside their numbers like a table; secrets among them are no column."""
_GROUPED: Final = frozenset({"CARD", "IBAN"})
_GROUP: Final = re.compile(r"(?=[^\d]{0,5}\d)[\doOQlI|sSBZz]{1,6}[.,]?")
_LEAST_KNOWN_CHARS: Final = 5
_MOST_KNOWN: Final = 1024
_MOST_TEXTS: Final = 4096


@dataclass(frozen=True, slots=True)
class Finding:
    """A value on a line: words `first` to `last`, both included."""

    line: int
    first: int
    last: int
    kind: str
    value: str = field(repr=False)


class LineFinder:
    """Finds values and remembers them for the rest of the episode.

    Args:
        text: The rules.
        is_known: Whether a (kind, value) was met elsewhere, such as typed.
    """

    def __init__(self, text: TextRedactor, is_known: Callable[[str, str], bool]) -> None:
        self._text = text
        self._is_known = is_known
        self._spans: OrderedDict[str, tuple[Span, ...]] = OrderedDict()
        self._known: OrderedDict[tuple[str, ...], tuple[str, str]] = OrderedDict()

    def find(self, lines: Sequence[Line]) -> list[Finding]:
        """Give the values on the lines; unread lines give none.

        A line on which a rule raised is one value of the kind `UNJUDGED`.
        """
        found = [f for at, line in enumerate(lines) for f in self._by_rule(at, line)]
        rows = rows_of(lines)
        found += _key_blocks(lines, rows)
        columns = columns_of(lines, rows)
        headed = [(column[0], at) for column in columns for at in column[1:]]
        found += self._by_label(lines, {*label_pairs(lines, rows), *headed})
        found += _by_column(lines, columns, found)
        found += self._by_joint(lines, rows)
        births = birth_cells(lines, rows)
        found += [_whole(at, lines[at], "BIRTH_DATE", lines[at].text) for at in births]
        self._learn(lines, found)
        return found + self._by_memory(lines) + list(_begun(lines))

    def _by_rule(self, at: int, line: Line) -> list[Finding]:
        return _on_words(at, line, self._spans_of(line.text), 0) if line.reading else []

    def _by_label(self, lines: Sequence[Line], pairs: Iterable[tuple[int, int]]) -> list[Finding]:
        found = []
        for above, at in pairs:
            label, value = bare_label(lines[above].text), lines[at]
            if not value.text or len(label) > _LONGEST_LABEL or _is_heading(value.text):
                continue
            if _names_something(label):
                head = label + ": "
                found += _on_words(at, value, self._spans_of(head + value.text), len(head))
            kind = field_kind(label, value.text)
            if kind is not None:
                found.append(_whole(at, value, kind, value.text.strip()))
        return found

    def _by_joint(self, lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> list[Finding]:
        return [
            Finding(at, first, last, span.kind, span.value)
            for joint in joints(lines, rows)
            for span in self._spans_of(joint.text)
            for at, (first, last) in joint.touched(span.start, span.end).items()
        ]

    def _by_memory(self, lines: Sequence[Line]) -> list[Finding]:
        found = []
        heads = {known[0] for known in self._known}
        for at, line in enumerate(lines):
            words = [_squeeze(word.text) for word in line.reading.words] if line.reading else []
            for first in (place for place, word in enumerate(words) if word in heads):
                for last in range(first, min(first + 6, len(words))):
                    hit = self._known.get(tuple(words[first : last + 1]))
                    if hit is not None:
                        found.append(Finding(at, first, last, *hit))
            found += self._typed(at, line)
        return found

    def _typed(self, at: int, line: Line) -> list[Finding]:
        words = line.reading.words if line.reading else ()
        found = [
            Finding(at, place, place, kind, word.text)
            for place, word in enumerate(words)
            for kind in ("PASSWORD", "SECRET")
            if len(word.text) >= _LEAST_KNOWN_CHARS and self._is_known(kind, word.text)
        ]
        hits = learned_names(line.text, lambda name: self._is_known(NAME, name)) if words else ()
        spans = [Span(h.start, h.end, h.kind, line.text[h.start : h.end].casefold()) for h in hits]
        return found + _on_words(at, line, spans, 0)

    def _learn(self, lines: Sequence[Line], found: Iterable[Finding]) -> None:
        for hit in found:
            reading = lines[hit.line].reading
            words = reading.words[hit.first : hit.last + 1] if reading else ()
            known = tuple(_squeeze(word.text) for word in words)
            if hit.kind != UNJUDGED and sum(map(len, known)) >= _LEAST_KNOWN_CHARS:
                self._known[known] = (hit.kind, hit.value)
                self._known.move_to_end(known)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)

    def _spans_of(self, text: str) -> tuple[Span, ...]:
        spans = self._spans.get(text)
        if spans is None:
            spans = self._all_spans(text)
            self._spans[text] = spans
            if len(self._spans) > _MOST_TEXTS:
                self._spans.popitem(last=False)
        return spans

    def _all_spans(self, text: str) -> tuple[Span, ...]:
        try:
            return tuple(s for reading in readings(text) for s in self._spans_in(reading))
        except RedactionFailed:
            return (Span(0, len(text), UNJUDGED, ""),)

    def _spans_in(self, variant: Variant) -> list[Span]:
        found = self._text.find(variant.text)
        return [variant.origin(s) for s in found if variant.concerns(s)]


def _names_something(text: str) -> bool:
    if len(text) > _LONGEST_LABEL or "@" in text or sum(map(str.isdigit, text)) > _LABEL_DIGITS:
        return False
    return _LABEL.search(text) is not None


def _is_heading(text: str) -> bool:
    """Tell whether a line is a label itself, so no value of the line above."""
    plain = all(char.isalpha() or char in " :*-/'" for char in text)
    return plain and len(text.split()) <= _HEADING_WORDS and _names_something(text)


def _squeeze(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def _whole(at: int, line: Line, kind: str, value: str) -> Finding:
    return Finding(at, 0, len(line.reading.words) - 1 if line.reading else 0, kind, value)


def _on_words(at: int, line: Line, spans: Iterable[Span], skip: int) -> list[Finding]:
    """Give the words that the spans touch; the first `skip` characters are not the line's.

    A value that is most of its line takes the whole line with it, but for a label in front.
    """
    words = line.reading.words if line.reading else ()
    found = []
    for span in spans:
        touched, start = [], skip
        for place, word in enumerate(words):
            if span.start < start + len(word.text) and span.end > start:
                touched.append(place)
            start += len(word.text) + 1
        touched = _with_figures(words, touched, span.kind)
        if touched and _mostly(line, range(touched[0], touched[-1] + 1)):
            behind_label = touched[0] and words[touched[0] - 1].text.endswith(":")
            touched = [touched[0] if behind_label else 0, len(words) - 1]
        if touched:
            found.append(Finding(at, touched[0], touched[-1], span.kind, span.value))
    return found


def _with_figures(words: Sequence[Word], touched: list[int], kind: str) -> list[int]:
    """Add the groups of figures that go on behind a number of which one group was misread."""
    if kind in _GROUPED and touched:
        for place in range(touched[-1] + 1, len(words)):
            if not _GROUP.fullmatch(words[place].text):
                break
            touched = [*touched, place]
    return touched


def _begun(lines: Sequence[Line]) -> Iterator[Finding]:
    """Give words that are the beginning of a value: it is being typed, or its cell ends.

    Many figures at the end of a line may be a number in the making, or cut off by its field.
    """
    for at, line in enumerate(lines):
        words = line.reading.words if line.reading else ()
        last = len(words) - 1
        for place, word in enumerate(words):
            ends = (word.text, _CUT_LETTER.sub("", word.text)) if place == last else ()
            if _CUT.fullmatch(word.text) or any(map(is_begun, ends)):
                yield Finding(at, place, place, UNJUDGED, "")
        first = len(words)
        while first and _FIGURES.fullmatch(words[first - 1].text):
            first -= 1
        if sum(sum(map(str.isdigit, word.text)) for word in words[first:]) >= MANY_FIGURES:
            yield Finding(at, first, last, UNJUDGED, "")


def _key_blocks(lines: Sequence[Line], rows: Sequence[Sequence[int]]) -> Iterator[Finding]:
    """Give the lines of private keys, from the first to the last."""
    for at, line in enumerate(lines):
        if not _KEY_BEGIN.search(line.text):
            continue
        yield _whole(at, line, "PRIVATE_KEY", line.text)
        for other in below(lines, rows, at):
            yield _whole(other, lines[other], "PRIVATE_KEY", line.text)
            if _KEY_END.search(lines[other].text):
                break


def _by_column(
    lines: Sequence[Line], columns: Iterable[Sequence[int]], found: Iterable[Finding]
) -> list[Finding]:
    """Give every cell of a column in which two cells are personal, but its heading."""
    kinds: dict[int, str] = {}
    covered: dict[int, set[int]] = {}
    for hit in found:
        kinds.setdefault(hit.line, hit.kind)
        covered.setdefault(hit.line, set()).update(range(hit.first, hit.last + 1))
    personal = {at for at, places in covered.items() if _mostly(lines[at], places)}
    more = []
    for column in columns:
        hits = [at for at in column if at in personal]
        kind = kinds[hits[0]] if hits else ""
        rate = _SECRET_RATE if kind in _SECRETS else _COLUMN_RATE
        if len(hits) < max(_COLUMN_HITS, len(column) * rate):
            continue
        first = column.index(hits[0])
        cells = [at for at in column[first if first <= 1 else 0 :] if at not in personal]
        more += [_whole(at, lines[at], kind, lines[at].text.casefold()) for at in cells]
    return more


def _mostly(line: Line, places: Iterable[int]) -> bool:
    words = line.reading.words if line.reading else ()
    length = sum(len(word.text) for word in words)
    return sum(len(words[place].text) for place in places) >= _MOST * length
