"""Made-up personal values and secrets of each kind, drawn from a seeded generator."""

import base64
import random
import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from benchmarks.cases import check_digits
from benchmarks.cases.words import Part, words

T = TypeVar("T")
Maker = Callable[["Values", str], str]

_MIXED: Final = string.ascii_letters + string.digits
_HEX: Final = "0123456789abcdef"
_MONTHS: Final = ("January", "March", "April", "June", "August", "October", "November")
_PHONES: Final[Mapping[str, Sequence[str]]] = {
    "en": ("+1 212-7##-####", "(415) 6##-####", "+44 7911 ######", "07911 ######", "020 7946 ####"),
    "de": ("+49 171 #######", "0171 #######", "030 2######", "+43 664 #######"),
    "fr": ("+33 6 ## ## ## ##", "06 ## ## ## ##", "01 42 ## ## ##"),
    "es": ("+34 612 ### ###", "612 ### ###"),
    "it": ("+39 347 #######", "347 ### ####"),
    "nl": ("+31 6 2#######", "06-2#######"),
    "pl": ("+48 512 ### ###", "512 ### ###"),
    "sv": ("+46 70 ### ## ##", "070-### ## ##"),
    "pt": ("+351 912 ### ###", "912 ### ###", "+55 11 9####-####"),
    "ru": ("+7 916 ###-##-##", "8 (916) ###-##-##"),
    "el": ("+30 697 ### ####", "697 ### ####"),
    "ar": ("+971 50 ### ####",),
    "zh": ("+86 138 #### ####", "138########"),
}
_STREETS: Final[Mapping[str, Sequence[str]]] = {
    "en": ("N S Street, T", "N S Lane, T LS# #AB", "N S Ave, Apt #, T, NY 1####", "Flat #, N S Road, T"),
    "de": ("Sstraße N, ##### T", "Sweg N, ##### T", "Sallee N"),
    "fr": ("N rue des S, ##### T", "N bis, avenue des S, ##### T"),
    "es": ("Calle S N, ##### T", "Avenida S N, #º B, ##### T"),
    "it": ("Via S N, ##### T", "Piazza S N, ##### T"),
    "nl": ("Sstraat N, 1### AB T", "Slaan N, 2### KL T"),
    "pl": ("ul. S N, 1#-### T", "ul. S N/#, 3#-### T"),
    "sv": ("Sgatan N, 1## ## T", "Svägen N, T"),
    "pt": ("Rua S N, 1###-### T", "Rua das S, N, T"),
    "ru": ("ул. S, д. N, город T", "T, ул. S, N"),
    "el": ("S N, T 1## ##", "S N, T"),
}  # fmt: skip
"""S is a street's word, T a town, N a number, # a digit."""
_TOKENS: Final = (
    "ghp_36", "glpat-20", "npm_36", "xoxb-30", "sk_live_24", "AIza35", "SG.22.43",
    "eyJhbGciOiJIUzI1NiJ9.60.43", "40", "32",
)  # fmt: skip
"""Numbers stand for as many mixed characters."""


class Values:
    """Draws values; the same seed gives the same ones.

    Args:
        part: Whose words to use.
        seed: Of the generator.
    """

    def __init__(self, part: Part, seed: int) -> None:
        self._part = part
        self.random = random.Random(f"{part} {seed}")  # noqa: S311 - repeatable, no secret

    def draw(self, kind: str, language: str = "en") -> str:
        """Give a value, or a filler word when the kind is in lower case."""
        return MAKERS[kind](self, language) if kind in MAKERS else _FILLERS[kind](self, language)

    def one(self, choices: Sequence[T]) -> T:
        """Draw one of the choices."""
        return self.random.choice(choices)

    def text(self, alphabet: str, length: int) -> str:
        """Draw characters."""
        return "".join(self.random.choices(alphabet, k=length))

    def form(self, form: str) -> str:
        """Fill a form: `#` becomes a digit."""
        return "".join(self.text(string.digits, 1) if char == "#" else char for char in form)

    def word(self, section: str, language: str = "en") -> str:
        """Draw a word of this part."""
        return self.one(
            words(self._part, f"{section} {language}" if section in _SPOKEN else section)
        )


