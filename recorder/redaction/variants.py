"""What a line may say in truth, given how recognisers err. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from recorder.redaction.text import Span

_LOOK_ALIKES: Final = str.maketrans("oOQlI|sSBZz", "00011155822")
_DIGIT_TOKEN: Final = re.compile(r"[\doOQlI|sSBZz][\doOQlI|sSBZz.,/()+-]{3,}")
_STRAY: Final = " .,;'|\u00b0\u2018\u2019\u201c\u201d\"`_-"
"""What a recogniser makes of a border behind a line."""
_GAP: Final = re.compile(r"(?<=[.,:/@_]) +(?=\S)|(?<=\S) +(?=[.,:/@_]\S)")
"""Gaps that a recogniser sees beside small marks in addresses."""
_OCTETS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:[.,]\d{1,3}){3}(?![\d.,])")
"""An address of four numbers; bitmap fonts draw a full stop that reads as a comma."""
_PAIR: Final = r"[\da-fA-FlI|oOsSzZgq\u00a3\u20ac]{2}"
_MAC: Final = re.compile(
    rf"(?<![\w:-]){_PAIR}(?P<tie>[:-]){_PAIR}(?:(?P=tie){_PAIR}){{4}}(?![\w:-])"
)
_HEX_LOOK_ALIKES: Final = str.maketrans("lI|oOsSzZgq\u00a3\u20ac", "11100552299ee")
_POUND: Final = re.compile(r"(?<!\w)[\u00a3\u20ac](?=[A-Z][\dOQlI]{2})")
"""The E that an IBAN begins with."""
_CREDENTIAL: Final = re.compile(r"(?<=//)[^@]{1,60}(?=@)")
"""Between the slashes of an address and its @ no gap is real."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What a line may say in truth, given how recognisers err, and the way back.

    Attributes:
        text: The variant.
        offsets: Where each character stands in the line as it was read.
        changed: Characters that are not as they were read; None: all spans count.
    """

    text: str = field(repr=False)
    offsets: Sequence[int] = field(repr=False)
    changed: frozenset[int] | None = None

    def concerns(self, span: Span) -> bool:
        """Tell whether the span owes itself to the variant."""
        return self.changed is None or not self.changed.isdisjoint(range(span.start, span.end))

    def origin(self, span: Span) -> Span:
        """Give the span's place in the line as it was read."""
        start, end = self.offsets[span.start], self.offsets[span.end - 1] + 1
        return Span(start, end, span.kind, span.value)


def readings(text: str) -> Iterator[Variant]:
    """Give the line as read, without a stray end, with digits for letters, without gaps."""
    yield Variant(text, range(len(text)))
    bare = text.rstrip(_STRAY)
    if bare != text:
        yield Variant(bare, range(len(bare)))
    digits = _DIGIT_TOKEN.sub(_as_digits, text)
    if digits != text:
        changed = (at for at, (a, b) in enumerate(zip(text, digits, strict=True)) if a != b)
        yield Variant(digits, range(len(text)), frozenset(changed))
    marks = _OCTETS.sub(lambda match: match.group().replace(",", "."), text)
    marks = _MAC.sub(lambda match: match.group().translate(_HEX_LOOK_ALIKES), marks)
    marks = _POUND.sub("E", marks)
    if marks != text:
        yield Variant(marks, range(len(text)))
    if "@" in text or "://" in text or ": //" in text:
        gaps = {at for match in _GAP.finditer(text) for at in range(*match.span())}
        for match in _CREDENTIAL.finditer(text):
            gaps.update(at for at in range(*match.span()) if text[at] == " ")
        kept = [at for at in range(len(text)) if at not in gaps]
        if gaps or "," in text:
            yield Variant("".join(text[at] for at in kept).replace(",", "."), kept)


def _as_digits(match: re.Match[str]) -> str:
    token = match.group()
    enough = sum(map(str.isdigit, token)) * 2 >= len(token)
    return token.translate(_LOOK_ALIKES) if enough else token
