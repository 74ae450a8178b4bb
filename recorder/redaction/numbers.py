"""Rules for numbers with a check digit or a plan: cards, IBANs, phones, wallets."""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers

from recorder.redaction.hits import Hit, hits_of

_CARD: Final = re.compile(r"(?<![\w.\-])(?:\d[ \-]?){11,18}\d(?![\w]|[.\-]\d)")
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
    for match in _CARD.finditer(text):
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


_PHONE_LABEL: Final = (
    r"\b(?:phone|telephone|tel(?:efon|efono|\u00e9phone)?|mobile?|mobil(?:e|tel\w*|nummer)?|cell(?:phone|ular)?|fax|call(?:ed|ing)?(?: me| us| him| her)?(?: back)?|"
    r"ring|dial|text(?: me)?|sms|whats ?app|signal|contact|reach(?:ed)?(?: me| us| you)?|hotline|handy|rufnummer|desk|office|direct|home|work|rappel\w*|answering|messages|skype|number|"
    r"t\u00e9l(?:\u00e9phone)?|portable|fixe|tel\u00e9fono|m\u00f3vil|celular|telefone|telem\u00f3vel|telefono|cellulare|"
    r"telefoon(?:nummer)?|gsm|telefonnummer|telefonnr|puhelin|tlf|kom[\u00f3o]rka|mobiln[\u00ed\u00fd]|telefonsz\u00e1m|cep|"
    r"\u0442\u0435\u043b(?:\u0435\u0444\u043e\u043d)?|\u043c\u043e\u0431\u0438\u043b\u044c\u043d\u044b\u0439|\u03c4\u03b7\u03bb(?:\u03ad\u03c6\u03c9\u03bd\u03bf)?|\u7535\u8bdd|\u624b\u673a|\u96fb\u8a71|\uc804\ud654)\b"
    r"[^\d\n+(]{0,24}\n?"
)
_PHONE_SHAPE: Final = r"(?:\+|00)?\(?\d(?:[\s.\-/()]{0,3}\d){4,14}"
_PHONE_LABELLED: Final = re.compile(
    _PHONE_LABEL + rf"(?P<value>(?<![\w.]){_PHONE_SHAPE}(?:\s?(?:x|ext\.?)\s?\d{{1,6}})?)(?![\w])",
    re.IGNORECASE,
)
_PHONE_BEFORE_LABEL: Final = re.compile(
    rf"(?<![\w.,\-/])(?P<value>{_PHONE_SHAPE})[ \t]?[-(]?[ \t]?(?:office|fax|mobile|mobil|cell|home|work|tel|phone|handy|b\u00fcro|privat)\b",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?<![\w.,:/\-$\u20ac\u00a3#=])(?:\+\d|\(\+?\d|00\d|\d)(?:[ .\-/()]{0,3}\d){6,14}(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w%]|[.,:\-/]\d)"
)
_REGIONS: Final = (
    "US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "AT", "CH", "PL", "PT", "SE", "NO", "DK",
    "FI", "IE", "CZ", "HU", "AU", "NZ", "BR", "MX", "IN", "JP", "CN", "KR", "ZA", "IL", "TR",
    "RU", "UA", "GR", "RO", "SK", "AE", "AR", "CO", "SG", "HK",
)  # fmt: skip
_NOT_PHONE_AFTER: Final = re.compile(
    r"\s?(?:rows?|bytes?|[kmgt]i?b|ms|kr|eur|usd|gbp|px|items?|users?|records?|hits?|%|\u20ac|\$)",
    re.IGNORECASE,
)
_LEAST_PHONE_DIGITS: Final = 6
_DATE_LIKE: Final = re.compile(
    r"(?:19|20)\d\d[\-./ ]?(?:0\d|1[0-2])[\-./ ]?[0-3]\d\b|[0-3]?\d[\-./][0-3]?\d[\-./](?:19|20)?\d\d\b|\d{1,2} \d{1,2} (?:19|20)\d\d\b|\d{8}[\- ]\d{6}"
)
_GROUP_FOLLOWS: Final = re.compile(r"[.\-/ ]?\d{2}(?:\D|$)")
_THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}(?:[ .]\d{3}){2,}$")
_GROUPED: Final = re.compile(r"\d[ .\-/()]+\d")


def phones(text: str) -> Iterator[Hit]:
    """Give phone numbers: after a label, or valid in one of forty numbering plans."""
    for match in _PHONE_LABELLED.finditer(text):
        if not _is_date(match["value"]) and _digits(match["value"]) >= _LEAST_PHONE_DIGITS:
            yield Hit(*match.span("value"), "PHONE")
    yield from hits_of(_PHONE_BEFORE_LABEL, text, "PHONE", "value")
    for match in _PHONE.finditer(text):
        if _may_be_phone(match[0], text[match.end() : match.end() + 8]) and _is_planned(match[0]):
            yield Hit(*match.span(), "PHONE")


def _is_date(raw: str) -> bool:
    """Tell whether it is a date and not only begins like one, as 02.27.96.63.08 does."""
    match = _DATE_LIKE.match(raw)
    return match is not None and not _GROUP_FOLLOWS.match(raw, match.end())


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)


def _may_be_phone(raw: str, after: str) -> bool:
    if raw[0] == "+" or raw[:2] in {"00", "(+"}:
        return True
    if _NOT_PHONE_AFTER.match(after) or _is_date(raw) or raw.count("(") != raw.count(")"):
        return False
    if not _GROUPED.search(raw):
        return raw[0] == "0" and _digits(raw) in {10, 11}
    return True


def _is_planned(raw: str) -> bool:
    if raw[0] == "+" or raw.startswith("00"):
        return _is_valid("+" + raw.lstrip("+0"), None)
    return any(_is_valid(raw, region) for region in _REGIONS)


def _is_valid(raw: str, region: str | None) -> bool:
    try:
        number = phonenumbers.parse(raw, region)
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number))


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
