"""Rules for numbers with a check digit: cards, IBANs, wallets."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of

_CARD: Final = re.compile(r"(?<![\w.\-])(?:\d[ \-]?){11,18}\d(?![\w]|[.\-]\d)")
_CARD_DOTTED: Final = re.compile(r"(?<![\w.\-])(?:\d{4}\.){3}\d{4}(?!\w|[.\-]\d)")
_CARD_START: Final = re.compile(r"3[0-9]|4|5[0-9]|6|2[1-7]|1800")
_CARD_LABELLED: Final = re.compile(
    r"\b(?:(?:credit|debit|bank|visa|master|gift)?\s?-?card(?:\s?(?:no|number|num|#|holder))?|kreditkarte(?:nnummer)?|kartennummer|karte|cc|ccn?um|visa|mastercard|amex|carte(?: bancaire)?|tarjeta(?: de cr\u00e9dito)?|carta(?: di credito)?|cart\u00e3o(?: de cr\u00e9dito)?|karta|kort(?:nummer)?|"
    r"creditcard(?:nummer)?|numer karty|\u043a\u0430\u0440\u0442[\u0430\u044b]|\u5361\u53f7|\u30ab\u30fc\u30c9\u756a\u53f7|pan)"
    r"\b[^\d\n]{0,24}(?P<value>(?:\d[ \-]?){11,18}\d)(?![\w])",
    re.IGNORECASE,
)
_CARD_DIGITS: Final = range(12, 20)


def cards(text: str) -> Iterator[Hit]:
    """Give payment card numbers: Luhn and a known first digit, or after a label."""
    for match in (*_CARD.finditer(text), *_CARD_DOTTED.finditer(text)):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) in _CARD_DIGITS and _CARD_START.match(digits) and is_luhn(digits):
            yield Hit(*match.span(), "CARD")
    yield from hits_of(_CARD_LABELLED, text, "CARD", "value")


def is_luhn(digits: str) -> bool:
    """Tell whether the last digit is the Luhn check digit (ISO/IEC 7812-1)."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        digit = int(char) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit  # noqa: PLR2004 - sum of two digits
    return total % 10 == 0 and len(set(digits)) > 1


_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ \-]?[A-Za-z0-9]){11,30}(?![A-Za-z0-9])"
)
_IBAN_LABELLED: Final = re.compile(
    r"\b(?:iban|kontoverbindung|bank (?:account|details)|account)\b[^\n]{0,40}?(?<![A-Za-z0-9])(?P<value>[A-Z]{2}\d{2} ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{0,4})(?![A-Za-z0-9])"
)
_IBAN_LENGTHS: Final = range(15, 35)


def ibans(text: str) -> Iterator[Hit]:
    """Give IBANs: mod-97 of ISO 13616, or after a label."""
    match = _IBAN.search(text)
    while match:
        end = _iban_end(text, match.start(), match.end())
        if end:
            yield Hit(match.start(), end, "IBAN")
        match = _IBAN.search(text, end or match.start() + 2)
    yield from hits_of(_IBAN_LABELLED, text, "IBAN", "value")


def _iban_end(text: str, start: int, end: int) -> int:
    """Give where the longest valid IBAN that starts here ends, 0 when there is none."""
    while end > start:
        compact = re.sub(r"[ \-]", "", text[start:end]).upper()
        if len(compact) < _IBAN_LENGTHS.start:
            return 0
        whole = end == len(text) or not text[end].isalnum()
        if whole and len(compact) in _IBAN_LENGTHS and _is_mod_97(compact):
            return end
        end = max(text.rfind(" ", start, end), text.rfind("-", start, end))
    return 0


def _is_mod_97(compact: str) -> bool:
    turned = compact[4:] + compact[:4]
    return compact.isascii() and int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


_WALLET: Final = re.compile(
    r"\b(?:bc1[02-9ac-hj-np-z]{11,87}|BC1[02-9AC-HJ-NP-Z]{11,87}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40}|[LM][1-9A-HJ-NP-Za-km-z]{33}|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93}|"
    r"(?:ltc1|tb1|addr1|bitcoincash:[qp]|cosmos1|osmo1|bnb1|tz[123]|stake1)[0-9A-Za-z]{20,110}|T[1-9A-HJ-NP-Za-km-z]{33}|r[1-9A-HJ-NP-Za-km-z]{24,34}|"
    r"D[5-9A-HJ-NP-U][1-9A-HJ-NP-Za-km-z]{32}|X[1-9A-HJ-NP-Za-km-z]{33}|G[A-Z2-7]{55}|S[A-Z2-7]{55}|xpub[1-9A-HJ-NP-Za-km-z]{100,110}|xprv[1-9A-HJ-NP-Za-km-z]{100,110})\b"
)


def wallets(text: str) -> Iterator[Hit]:
    """Give addresses and extended keys of wallets: Bitcoin, Ethereum and ten others."""
    for hit in hits_of(_WALLET, text, "CRYPTO"):
        raw = text[hit.start : hit.end]
        if _PREFIXED.match(raw) or _is_mixed(raw):
            yield hit


_PREFIXED: Final = re.compile(
    r"bc1|tb1|0x|ltc1|addr1|stake1|bitcoincash|cosmos1|osmo1|bnb1|[GS][A-Z2-7]{55}$", re.IGNORECASE
)


def _is_mixed(raw: str) -> bool:
    tests = (str.isdigit, str.isupper, str.islower)
    return all(any(map(test, raw[1:])) for test in tests)
