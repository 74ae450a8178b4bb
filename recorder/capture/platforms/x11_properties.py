"""Reads of window properties, many in one round trip, bounded in size."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from Xlib.display import Display

_MAX_WORDS: Final = 2049
"""A property is read up to 8 KiB and 4 bytes: a title of a megabyte costs no more than that,
and is seen to be longer than what `labels.clean_title` takes."""
_FORMAT_BYTES: Final = 8
_FORMAT_WORDS: Final = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """One property of one window."""

    window: int
    name: str


class Properties:
    """Property reads over one connection; the caller holds the connection's lock."""

    def __init__(self, display: "Display") -> None:
        self._display = display
        self._atoms: dict[str, int] = {}

    def atom(self, name: str) -> int:
        """Give an atom, remembered."""
        if name not in self._atoms:
            self._atoms[name] = int(self._display.intern_atom(name))
        return self._atoms[name]

    def read(self, asked: Sequence[Asked]) -> list[Any]:
        """Give reply values in order: bytes, a tuple of ints, or None when there is none."""
        from Xlib.protocol import request  # noqa: PLC0415

        replies = [
            request.GetProperty(
                display=self._display.display, defer=True, delete=False, window=a.window,
                property=self.atom(a.name), type=0, long_offset=0, long_length=_MAX_WORDS,
            )
            for a in asked
        ]  # fmt: skip
        return [_value(reply) for reply in replies]


def awaited(reply: Any) -> Any:  # noqa: ANN401 - python-xlib has no types
    """Give the reply, None when the window is gone or the request failed."""
    from Xlib.error import XError  # noqa: PLC0415

    with contextlib.suppress(XError):
        reply.reply()
        return reply
    return None


def _value(reply: Any) -> bytes | tuple[int, ...] | None:  # noqa: ANN401 - as above
    answer = awaited(reply)
    if answer is None or answer.value is None:
        return None
    form, data = answer.value
    if form == _FORMAT_BYTES:
        return bytes(data)
    return tuple(int(word) for word in data) if form == _FORMAT_WORDS else None