_SPOKEN: Final = frozenset({"first", "last", "street", "town"})


def _person(values: Values, language: str) -> str:
    first, last = values.word("first", language), values.word("last", language)
    if language == "zh":
        return last + first
    middle = f" {values.text(string.ascii_uppercase, 1)}." if values.random.random() < 0.1 else ""  # noqa: PLR2004
    return f"{first}{middle} {last}"


def _address(values: Values, language: str) -> str:
    language = language if language in _STREETS else "en"
    form = re.sub(r"\bN\b", str(values.random.randint(2, 180)), values.one(_STREETS[language]))
    form = re.sub(r"\bT\b", values.word("town", language), form)
    return values.form(re.sub(r"\bS(?=[a-zß]|\b)(?!treet)", values.word("street", language), form))


def _email(values: Values, _language: str) -> str:
    language = values.one(("en", "de", "it", "nl", "pl"))
    first, last = (values.word(kind, language).lower() for kind in ("first", "last"))
    plain = str.maketrans("äöüßąćęłńóśźżé'", "aousacelnoszze_")
    dot = values.one((".", "_", "", "+"))
    number = values.form(values.one(("", "", "#", "##")))
    return f"{first}{dot}{last}{number}".translate(plain) + "@" + values.word("host")


def _card(values: Values, _language: str) -> str:
    body = values.one(("4" + "#" * 14, "51" + "#" * 13, "34" + "#" * 12))
    digits = check_digits.luhn(values.form(body))
    space = values.one((" ", "-", ""))
    sizes = (4, 6, 5) if len(digits) == 15 else (4, 4, 4, 4)  # noqa: PLR2004 - American Express
    return space.join(_pieces(digits, sizes))


