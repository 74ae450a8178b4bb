"""Dates, times, phones, ids and hashes: what stands near names and is none."""

import random
from collections.abc import Callable
from typing import Final

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()
)
_DAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_HEX: Final = "0123456789abcdef"
_BASE64: Final = _UPPER + _UPPER.lower() + "0123456789+/-_"
_PHONES: Final = (
    "+## ### ######", "(###) ###-####", "###-###-####", "0### ### ###", "0##/#######", "+# (###) ###-####",
    "### ### ####", "##########", "+############", "(0####) ######", "0# ## ## ## ##", "## ## ## ##", "###-####",
    "00#-###-###-####x###", "### ### ## ##", "##-##-##-##", "## ######", "#### ######",
)  # fmt: skip
_IDS: Final = (
    "########", "##########", "######", "@@-####", "@@@-###-@@", "@@####@@", "@########", "#@#@@", "@@@@#######",
    "###-##-####", "###.###.###-##", "@@######@", "v#.#.#", "####-####", "@@##########", "#### #### #### ####",
)  # fmt: skip


class Numbers:
    """Draws what is made of digits."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def slots(self) -> dict[str, Callable[[], str]]:
        """Give the makers by the names that templates use."""
        rng = self._rng
        return {
            "num": lambda: str(rng.randrange(10 ** rng.randint(1, 5))),
            "age": lambda: str(rng.randint(5, 99)),
            "date": self.date,
            "time": self.time,
            "phone": lambda: self.formed(rng.choice(_PHONES)),
            "zip5": lambda: self.formed("#####"),
            "card": lambda: self.formed("################"),
            "iban": lambda: self.formed(rng.choice(("@@####################", "@@## #### #### #### #### ##"))),
            "id": self.id,
            "hex": lambda: self.drawn(_HEX, rng.choice((7, 8, 12, 40))),
            "initial": lambda: rng.choice(_UPPER),
            "day": lambda: rng.choice(_DAYS),
            "month": lambda: rng.choice(_MONTHS),
        }  # fmt: skip

    def date(self) -> str:
        """Draw a date in one of twelve forms."""
        rng = self._rng
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1940, 2035)
        name, weekday = _MONTHS[month - 1], rng.choice(_DAYS)
        return rng.choice((
            f"{year}-{month:02}-{day:02}", f"{day}/{month}/{year}", f"{day}.{month}.{year}", f"{name} {day}, {year}",
            f"{day} {name[:3]} {year}", f"{weekday[:3]} {day} {name[:3]}", f"{name} {day}", weekday, f"{month:02}/{day:02}",
            f"{weekday}, {name} {day}", f"{name} {year}", f"{year}", f"{day}. {name}",
        ))  # fmt: skip

    def time(self) -> str:
        """Draw a time of day."""
        hour, minute = self._rng.randrange(24), self._rng.randrange(60)
        return self._rng.choice(
            (
                f"{hour}:{minute:02}",
                f"{hour:02}:{minute:02}",
                f"{hour % 12 + 1} pm",
                f"{hour % 12 + 1}:{minute:02} AM",
                f"{hour:02}:{minute:02}:{minute:02}",
            )
        )

    def id(self) -> str:
        """Draw a number of a record, a hash, a token, an address of a machine."""
        rng = self._rng
        drawn = rng.randrange(10)
        if drawn < 6:
            return self.formed(rng.choice(_IDS))
        if drawn == 6:
            return self.drawn(_HEX, rng.choice((7, 12, 32, 40, 64)))
        if drawn == 7:
            return self.drawn(_BASE64, rng.randint(12, 60))
        if drawn == 8:
            return "-".join(self.drawn(_HEX, size) for size in (8, 4, 4, 4, 12))
        return rng.choice(
            (
                ".".join(str(rng.randrange(256)) for _ in range(4)),
                ":".join(self.drawn(_HEX, 2) for _ in range(6)),
            )
        )

    def formed(self, form: str) -> str:
        """Give the form with digits for `#` and capitals for `@`."""
        rng = self._rng
        return "".join(
            rng.choice("0123456789") if c == "#" else rng.choice(_UPPER) if c == "@" else c
            for c in form
        )

    def drawn(self, chars: str, size: int) -> str:
        """Give so many of the characters."""
        return "".join(self._rng.choices(chars, k=size))
