"""Rules for national and tax numbers: python-stdnum behind one small adapter."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Final, Protocol

from recorder.redaction.hits import Hit, hits_of


class _Checker(Protocol):
    def is_valid(self, number: str) -> bool: ...


_CHECKS: Final[dict[str, dict[str, tuple[int, ...]]]] = {
    "ID": {
        "ar.cuit": (11,), "be.nn": (11,), "br.cpf": (11,), "ch.ssn": (13,), "cn.ric": (18,),
        "co.nit": (8, 9, 10, 11, 12, 13, 14, 15, 16), "cu.ni": (11,), "de.idnr": (11,),
        "dk.cpr": (10,), "do.cedula": (11,), "ec.ci": (10,), "ee.ik": (11,), "fi.hetu": (),
        "fr.nir": (15,), "gb.nhs": (10,), "gr.amka": (11,), "hr.oib": (11,),
        "id.nik": (16,), "in_.aadhaar": (12,), "is_.kennitala": (10,),
        "it.codicefiscale": (11,), "kr.rrn": (13,), "lt.asmens": (11,), "md.idno": (13,),
        "mx.curp": (), "mx.rfc": (), "my.nric": (12,), "no.fodselsnummer": (11,),
        "pl.pesel": (11,), "ro.cnp": (13,), "rs.pib": (9,), "ru.inn": (10, 12),
        "se.personnummer": (10, 12), "th.pin": (13,), "tr.tckimlik": (11,), "tw.ubn": (8,),
        "ua.rntrc": (10,), "us.itin": (9,), "za.idnr": (13,), "bg.egn": (10,),
        "cz.rc": (9, 10), "si.emso": (13,), "pk.cnic": (13,), "es.dni": (9,), "es.nie": (),
        "ie.pps": (), "in_.pan": (), "pt.cc": (12,), "sg.uen": (10,), "uy.rut": (12,),
        "cl.rut": (8, 9), "fr.nif": (13,), "jp.in_": (12,), "jp.cn": (13,),
        "dz.nif": (15, 20), "by.unp": (9,), "al.nipt": (), "mt.vat": (8,), "pe.ruc": (11,),
        "imei": (14, 15, 16),
    },
    "TAX_ID": {
        "eu.vat": (), "at.uid": (), "be.vat": (9, 10), "br.cnpj": (14,), "de.vat": (9,),
        "de.stnr": (10, 11, 13), "es.cif": (), "es.nif": (9,), "fr.siret": (14,),
        "fr.siren": (9,), "fr.tva": (11,), "gb.vat": (9, 12), "ie.vat": (), "it.iva": (11,),
        "nl.btw": (), "no.mva": (), "pl.nip": (10,), "pt.nif": (9,), "us.ein": (9,),
        "ch.uid": (9,), "ch.vat": (), "au.abn": (11,), "au.acn": (9,), "ca.bn": (9, 15),
        "nz.ird": (8, 9), "se.vat": (12,), "fi.alv": (8,),
    },
}  # fmt: skip
"""Modules of python-stdnum, and how many figures a number has that has no letter.

