"""Fields of forms and columns of tables that say by their label what stands in them.

A label that says nothing else makes its value personal, whatever the value looks like:
scrolled fields show a part that no rule would know.
"""

import re
from typing import Final

_NO: Final = r"(?: (?:no|nr|number|nummer|id|code))?"
_YOUR: Final = r"(?:(?:current|new|old|confirm|repeat|your|my|wifi|wi-fi) )?"


def _label(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_YOUR}(?:{pattern})(?: again)?", re.IGNORECASE)


_SECRETS: Final = _label(
    r"password|passwort|kennwort|passphrase|passcode|pin|secret|api key|secret key|access key|"
    r"token|api token|security code|cvv|cvc|one-time code|otp"
)
_NAMES: Final = _label(
    r"(?:full|first|last|middle|given|family|maiden|legal|patient|customer|contact|employee|client|"
    r"cardholder|account holder)(?:'?s)? name|name on card|surname|forename|cardholder|"
    r"account holder|beneficiary|vorname|nachname|familienname|kontoinhaber|pr\u00e9nom|"
    r"nom de famille|apellidos?|cognome|sobrenome|nazwisko|achternaam|voornaam|efternamn|f\u00f6rnamn"
)
_PLACES: Final = _label(
    r"(?:street|postal|home|billing|shipping|delivery|mailing|private) address|address(?: line)?(?: ?\d)?|"
    r"street|anschrift|adresse|stra(?:\u00df|ss)e|direcci\u00f3n|indirizzo|endere\u00e7o|adres|adress"
)
_BORN: Final = (
    r"date of birth|birth ?(?:date|day)|dob|born|geburtsdatum|geboren|date de naissance|"
    r"fecha de nacimiento|data di nascita|data de nascimento|geboortedatum|data urodzenia"
)
_NUMBERS: Final = tuple(
    (kind, _label(pattern))
    for kind, pattern in (
        ("BIRTH_DATE", _BORN),
        ("CARD", r"(?:credit |debit )?card(?: (?:no|number))?|kartennummer"),
        ("IBAN", r"iban"),
        ("ACCOUNT", rf"(?:bank )?account(?: (?:no|number))|kontonummer|konto{_NO}"),
        ("PASSPORT", rf"passport{_NO}|reisepass{_NO}|pasaporte|passeport|passaporto"),
        ("LICENCE", rf"driv(?:ing|er'?s?) licen[cs]e{_NO}|f\u00fchrerschein{_NO}"),
        ("TAX_ID", rf"tax{_NO}|vat{_NO}|steuer-?id|steuernummer|nif|codice fiscale"),
        ("ID", rf"ssn|social security{_NO}|national (?:id|identity|insurance){_NO}|(?:personal|identity|id){_NO}|ausweisnummer"),
        ("PHONE", rf"phone{_NO}|mobile{_NO}|telephone{_NO}|tel|fax{_NO}|telefon|handy|m\u00f3vil|tel\u00e9fono"),
        ("MAC", r"mac(?: address)?"),
        ("IP", r"ip(?:v[46])?(?: address)?"),
    )
)  # fmt: skip
_AROUND: Final = " :*.,;'\u2018\u2019|_"
_FEWEST_FIGURES: Final = 4
_FEWEST_LETTERS: Final = 3
_LONGEST_NUMBER: Final = 40
_MOST_NAMES: Final = 5


def field_kind(label: str, value: str) -> str | None:
    """Give what a value is by the label alone, None where the label does not tell."""
    label = label.strip(_AROUND)
    if _SECRETS.fullmatch(label):
        return "PASSWORD"
    figures, letters = sum(map(str.isdigit, value)), sum(map(str.isalpha, value))
    if figures >= _FEWEST_FIGURES and len(value) <= _LONGEST_NUMBER:
        for kind, pattern in _NUMBERS:
            if pattern.fullmatch(label):
                return kind
    if letters >= _FEWEST_LETTERS and _PLACES.fullmatch(label):
        return "ADDRESS"
    is_name = not figures and letters >= _FEWEST_LETTERS and len(value.split()) <= _MOST_NAMES
    return "PERSON" if is_name and _NAMES.fullmatch(label) else None
