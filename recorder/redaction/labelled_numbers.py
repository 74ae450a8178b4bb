"""Rules for numbers that show by the label beside them: passport, account, identity."""

import re
from collections.abc import Iterator
from typing import Final

from recorder.redaction.hits import Hit, hits_of

_NO: Final = (
    r"(?:[\s\-]{0,2}(?:no|nr|num(?:ber|mer|ero)?|n\u00famero|num\u00e9ro|numer|nro|nummer|n\u00b0|n\u00ba|"
    r"\u2116|\u043d\u043e\u043c\u0435\u0440|#|id|code))?\.?"
)
_TIE: Final = r"(?:\s{0,3}(?:[:=#]|is|ist|lautet|est|es|\u00e8|\u00e9)|\b|(?<=\.))[\"'\s]{0,4}"
_DIGITS: Final = r"(?P<value>\d(?:[ \-./]?\d){4,25})(?![\w])"
_MIXED: Final = (
    r"(?P<value>(?=[A-Za-z0-9 \-/]{0,12}\d)[A-Za-z0-9](?:[ \-/.]?[A-Za-z0-9]){4,25})(?![\w])"
)
_CODE: Final = r"(?P<value>(?=[A-Za-z0-9]{0,3}\d)[A-Za-z0-9]{5,12})(?![\w])"


def _rule(labels: str, value: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z])(?:{labels}){_NO}{_TIE}{value}", re.IGNORECASE)


