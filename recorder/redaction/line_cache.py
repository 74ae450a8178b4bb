"""What was read before, by the bytes of the line's crop: a scrolled line is not read again."""

import hashlib
from collections import OrderedDict
from typing import Final, Generic, TypeVar

from recorder.redaction.lines import Pixels

T = TypeVar("T")
_MOST_LINES: Final = 4096
"""Some fifteen screens full of text; about 4 MB of readings."""


def crop_key(crop: Pixels) -> bytes:
    """Give 16 bytes that stand for the crop's size and its pixels."""
    size = crop.shape[0].to_bytes(4, "big") + crop.shape[1].to_bytes(4, "big")
    return hashlib.blake2b(size + crop.tobytes(), digest_size=16).digest()


class LineCache(Generic[T]):
    """A bounded memory; the entry that was not asked for longest goes first."""

    def __init__(self, most: int = _MOST_LINES) -> None:
        self._most = most
        self._known: OrderedDict[bytes, T] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def get(self, key: bytes) -> T | None:
        """Give what is known under the key and count it as fresh."""
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
        return found

    def put(self, key: bytes, value: T) -> None:
        """Remember a value; the oldest entry beyond the bound is forgotten."""
        self._known[key] = value
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
