"""ULIDs: 48 bits of wall time, 80 random bits, 26 characters of Crockford base 32."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TEXT_LENGTH = 26


def ulid(wall_ns: int, random_bytes: bytes) -> str:
    """Give a ULID; sorts by time. `random_bytes`: 10 bytes from a secure source.

    Source: https://github.com/ulid/spec.
    """
    number = ((wall_ns // 1_000_000) << 80) | int.from_bytes(random_bytes[:10], "big")
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))


def is_ulid(text: str) -> bool:
    """Tell whether the text is a ULID; used before a name is joined to a path."""
    return len(text) == _TEXT_LENGTH and text[0] <= "7" and all(c in _ALPHABET for c in text)


def ulid_wall_ns(text: str) -> int:
    """Give the wall time of a ULID, nanoseconds since the epoch, to the millisecond."""
    number = 0
    for character in text:
        number = number << 5 | _ALPHABET.index(character)
    return (number >> 80) * 1_000_000
