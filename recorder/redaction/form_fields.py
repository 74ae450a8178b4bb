"""Fields of forms and columns of tables that say by their label what stands in them.

A label that says nothing else makes its value personal, whatever the value looks like:
scrolled fields show a part that no rule would know.
"""

import re
from typing import Final

from recorder.redaction.birth_dates import BIRTH_WORDS
from recorder.redaction.labelled_numbers import NUMBER_LABELS
from recorder.redaction.phones import SURE_LABELS
from recorder.redaction.secret_words import CODE_WORDS, PASSWORD_WORDS, any_of

_NO: Final = r"(?: (?:no|nr|number|nummer))?"
_YOUR: Final = r"(?:(?:current|new|old|confirm|repeat|your|my|wifi|wi-fi) )?"


def _label(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_YOUR}(?:{pattern})(?: again)?", re.IGNORECASE)


_SECRETS: Final = _label(
    rf"{any_of(PASSWORD_WORDS)}|{any_of(CODE_WORDS)}|(?:api |secret |access )?key|secret|"
    r"(?:api )?token|security code"
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
_NUMBERS: Final = tuple(
    (kind, _label(pattern))
    for kind, pattern in (
        ("BIRTH_DATE", BIRTH_WORDS),
        ("CARD", rf"(?:credit |debit )?card{_NO}|kartennummer"),
        ("IBAN", "iban"),
        *NUMBER_LABELS.items(),
        ("PHONE", rf"(?:{SURE_LABELS}){_NO}"),
        ("MAC", "mac(?: address)?"),
        ("IP", "ip(?:v[46])?(?: address)?"),
    )
)
_AROUND: Final = " :*.,;'\u2018\u2019|_"
"""Of a label: marks of required fields, and what a recogniser makes of borders."""
_FEWEST_FIGURES: Final = 4
_FEWEST_LETTERS: Final = 3
_LONGEST_NUMBER: Final = 40
_MOST_NAMES: Final = 5


def bare_label(text: str) -> str:
    """Give a label without the marks around it."""
    return text.strip(_AROUND)


def field_kind(label: str, value: str) -> str | None:
    """Give what a value is by its bare label alone, None where the label does not tell."""
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
