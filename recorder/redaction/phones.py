"""The rule for phone numbers: after or before their label, or written as a plan writes them."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.dialling_plans import is_international, is_national
from recorder.redaction.hits import Hit
from recorder.redaction.national_ids import names_other_number

SURE_LABELS: Final = (
    r"(?:tele|i|smart)?phone|tel(?:efon|efono|\u00e9phone)?|mobile?|mobil(?:e|tel\w*|nummer)?|cell(?:phone|ular)?|fax|"
    r"sms|whats ?app|hotline|handy|rufnummer|rappel\w*|skype|"
    r"t\u00e9l(?:\u00e9phone)?|portable|fixe|tel\u00e9fono|m\u00f3vil|celular|telefone|telem\u00f3vel|telefono|cellulare|"
    r"telefoon(?:nummer)?|gsm|telefonnummer|telefonnr|puhelin|tlf|kom[\u00f3o]rka|mobiln[\u00ed\u00fd]|telefonsz\u00e1m|cep|"
    r"\u0442\u0435\u043b(?:\u0435\u0444\u043e\u043d)?|\u043c\u043e\u0431\u0438\u043b\u044c\u043d\u044b\u0439|\u03c4\u03b7\u03bb(?:\u03ad\u03c6\u03c9\u03bd\u03bf)?|\u7535\u8bdd|\u624b\u673a|\u96fb\u8a71|\uc804\ud654"
)
"""Regular expression of labels after which a number is a phone's."""
_VERBS: Final = (
    r"call(?:ed|ing)?|ring|dial(?:led|ed)?|text(?:ed)?|reach(?:ed)?|contact|answering|signal"
)
_PLACES: Final = r"desk|office|direct|home|work|messages"
_NUMBER: Final = r"(?:(?<=^)|(?<=\n)|(?<=\bmy )|(?<=\bour )|(?<=\bhis )|(?<=\bher )|(?<=\byour )|(?<=\bnew )|(?<=\bthe )|(?<=\btheir )|(?<=\bthis ))number"
_SHAPE: Final = r"(?:\+|00)?\(?\d(?:[\s.\-/()]{0,3}\d){4,14}"
_GAP: Final = r"(?P<gap>[^\d\n+(]{0,24}\n?)"
_LABELLED: Final = re.compile(
    rf"\b(?:(?P<sure>{SURE_LABELS})|(?P<verb>{_VERBS})|{_PLACES}|{_NUMBER})\b{_GAP}"
    rf"(?P<value>(?<![\w.]){_SHAPE}(?:\s?(?:x|ext\.?)\s?\d{{1,6}})?)(?![\w])",
    re.IGNORECASE,
)
_BEFORE_LABEL: Final = re.compile(
    rf"(?<![\w.,\-/])(?P<value>{_SHAPE})[ \t]?[-(]?[ \t]?"
    r"(?:(?P<sure>fax|mobile?|cell|tel|phone|handy|b\u00fcro|privat)|office|home|work)\b",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"(?<![\w.,:/\-$\u20ac\u00a3#=])(?:\+\d|\(\+?\d|00[1-9]|\d)(?:[ .\-/()]{0,3}\d){6,14}(?:\s?(?:x|ext\.?)\s?\d{1,6})?(?![\w%]|[.,:\-/]\d)"
)
_LINK: Final = re.compile(
    r"(?:is|are|was|at|on|to|me|us|him|her|them|you|back|my|the|a|for|or|under|via|now|please|also|only|it|can|will|be|call|ring|dial|text|reach|contact|get|through|"
    r"number|numbers|no|nr|num|nummer|phone|tel|line|fax|mobile|cell|home|work|office|direct|"
    r"ist|sind|unter|auf|est|au|es|en|al|\u00e8|jest|\u00e4r|er|n\u00famero|num\u00e9ro|numero|numer)",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_LEAST_DIGITS: Final = 6
_LEAST_DIALLED: Final = 7
_LEAST_GROUPED: Final = 8
_UNGROUPED: Final = range(10, 13)
_NATIONAL_DIGITS: Final = range(7, 14)
_NOT_PHONE_AFTER: Final = re.compile(
    r"\s?(?:rows?|bytes?|[kmgt]i?b|ms|kr|eur|usd|gbp|px|items?|users?|records?|hits?|times|views?|files?|lines?|units?|%|\u20ac|\$)\b",
    re.IGNORECASE,
)
_DATE_LIKE: Final = re.compile(
    r"(?:19|20)\d\d[\-./ ]?(?:0\d|1[0-2])[\-./ ]?[0-3]\d\b|[0-3]?\d[\-./][0-3]?\d[\-./](?:19|20)?\d\d\b|\d{1,2} \d{1,2} (?:19|20)\d\d\b|\d{8}[\- ]\d{6}|"
    r"(?:(?:19|20)\d\d[\-/ ]*){2,}$"
)
_GROUP_FOLLOWS: Final = re.compile(r"[.\-/ ]?\d{2}(?:\D|$)")
_BY_THOUSANDS: Final = re.compile(r"[1-9]\d?(?:[ .]\d{3})+$")
_DECIMAL: Final = re.compile(r"\d+\.\d+$")
_THREES: Final = re.compile(r"\d{3}(?:[ .]\d{3}){2}$")
_LOWER_WORD: Final = re.compile(r" (?!ext)[a-z]{2}")
_LONE_DIGIT: Final = re.compile(r"(?<!\d)\d(?!\d)")
_ABROAD: Final = re.compile(r"\(?\+|00[1-9]")
_BESIDE: Final = re.compile(r"\d $")


def phones(text: str) -> Iterator[Hit]:
    """Give phone numbers: beside a label, with a country code, or in a plan's own form."""
    for match in _LABELLED.finditer(text):
        if _is_told(match, text):
            yield Hit(*match.span("value"), "PHONE")
    for match in _BEFORE_LABEL.finditer(text):
        if match["sure"] or _is_dialled(match["value"]) or _is_long_group(match["value"]):
            yield Hit(*match.span("value"), "PHONE")
    for match in _BARE.finditer(text):
        if _is_bare_phone(text, *match.span()):
            yield Hit(*match.span(), "PHONE")


def _is_told(match: re.Match[str], text: str) -> bool:
    """Tell whether a label speaks of this number: a sure one, or a number one can dial."""
    raw = match["value"]
    if _is_date(raw) or _digits(raw) < _LEAST_DIGITS:
        return False
    if _NOT_PHONE_AFTER.match(text, match.end()):
        return False
    if _ABROAD.match(raw):
        return True
    is_near = all(map(_LINK.fullmatch, _WORD.findall(match["gap"])))
    if match["sure"] and is_near:
        return True
    if match["verb"] and is_near and (raw.isdigit() or _is_long_group(raw)):
        return _digits(raw) >= _LEAST_DIALLED
    return (match["sure"] is not None or is_near) and _is_dialled(raw)


def _is_long_group(raw: str) -> bool:
    """Tell whether it is grouped as 12 345 678 is, which beside a label is a number to dial."""
    return _BY_THOUSANDS.match(raw) is not None and _digits(raw) >= _LEAST_GROUPED


def _is_dialled(raw: str) -> bool:
    """Tell whether a number has the form of one to dial, of whatever plan."""
    if raw[0] in "+(" or raw.startswith("00"):
        return True
    if raw.isdigit():
        return len(raw) in _UNGROUPED or (raw[0] == "0" and len(raw) >= _LEAST_DIALLED)
    if _is_amount(raw) or _is_date(raw) or _digits(raw) < _LEAST_DIALLED:
        return False
    return not _LONE_DIGIT.search(raw, 1)


def _is_bare_phone(text: str, start: int, end: int) -> bool:
    raw = text[start:end]
    if _ABROAD.match(raw):
        return is_international(raw)
    if _digits(raw) not in _NATIONAL_DIGITS and "x" not in raw.lower():
        return False
    if _BESIDE.search(text, max(0, start - 2), start) or re.match(r" \d", text[end : end + 2]):
        return False
    if _NOT_PHONE_AFTER.match(text, end) or _is_date(raw) or raw.count("(") != raw.count(")"):
        return False
    if (_THREES.match(raw) and _LOWER_WORD.match(text, end)) or _is_amount(raw):
        return False
    return not names_other_number(text, start) and is_national(raw)


def _is_amount(raw: str) -> bool:
    return (_BY_THOUSANDS.match(raw) or _DECIMAL.match(raw)) is not None


def _is_date(raw: str) -> bool:
    """Tell whether it is a date and not only begins like one, as 02.27.96.63.08 does."""
    match = _DATE_LIKE.match(raw)
    return match is not None and not _GROUP_FOLLOWS.match(raw, match.end())


def _digits(text: str) -> int:
    return sum(char.isdigit() for char in text)
