"""Check digits of made-up numbers, written from the standards and not from the product.

Luhn: ISO/IEC 7812-1. IBAN: ISO 13616. Steuer-ID: ISO 7064, mod 11, 10. Others as the
issuing states publish them.
"""

import hashlib
from typing import Final

_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NIF: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_TEN: Final = 10
_ELEVEN: Final = 11


def luhn(body: str) -> str:
    """Give the digits with their check digit."""
    doubled = [int(d) * (2 - at % 2) for at, d in enumerate(reversed(body))]
    return body + str(-sum(d - 9 if d >= _TEN else d for d in doubled) % _TEN)


def iban(country: str, body: str) -> str:
    """Give an IBAN without spaces."""
    number = "".join(str(int(c, 36)) for c in f"{body}{country}00")
    return f"{country}{98 - int(number) % 97:02}{body}"


def steuer_id(body: str) -> str:
    """Give a German tax number of ten digits and its check digit."""
    product = _TEN
    for digit in body:
        product = ((int(digit) + product) % _TEN or _TEN) * 2 % _ELEVEN
    return body + str((_ELEVEN - product) % _TEN)


def nif(body: str) -> str:
    """Give a Spanish tax number: eight digits and a letter."""
    return body + _NIF[int(body) % len(_NIF)]


def weighted(body: str, weights: tuple[int, ...], modulus: int) -> int:
    """Give the weighted sum of digits modulo a number."""
    return sum(int(d) * w for d, w in zip(body, weights, strict=True)) % modulus


def pesel(body: str) -> str:
    """Give a Polish number of ten digits and its check digit."""
    return body + str(-weighted(body, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3), _TEN) % _TEN)


def bsn(body: str) -> str:
    """Give a Dutch number; None of eight digits may leave ten, so the last one steps on."""
    rest = weighted(body, (9, 8, 7, 6, 5, 4, 3, 2), _ELEVEN)
    if rest == _TEN:
        return bsn(body[:-1] + str((int(body[-1]) + 1) % _TEN))
    return body + str(rest)


def cpf(body: str) -> str:
    """Give a Brazilian number of nine digits and two check digits."""
    for first in (10, 11):
        weights = tuple(range(first, 1, -1))
        body += str(weighted(body, weights, _ELEVEN) * _TEN % _ELEVEN % _TEN)
    return body


def bitcoin(payload: bytes) -> str:
    """Give an address of the oldest form (base 58 with four check bytes)."""
    data = b"\0" + payload[:20]
    data += hashlib.sha256(hashlib.sha256(data).digest()).digest()[:4]
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, rest = divmod(number, 58)
        text = _BASE58[rest] + text
    return "1" + text
