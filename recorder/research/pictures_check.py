"""What a stored picture says of itself; it is never decoded here."""

import struct
from typing import Final

_HEAD: Final = struct.Struct("<4sI4s4sIB")
_MARK: Final = 0x2F
_BITS: Final = slice(21, 25)
_SIDE: Final = (1 << 14) - 1
_LEAST_BYTES: Final = 25
MOST_PIXELS: Final = 40_000_000
"""An 8K monitor has 33 million; decoding takes four bytes each."""


def picture_size(image: bytes) -> tuple[int, int] | None:
    """Give width and height in pixels; None unless it is one still, lossless WebP like ours.

    Source: WebP container and lossless bitstream specifications, RFC 9649.
    """
    if len(image) < _LEAST_BYTES:
        return None
    riff, size_bytes, webp, kind, chunk_bytes, mark = _HEAD.unpack_from(image)
    if (riff, webp, kind, mark) != (b"RIFF", b"WEBP", b"VP8L", _MARK):
        return None
    if size_bytes != len(image) - 8 or chunk_bytes + chunk_bytes % 2 != len(image) - 20:
        return None
    bits = int.from_bytes(image[_BITS], "little")
    return (bits & _SIDE) + 1, (bits >> 14 & _SIDE) + 1