def _iban(values: Values, _language: str) -> str:
    country, body = values.one((("DE", "#" * 18), ("FR", "#" * 23), ("NL", "INGB" + "#" * 10),
                                ("GB", "NWBK" + "#" * 14), ("ES", "#" * 20), ("PL", "#" * 24)))  # fmt: skip
    whole = check_digits.iban(country, values.form(body))
    return values.one((whole, " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))))


def _pieces(text: str, sizes: Sequence[int]) -> list[str]:
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return [text[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def _ip(values: Values, _language: str) -> str:
    if values.random.random() < 0.25:  # noqa: PLR2004
        return "2a02:" + ":".join(values.text(_HEX, 4) for _ in range(7))
    first = values.one((10, 81, 95, 172, 192, 203))
    return ".".join(str(n) for n in (first, *(values.random.randint(2, 250) for _ in range(3))))


def _mac(values: Values, _language: str) -> str:
    return values.one((":", "-")).join(values.text(_HEX, 2) for _ in range(6))


def _secret(values: Values, _language: str) -> str:
    return re.sub(r"\d{2}", lambda size: values.text(_MIXED, int(size[0])), values.one(_TOKENS))


def _password(values: Values, _language: str) -> str:
    word = values.word("password")
    return values.one((
        f"{word}{values.form('####')}!",
        f"{word.lower()}-{values.word('word')}-{values.form('##')}",
        f"{word}{values.form('##')}{values.one('#$%&?!')}",
        values.text(_MIXED + "!#$%+=?", 12),
        f"{word.lower()}{values.form('###')}",
    ))  # fmt: skip


def _url_password(values: Values, _language: str) -> str:
    return values.one((values.text(_MIXED, 14), f"{values.word('password')}{values.form('####')}"))


def _private_key(values: Values, _language: str) -> str:
    sort = values.one(("RSA ", "EC ", "OPENSSH ", ""))
    body = [values.text(_MIXED + "+/", 64) for _ in range(4)]
    return "\n".join(
        [f"-----BEGIN {sort}PRIVATE KEY-----", *body, f"-----END {sort}PRIVATE KEY-----"]
    )


def _ssn(values: Values, _language: str) -> str:
    return (
        f"{values.random.randint(101, 665)}-{values.random.randint(11, 98)}-{values.form('4###')}"
    )


def _tax_id(values: Values, language: str) -> str:
    makers: dict[str, Callable[[], str]] = {
        "de": lambda: check_digits.steuer_id(values.form("26#5#3#8#4")),
        "es": lambda: check_digits.nif(values.form("4#######")),
        "nl": lambda: check_digits.bsn(values.form("23######")),
        "pl": lambda: check_digits.pesel(values.form("78091#####")),
        "pt": lambda: check_digits.cpf(values.form("3########")),
    }
    return makers[language if language in makers else values.one(list(makers))]()


def _national_id(values: Values, _language: str) -> str:
    return values.one((
        f"{values.text('ABCEGHJKLMNPRSTWXYZ', 1)}B{values.form('######')}{values.text('ABCD', 1)}",
        check_digits.pesel(values.form("85051#####")),
        values.form("85.07.3#-###.##"),
        values.form("1 85 05 78 006 ### ##"),
    ))  # fmt: skip


def _licence(values: Values, _language: str) -> str:
    forms = ("D###-####-####", "S###########", "MORGA6570##SM9IJ", "B072RRE####")
    return values.form(values.one(forms))


def _birth_date(values: Values, language: str) -> str:
    year, month, day = (values.random.randint(*r) for r in ((1938, 2008), (1, 12), (1, 28)))
    forms = [
        f"{day:02}.{month:02}.{year}",
        f"{year}-{month:02}-{day:02}",
        f"{day:02}/{month:02}/{year}",
    ]
    if language == "en":
        forms += [f"{day} {values.one(_MONTHS)} {year}", f"{values.one(_MONTHS)} {day}, {year}"]
    return values.one(forms)


def _crypto(values: Values, _language: str) -> str:
    return values.one((
        check_digits.bitcoin(values.random.randbytes(20)), "0x" + values.text(_HEX, 40),
    ))  # fmt: skip


def _username(values: Values, _language: str) -> str:
    first, last = values.word("first").lower(), values.word("last").lower()
    return values.one((first, f"{first[0]}{last}", f"{first}.{last}"))


def _hex(values: Values, length: int) -> str:
    return values.text(_HEX, length)


MAKERS: Final[Mapping[str, Maker]] = {
    "EMAIL": _email, "CARD": _card, "IBAN": _iban, "IP": _ip, "MAC": _mac, "SECRET": _secret,
    "PASSWORD": _password, "PRIVATE_KEY": _private_key, "URL_CREDENTIAL": _url_password,
    "SSN": _ssn, "TAX_ID": _tax_id, "NATIONAL_ID": _national_id, "LICENCE": _licence,
    "BIRTH_DATE": _birth_date, "PERSON": _person, "ADDRESS": _address, "CRYPTO": _crypto,
    "USERNAME": _username,
    "PHONE": lambda values, language: values.form(values.one(_PHONES[language])),
    "PASSPORT": lambda values, _: values.form(values.one(("C4X######", "#########", "U#######"))),
    "ACCOUNT": lambda values, _: values.form("4" + "#" * values.one((7, 9, 11))),
    "CODE": lambda values, _: values.form("#" * values.one((4, 6, 6))),
    "CVV": lambda values, _: values.form("###"),
    "FIRST": lambda values, language: values.word("first", language),
    "LAST": lambda values, language: values.word("last", language),
}  # fmt: skip
"""A maker for each kind of private value."""
_FILLERS: Final[Mapping[str, Maker]] = {
    "word": lambda values, _: values.word("word"),
    "host": lambda values, _: values.word("host"),
    "company": lambda values, _: values.word("company"),
    "town": lambda values, language: values.word("town", language),
    "n": lambda values, _: str(values.random.randint(12, 9800)),
    "d": lambda values, _: str(values.random.randint(1, 9)),
    "uuid": lambda values, _: "-".join(_hex(values, n) for n in (8, 4, 4, 4, 12)),
    "base64": lambda values, _: base64.b64encode(values.random.randbytes(64)).decode(),
    "hash6": lambda values, _: _hex(values, 6),
    "hash7": lambda values, _: _hex(values, 7),
    "hash12": lambda values, _: _hex(values, 12),
    "hash32": lambda values, _: _hex(values, 32),
    "hash40": lambda values, _: _hex(values, 40),
    "hash64": lambda values, _: _hex(values, 64),
}