Measured with version 2.2: numbers of other lengths are refused for their length alone.
"""
_FIGURES_ONLY: Final = frozenset(
    [
        "ar.cuit", "be.nn", "br.cpf", "co.nit", "cu.ni", "de.idnr", "dk.cpr", "do.cedula", "ec.ci",
        "ee.ik", "gb.nhs", "gr.amka", "id.nik", "in_.aadhaar", "is_.kennitala", "kr.rrn",
        "lt.asmens", "md.idno", "my.nric", "no.fodselsnummer", "pl.pesel", "ro.cnp", "rs.pib",
        "ru.inn", "se.personnummer", "th.pin", "tr.tckimlik", "tw.ubn", "ua.rntrc", "us.itin",
        "za.idnr", "bg.egn", "cz.rc", "si.emso", "pk.cnic", "jp.in_", "jp.cn", "dz.nif", "pe.ruc",
        "imei", "de.stnr", "fr.siret", "fr.siren", "us.ein", "au.abn", "au.acn", "uy.rut",
    ]
)  # fmt: skip
"""Checks that no number with a letter passes."""
_CANDIDATE: Final = re.compile(
    r"(?<![\w.\-/#])(?=[^\n]{0,24}\d)[A-Za-z]{0,4}[ \-]?\d(?:[ .\-/+]{0,2}[A-Za-z0-9]){5,22}(?![\w]|[.\-]\d)|"
    r"(?<![\w.\-/#])[A-Za-z]{3,6}[ \-]?\d{2}[A-Za-z0-9 ]{4,14}(?![\w])"
)
_TELLING: Final = re.compile(
    r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}|\d{6}[-+A-Fa-f]\d{3}[0-9A-Z]|\d{6}-\d{4}|\d{6} ?- ?\d{5}|"
    r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]|[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}|756\.\d{4}\.\d{4}\.\d{2}|\d{6}-\d{2}-\d{4}|\d{5}-\d{7}-\d|"
    r"[A-Z]{2} ?[0-9A-Z]{0,2}\d{7,11}[0-9A-Z]{0,2}|[XYZ]\d{7}[A-Z]|\d{8}-?[A-Z]|\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}|\d{2}-\d{7}|\d{7,8}-[\dkK]|[A-Z]{4}\d{6}[A-Z0-9]{3,8}|[A-Z]{5}\d{4}[A-Z]"
)
_LETTERED: Final = re.compile(
    r"(?=(?:\D*\d){5})[A-Z]{0,5}\d[0-9A-Z]{5,18}|[A-Z]{6}[0-9A-Z]{10}", re.IGNORECASE
)
"""What every number with letters looks like, in all of the checks."""
_LONG_CHARS: Final = 11
_LONG_DIGITS: Final = 10
_OTHER_NUMBER: Final = re.compile(
    r"\b(?:order|ticket|invoice|po|isbn(?:-1[03])?|issn|ean|gtin|sku|upc|part|lot|model|version|v|rows?|bytes?|ts|time(?:stamp)?|dur|size|port|pid|tid|line|page|build|commit|index|rev|total|eur|usd|gbp|amount|sum|price|qty|week|step|run|request|trace|session|job|issue|pr|bug|case|serial|rg|ref|"
    r"reference|article|item|product|barcode|batch|tracking|transaction|receipt|room|docket|claim|quote|lat|lon|zip|meeting(?: id)?|zoom|doi|hs|cas|bestell\w*|rechnung\w*|auftrag\w*|sendung\w*|artikel\w*|vorgang\w*|commande|facture|colis|pedido|factura|ordine|fattura|bestelling|factuur|zam\u00f3wieni[ea]|faktur\w*|encomenda|fatura|\u0437\u0430\u043a\u0430\u0437\w?|\u0441\u0447\u0451\u0442|\u8ba2\u5355)\b"
    r"(?:[\s\-]{0,2}(?:no|nr|num(?:ber|mer|ero)?|n\u00famero|n\u00b0|n\u00ba|id|code))?[\s#:.=]*$",
    re.IGNORECASE,
)
_UNIT: Final = re.compile(
    r"\s?(?:rows?|bytes?|[kmgt]i?b\b|ms|kr|eur|usd|gbp|px|items?|%|\.(?:log|txt|csv|png|pdf|zip))",
    re.IGNORECASE,
)
_LONE: Final = re.compile(r"\s*\S(?:.{0,24}\S)?\s*")
_STAMP: Final = re.compile(
    r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d|\d{1,4}[\-./]\d{1,2}[\-./]\d{1,4}\b|1[4-9]\d{8}(?:\d{3})?$"
)


def national_ids(text: str) -> Iterator[Hit]:
    """Give numbers of a telling form, or long or lone ones, whose check digits hold."""
    alone = text.strip()
    for match in _CANDIDATE.finditer(text):
        raw = match[0].rstrip(" -./+")
        end = match.start() + len(raw)
        if _is_other(text, match.start(), end) or not any(c.isdigit() for c in raw):
            continue
        lone = alone == raw
        if (
            _TELLING.fullmatch(raw)
            or _TELLING.fullmatch(raw.replace(" ", ""))
            or lone
            or _is_long(raw)
        ) and (kind := kind_of(raw)):
            yield Hit(match.start(), end, kind)


def _is_long(raw: str) -> bool:
    """Tell whether a number in a sentence is too long to be valid by chance only."""
    compact = re.sub(r"[ .\-/+]", "", raw)
    return len(compact) >= _LONG_CHARS and sum(char.isdigit() for char in compact) >= _LONG_DIGITS


def _is_other(text: str, start: int, end: int) -> bool:
    raw = text[start:end]
    if _STAMP.match(raw) or _UNIT.match(text[end : end + 8]):
        return True
    return names_other_number(text, start)


def names_other_number(text: str, start: int) -> bool:
    """Tell whether the words before a number say that it is an order's, a book's, a size."""
    return _OTHER_NUMBER.search(text[max(0, start - 24) : start]) is not None


def kind_of(raw: str) -> str | None:
    """Give ID or TAX_ID when one of the pinned checks accepts the number, else None."""
    compact = "".join(filter(str.isalnum, raw))
    figures = len(compact) if compact.isdigit() else None
    if figures is None and not _LETTERED.fullmatch(compact):
        return None
    has_signs = "-" in raw or "+" in raw
    for kind, checks in _CHECKS.items():
        for name, lengths in checks.items():
            if figures is None:
                fits = name not in _FIGURES_ONLY
            else:
                fits = figures in lengths or (has_signs and not lengths)
            if fits and _checker(name).is_valid(raw):
                return kind
    return None


@cache
def _checker(name: str) -> _Checker:
    """Import one module of python-stdnum, when it is first needed."""
    module: _Checker = import_module(f"stdnum.{name}")
    return module


_BIC: Final = re.compile(
    r"(?:(?P<label>\b(?i:bic|swift|bank(?: identifier)?|(?:personal |id )?(?:no|number)|id|customer record)(?i:[ \-/]?(?:code|bic|no))?\.?\W{1,4}(?i:is )?)|\b)"
    r"(?P<value>[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)(?!\w)"
)


def bank_codes(text: str) -> Iterator[Hit]:
    """Give BICs after a label, or such as have a digit and so are no word in capitals."""
    for match in _BIC.finditer(text):
        is_word = match["value"].isalpha() and not match["label"]
        if not is_word and _checker("bic").is_valid(match["value"]):
            yield Hit(*match.span("value"), "ACCOUNT")


_NINO: Final = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] \d\d \d\d \d\d [A-D](?!\w)"
)
"""The UK's National Insurance number as it is printed: it has no check digit (HMRC, NIM39110)."""
_DASHED: Final = re.compile(r"(?<![\w\-])\d{2,8}-\d{6}-\d{2,6}(?:-\d{1,2})?(?![\w\-])")


def device_ids(text: str) -> Iterator[Hit]:
    """Give IMEI numbers in their hyphened form, and British insurance numbers in groups."""
    yield from hits_of(_NINO, text, "ID")
    for hit in hits_of(_DASHED, text, "ID"):
        if _checker("imei").is_valid(text[hit.start : hit.end]):
            yield hit
