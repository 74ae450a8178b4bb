"""Rules for numbers that show by the label beside them: passport, account, birth date."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of

_NO: Final = r"(?:\s?(?:no|nr|num(?:ber|mer|ero)?|n\u00b0|n\u00ba|#|id|code))?\.?"
_TIE: Final = r"(?:\s{0,3}(?:[:=#]|is|ist|lautet)|\b|(?<=\.))[\"'\s]{0,4}"
_DIGITS: Final = r"(?P<value>\d(?:[ \-./]?\d){4,17})(?![\w])"
_MIXED: Final = (
    r"(?P<value>(?=[A-Za-z0-9 \-/]{0,12}\d)[A-Za-z0-9](?:[ \-/]?[A-Za-z0-9]){4,19})(?![\w])"
)
_CODE: Final = r"(?P<value>(?=[A-Za-z0-9]{0,3}\d)[A-Za-z0-9]{5,12})(?![\w])"


def _rule(labels: str, value: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z])(?:{labels}){_NO}{_TIE}{value}", re.IGNORECASE)


_PASSPORT: Final = _rule(
    r"passport|reise?pass(?:nummer)?|passeport|pasaporte|passaporto|paspoort|pass(?:nr|nummer)",
    _CODE,
)
_LICENCE: Final = _rule(
    r"(?:driv(?:er'?s?|ing)|dl)[ \-]?licen[cs]e|licen[cs]e|f\u00fchrerschein(?:nummer)?|permis de conduire|carnet de conducir|rijbewijs|patente|dl",
    r"(?P<value>(?=[A-Za-z0-9 \-]{0,8}\d[A-Za-z0-9 \-]{0,8}\d)[A-Za-z0-9](?:[ \-]?[A-Za-z0-9]){5,18})(?![\w])",
)
_ACCOUNT: Final = _rule(
    r"(?:bank |checking |savings |current |giro)?(?:account|acct|a/c|acc)|konto(?:nummer|nr)?|compte|cuenta|conto|rekening|routing|aba|sort code|blz|bankleitzahl|bsb|clabe|depot(?:nummer)?",
    _DIGITS,
)
_IDENTITY: Final = _rule(
    r"(?:national |personal |citizen |state |government |social |health |patient |customer |client |member |employee |student |insured |voter |kunden|personal|mitglieds?|versicherten|sozialversicherungs)"
    r"(?:id(?:entity|entification)?(?: card)?|no|nr|nummer|number|record|insurance|security)|id (?:card|number|no)|identity card|ausweis(?:nummer)?|personalausweis|nin|nino|nhs|medicare|"
    r"mrn|medical record|policy|steuernummer|steuer-?id|tax ?id(?:entification)?|tax(?:payer)?|tin|vat|ust-?id(?:nr)?|ein|itin|cpf|cnpj|curp|rfc|pesel|bsn|nif|nie|dni|cuit|cuil|rut|aadhaar|pan|codice fiscale|partita iva|"
    r"siren|siret|ssn|social security|imei|imsi|meid|serial",
    _MIXED,
)
_ID_EQUALS: Final = re.compile(
    r"(?<![\w\-])(?:id|personal no\.?|id number|customer record|patient|customer)\s{0,2}[:=#]?\s{0,2}"
    r"(?P<value>(?=[^\n]{0,8}\d)[A-Za-z0-9](?:[ \-./]{0,4}[A-Za-z0-9]){5,22})(?![\w\-])",
    re.IGNORECASE,
)
_SSN: Final = re.compile(
    r"(?<![\w\-.])(?!000|666)\d{3}(?P<sep>[\- ])(?!00)\d{2}(?P=sep)(?!0000)\d{4}(?![\w]|-\d)"
)
_SSN_LABELLED: Final = re.compile(
    r"(?<![A-Za-z])(?:ssn|social(?: security)?(?: (?:no|number))?|itin)\W{0,4}(?:is\s)?\s?(?P<value>\d{3}[\- ]?\d{2}[\- ]?\d{4})(?!\d)",
    re.IGNORECASE,
)
_LEAST_DIGITS: Final = 4
_LEAST_ID: Final = 7
_UUID: Final = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE
)


def social_security(text: str) -> Iterator[Hit]:
    """Give United States social security numbers, 3-2-4 digits or after a label."""
    yield from hits_of(_SSN, text, "ID")
    yield from hits_of(_SSN_LABELLED, text, "ID", "value")


def labelled_numbers(text: str) -> Iterator[Hit]:
    """Give passport, licence, account and identity numbers after their labels."""
    for pattern, kind in (
        (_PASSPORT, "PASSPORT"), (_LICENCE, "LICENCE"), (_ACCOUNT, "ACCOUNT"), (_IDENTITY, "ID"),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            if _is_number(match["value"]):
                yield Hit(*match.span("value"), kind)
    for match in _ID_EQUALS.finditer(text):
        if _is_number(match["value"]) and sum(map(str.isdigit, match["value"])) >= _LEAST_ID:
            yield Hit(*match.span("value"), "ID")


def _is_number(value: str) -> bool:
    digits = sum(char.isdigit() for char in value)
    return (
        digits >= _LEAST_DIGITS
        and digits * 2 >= sum(char.isalpha() for char in value)
        and not _UUID.match(value)
    )


_MONTH: Final = r"(?:jan|feb|m(?:ar|\u00e4r|ai)|apr|may|ju[nl]|aug|sep|o[ck]t|nov|de[cz]|janv|f\u00e9v|avr|mai|juin|juil|ao\u00fb|ene|abr|ago|dic)[a-z\u00e4\u00e9]*\.?"
_DATE: Final = rf"(?P<value>\d{{1,4}}[\-./ ]\d{{1,2}}[\-./ ]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th|\.)? {_MONTH},? \d{{2,4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{2,4}}|(?:19|20)\d{{6}})(?!\d)"
_BORN: Final = re.compile(
    r"\b(?:date of birth|birth ?date|birth ?day|d\.?o\.?b\.?|born(?: on)?|geb(?:oren(?: am)?|\.|urtsdatum|urtstag)?|date de naissance|n\u00e9e? le|fecha de nacimiento|nacid[oa]|data di nascita|nat[oa] il)"
    r"\s{0,2}(?:[:=]|is|was)?\s{0,3}" + _DATE,
    re.IGNORECASE,
)


def birth_dates(text: str) -> Iterator[Hit]:
    """Give dates after `date of birth`, `DOB`, `born on` and the like."""
    yield from hits_of(_BORN, text, "BIRTH_DATE", "value")