_PASSPORT_LABELS: Final = (
    r"(?:passport|travel document|document(?= n))(?:(?: book| card|/travel document| / pass)|\s?\([^)\n\d]{1,20}\))?|reise?pass(?:nummer)?|passeport|pasaporte|passaporto|passaporte|paspoort(?:nummer)?|"
    r"paszport(?:u)?|pas+(?:nr|nummer)|pas (?:nr|\u010d)|\u00fatlev\u00e9l|pa\u0219aport|pasaport|putovnica|passi(?:n numero)?|"
    r"\u043f\u0430\u0441\u043f\u043e\u0440\u0442\w{0,2}|\u03b4\u03b9\u03b1\u03b2\u03b1\u03c4\u03ae\u03c1\u03b9\u03bf|\u62a4\u7167|\u8b77\u7167|\u65c5\u5238|\uc5ec\uad8c"
)
_PASSPORT: Final = _rule(
    _PASSPORT_LABELS,
    r"(?P<value>(?=[A-Za-z0-9]{0,3}\d)[A-Za-z0-9]{5,12}|[A-Za-z]{0,2} ?\d{2} ?\d{2} ?\d{6}|[A-Za-z]{1,3}[ -]\d{6,8})(?![\w])",
)
_PASSPORT_TOLD: Final = re.compile(
    r"(?<![A-Za-z])(?i:passport|reisepass|passeport|pasaporte|passaporto|passaporte|paspoort|travel document)[^\n\d]{1,32}?"
    r"(?<!\w)(?P<value>(?=[A-Z]{0,2}\d)[A-Z0-9]{8,9})(?![\w\-])"
)
"""A passport's number some words behind, as in a sentence."""
_LICENCE_LABELS: Final = (
    r"(?:driv(?:er'?s?|ing)|dl)[ \-]?licen[cs]e|licen[cs]e|f\u00fchrerschein(?:nummer)?|permis(?: de conduire)?|"
    r"(?:carnet|permiso|licencia) de (?:conducir|manejo)|patente(?: di guida)?|carta de condu\u00e7\u00e3o|cnh|"
    r"rijbewijs(?:nummer)?|praw[oa] jazdy|k\u00f6rkort(?:snummer)?|k\u00f8rekort(?:nummer)?|f\u00f8rerkort(?:nummer)?|ajokortti|"
    r"\u0159idi\u010dsk\u00fd pr\u016fkaz|permis de conducere|ehliyet|\u0432\u043e\u0434\u0438\u0442\u0435\u043b\u044c\u0441\u043a\w+ \u0443\u0434\u043e\u0441\u0442\u043e\u0432\u0435\u0440\u0435\u043d\u0438\w+|dl"
)
_LICENCE: Final = _rule(
    _LICENCE_LABELS,
    r"(?P<value>(?=[A-Za-z0-9 \-/]{0,8}\d[A-Za-z0-9 \-/]{0,8}\d)[A-Za-z0-9](?:[ \-/]?[A-Za-z0-9]){5,18})(?![\w])",
)
_ACCOUNT_LABELS: Final = (
    r"(?:bank |checking |savings |current |giro)?(?:account|acct|a/c|acc)|konto(?:nummer|nr)?|numer konta|nr konta|rachun(?:ek|ku)|"
    r"compte(?: bancaire)?|cuenta(?: bancaria)?|conto(?: corrente)?|conta(?: banc\u00e1ria| corrente)?|(?:bank)?rekening(?:nummer)?|"
    r"tili(?:numero)?|\u00fa\u010det|\u010d\u00edslo \u00fa\u010dtu|banksz\u00e1mla|hesap|cont bancar|\u0441\u0447[\u0435\u0451]\u0442\w?|"
    r"routing|aba|sort code|blz|bankleitzahl|bsb|clabe|depot(?:nummer)?|bankgiro|plusgiro|transit"
)
_ACCOUNT: Final = _rule(
    _ACCOUNT_LABELS,
    _DIGITS,
)
_IDENTITY_LABELS: Final = (
    r"(?:national |personal |citizen |state |government |social |health |patient |customer |client |member |employee |student |insured |voter |kunden|personal|mitglieds?|versicherten|sozialversicherungs)"
    r"(?:id(?:entity|entification)?(?: card)?|no|nr|nummer|number|record|insurance|security)|id (?:card|number|no)|identity card|ausweis(?:nummer)?|personalausweis|nin|nino|nhs|medicare|"
    r"mrn|medical record|policy|steuernummer|steuer-?id|tax ?id(?:entification)?|tax(?:payer)?|tin|vat|ust-?id(?:nr)?|ein|itin|cpf|cnpj|curp|rfc|pesel|bsn|nif|nie|dni|cuit|cuil|rut|aadhaar|pan|codice fiscale|partita iva|"
    r"siren|siret|ssn|social security|imei|imsi|meid|serial|"
    # Other languages
    r"num\u00e9ro (?:de s\u00e9curit\u00e9 sociale|fiscal)|carte (?:d'identit\u00e9|vitale)|nir|carta d'identit\u00e0|c\.f\.|p\.? ?iva|"
    r"documento(?: de identidad| nacional)?|c\u00e9dula|seguridad social|n\.? ?i\.? ?[fe]\.?|cart\u00e3o de cidad\u00e3o|cc|rg|"
    r"burgerservicenummer|btw(?:-nummer)?|kvk|dow\u00f3d(?: osobisty)?|nip|regon|personnummer|organisationsnummer|"
    r"cpr(?:-nummer)?|f\u00f8dselsnummer|henkil\u00f6tunnus|hetu|rodn\u00e9 \u010d\u00edslo|i\u010do|di\u010d|taj|ad\u00f3sz\u00e1m|cnp|cui|oib|jmbg|egn|"
    r"tc(?: kimlik)?|vergi|amka|afm|\u03b1\u03bc\u03ba\u03b1|\u03b1\u03c6\u03bc|\u0438\u043d\u043d|\u0441\u043d\u0438\u043b\u0441|\u043e\u0433\u0440\u043d|\u0440\u043d\u043e\u043a\u043f\u043f|\u0435\u0433\u043d|"
    r"\u8eab\u4efd\u8bc1(?:\u53f7)?|\u30de\u30a4\u30ca\u30f3\u30d0\u30fc|\uc8fc\ubbfc\ub4f1\ub85d\ubc88\ud638"
)
_IDENTITY: Final = _rule(
    _IDENTITY_LABELS,
    _MIXED,
)
NUMBER_LABELS: Final = {
    kind: rf"(?:{labels}){_NO}"
    for kind, labels in (
        ("PASSPORT", _PASSPORT_LABELS), ("LICENCE", _LICENCE_LABELS),
        ("ACCOUNT", _ACCOUNT_LABELS), ("ID", _IDENTITY_LABELS),
    )
}  # fmt: skip
"""By kind, the regular expression of what stands before such a number, in any case."""
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
_FISCAL: Final = re.compile(r"[A-Z]{6}[0-9A-Z]{10}", re.IGNORECASE)
"""An Italian tax code, in which letters may stand for digits."""
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
        (_PASSPORT, "PASSPORT"), (_PASSPORT_TOLD, "PASSPORT"), (_LICENCE, "LICENCE"), (_ACCOUNT, "ACCOUNT"), (_IDENTITY, "ID"),
    ):  # fmt: skip
        for match in pattern.finditer(text):
            if _is_number(match["value"]):
                yield Hit(*match.span("value"), kind)
    for match in _ID_EQUALS.finditer(text):
        digits = sum(map(str.isdigit, match["value"]))
        is_long = digits >= _LEAST_ID or _FISCAL.fullmatch(match["value"]) is not None
        if is_long and _is_number(match["value"]):
            yield Hit(*match.span("value"), "ID")


def _is_number(value: str) -> bool:
    digits = sum(char.isdigit() for char in value)
    letters = sum(char.isalpha() for char in value)
    is_dense = digits * 2 >= letters or _FISCAL.fullmatch(value) is not None
    return digits >= _LEAST_DIGITS and is_dense and not _UUID.match(value)
