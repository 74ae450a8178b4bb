"""Rules for national and tax numbers: python-stdnum behind one small adapter."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Final, Protocol

from recorder.redaction.hits import Hit, hits_of


class _Checker(Protocol):
    def is_valid(self, number: str) -> bool: ...


_LONG: Final[dict[str, tuple[str, ...]]] = {
    "ID": (
        "ar.cuit", "be.nn", "br.cpf", "ch.ssn", "cn.ric", "co.nit",
        "cu.ni", "de.idnr", "dk.cpr", "do.cedula", "ec.ci", "ee.ik", "fi.hetu", "fr.nir",
        "gb.nhs", "gr.amka", "hr.oib", "id.nik", "in_.aadhaar", "is_.kennitala", "it.codicefiscale",
        "kr.rrn", "lt.asmens", "md.idno", "mx.curp", "mx.rfc", "my.nric", "no.fodselsnummer",
        "pl.pesel", "ro.cnp", "rs.pib", "ru.inn", "se.personnummer", "th.pin", "tr.tckimlik",
        "tw.ubn", "ua.rntrc", "us.itin", "za.idnr", "bg.egn", "cz.rc", "si.emso", "pk.cnic",
        "es.dni", "es.nie", "ie.pps", "in_.pan", "pt.cc", "sg.uen", "uy.rut", "cl.rut",
        "fr.nif", "jp.in_", "jp.cn", "dz.nif", "by.unp", "al.nipt", "mt.vat", "pe.ruc", "imei",
    ),
    "TAX_ID": (
        "eu.vat", "at.uid", "be.vat", "br.cnpj", "de.vat", "de.stnr", "es.cif", "es.nif", "fr.siret",
        "fr.siren", "fr.tva", "gb.vat", "ie.vat", "it.iva", "nl.btw", "no.mva", "pl.nip", "pt.nif",
        "us.ein", "ch.uid", "ch.vat", "au.abn", "au.acn", "ca.bn", "nz.ird", "se.vat", "fi.alv",
    ),
}  # fmt: skip
_CANDIDATE: Final = re.compile(
    r"(?<![\w.\-/#])(?=[^\n]{0,24}\d)[A-Za-z]{0,4}[ \-]?\d(?:[ .\-/+]{0,2}[A-Za-z0-9]){5,22}(?![\w]|[.\-]\d)|"
    r"(?<![\w.\-/#])[A-Za-z]{3,6}[ \-]?\d{2}[A-Za-z0-9 ]{4,14}(?![\w])"
)
_TELLING: Final = re.compile(
    r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}|\d{6}[-+A-Fa-f]\d{3}[0-9A-Z]|\d{6}-\d{4}|\d{6} ?- ?\d{5}|"
    r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]|[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}|756\.\d{4}\.\d{4}\.\d{2}|\d{6}-\d{2}-\d{4}|\d{5}-\d{7}-\d|"
    r"[A-Z]{2} ?[0-9A-Z]{0,2}\d{7,11}[0-9A-Z]{0,2}|[XYZ]\d{7}[A-Z]|\d{8}-?[A-Z]|\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}|\d{2}-\d{7}|\d{7,8}-[\dkK]|[A-Z]{4}\d{6}[A-Z0-9]{3,8}|[A-Z]{5}\d{4}[A-Z]"
)
_LONG_CHARS: Final = 11
_LONG_DIGITS: Final = 10
_OTHER_NUMBER: Final = re.compile(
    r"\b(?:order|ticket|invoice|po|isbn|ean|gtin|sku|upc|part|lot|model|version|v|rows?|bytes?|ts|time(?:stamp)?|dur|size|port|pid|line|page|build|commit|index|rev|total|eur|usd|gbp|amount|sum|price|qty|week|step|run|request|trace|session|job|issue|pr|bug|case|serial|rg|ref)\b[\s#:.=]*$",
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
    before = text[max(0, start - 24) : start]
    raw = text[start:end]
    if _STAMP.match(raw) or _UNIT.match(text[end : end + 8]):
        return True
    return _OTHER_NUMBER.search(before) is not None


def kind_of(raw: str) -> str | None:
    """Give ID or TAX_ID when one of the pinned checks accepts the number, else None."""
    return next(
        (kind for kind, names in _LONG.items() if any(_checker(n).is_valid(raw) for n in names)),
        None,
    )


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


_DASHED: Final = re.compile(r"(?<![\w\-])\d{2,8}-\d{6}-\d{2,6}(?:-\d{1,2})?(?![\w\-])")


def device_ids(text: str) -> Iterator[Hit]:
    """Give IMEI numbers in their hyphened form."""
    for hit in hits_of(_DASHED, text, "ID"):
        if _checker("imei").is_valid(text[hit.start : hit.end]):
            yield hit
