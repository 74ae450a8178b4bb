"""Pages that we draw ourselves, with the pixels of each private value known."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from benchmarks.cases.drawing import Ink, Look, Pen
from benchmarks.cases.labelled import Case, labelled_cases
from benchmarks.cases.values import Values
from benchmarks.cases.words import Part
from recorder.core.geometry import Rect

_SIZE: Final = (1100, 700)
_SANS: Final = {Part.DEVELOPMENT: ("DejaVuSans.ttf",), Part.HELD_OUT: ("DejaVuSerif.ttf", "")}
_MONO: Final = {Part.DEVELOPMENT: "DejaVuSansMono.ttf", Part.HELD_OUT: "DejaVuSansMono-Bold.ttf"}
_LOOKS: Final[dict[str, Look]] = {
    "light": Look(),
    "dark": Look(ink=(222, 222, 226), paper=(30, 31, 36), line=(70, 72, 80)),
    "9 px": Look(size_px=9),
    "11 px": Look(size_px=11),
    "11 px dark": Look(size_px=11, ink=(200, 204, 210), paper=(38, 40, 46), line=(70, 72, 80)),
    "low contrast": Look(ink=(150, 150, 150), paper=(235, 235, 235), line=(215, 215, 215)),
    "scale 2": Look(size_px=26, page=(1800, 1200)),
    "4K": Look(size_px=15, page=(3840, 2160)),
    "rotated": Look(turned_degrees=3.0),
    "partly covered": Look(is_covered=True),
}
_SCRIPTS: Final = {"Cyrillic": "ru", "Greek": "el", "Arabic": "ar", "CJK": "zh"}
_COLUMNS: Final = ("PERSON", "EMAIL", "PHONE", "BIRTH_DATE", "IBAN", "ADDRESS", "ACCOUNT", "TAX_ID")
_HEADS: Final = {
    "PERSON": ("Name", "Customer", "Contact"), "EMAIL": ("E-mail", "Mail"), "PHONE": ("Phone", "Mobile"),
    "BIRTH_DATE": ("Born", "Date of birth"), "IBAN": ("IBAN",), "ADDRESS": ("Address",),
    "ACCOUNT": ("Account no.", "Account number"), "TAX_ID": ("Tax ID",), "CARD": ("Card number",),
    "PASSWORD": ("Password",), "PASSPORT": ("Passport no.",), "SECRET": ("API key",),
    "CODE": ("PIN",), "SSN": ("Social security number",), "LICENCE": ("Driving licence",),
}  # fmt: skip
_MOST_ROWS: Final = 12
"""Of a table: its cells would outnumber all other values."""


@dataclass(frozen=True, slots=True)
class Page:
    """A drawn page.

    Attributes:
        name: Look and layout.
        picture: (H, W, 3) uint8 RGB.
        values: Kind and visible pixels of each private value.
        cover: The part that another program's window hides, None for none.
        is_foreign: In a script that the recogniser does not know.
    """

    name: str
    picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    values: tuple[tuple[str, Ink], ...]
    cover: Rect | None = None
    is_foreign: bool = False


def pages(part: Part, seed: int, *, quick: bool) -> Iterator[Page]:
    """Give pages of every look and layout, drawn one after the other."""
    values = Values(part, seed)
    layouts: dict[str, Callable[[Pen, Values, Part], None]] = {
        "table": _table, "form": _form, "chat": _chat, "terminal": _terminal, "mail": _mail,
    }  # fmt: skip
    for look_name, look in _LOOKS.items():
        for number, (name, draw) in enumerate(layouts.items()):
            if quick and number % 3:
                continue
            font = _MONO[part] if name == "terminal" else values.one(_SANS[part])
            pen = Pen(replace(look, font=font, page=look.page or _SIZE))
            draw(pen, values, part)
            yield _finished(f"{look_name}, {name}", pen)
    for script, language in _SCRIPTS.items():
        pen = Pen(Look(font="DejaVuSans.ttf", page=_SIZE))
        _foreign(pen, part, seed, language)
        yield replace(_finished(f"{script}, form", pen), is_foreign=True)


def _finished(name: str, pen: Pen) -> Page:
    picture, values, cover = pen.finish()
    return Page(name, np.asarray(picture.convert("RGB")), tuple(values), cover)


def _table(pen: Pen, values: Values, _part: Part) -> None:
    kinds = values.random.sample(_COLUMNS, 4)
    wide = pen.width // (len(kinds) + 1)
    pen.text(wide // 8, pen.top, "No.", is_bold=True)
    for at, kind in enumerate(kinds):
        pen.text(wide // 2 + at * wide, pen.top, values.one(_HEADS[kind]), is_bold=True)
    for number in range(1, min(_rows(pen), _MOST_ROWS)):
        top = pen.top + pen.row(number)
        pen.rule(top - pen.row(0.2))
        pen.text(wide // 8, top, values.draw("n"))
        for at, kind in enumerate(kinds):
            pen.value(wide // 2 + at * wide, top, values.draw(kind), kind, most_px=wide - 12)


def _form(pen: Pen, values: Values, _part: Part) -> None:
    is_above = values.random.random() < 0.5  # noqa: PLR2004
    kinds = values.random.sample(
        list(_HEADS), min(len(_HEADS), _rows(pen) // (2 if is_above else 1))
    )
    pen.text(30, pen.top, "Personal details", is_bold=True)
    for number, kind in enumerate(kinds):
        top = pen.top + pen.row(1.5 + number * (2 if is_above else 1.2))
        head, drawn = values.one(_HEADS[kind]), values.draw(kind)
        pen.text(30, top, head if is_above else head + ":")
        left, down = (30, top + pen.row(0.85)) if is_above else (pen.width // 4, top)
        pen.box(Rect(left - 6, down - 4, pen.width // 2, pen.row(0.85)))
        pen.value(left, down, drawn, kind)


def _chat(pen: Pen, values: Values, part: Part) -> None:
    said = [c for c in _lines(part, values) if c.group == "sentence" and c.language == "en"]
    top = pen.top
    while top < pen.height - pen.row(3):
        case = values.one(said)
        left = values.one((40, pen.width // 3))
        pen.value(left, top, values.draw("PERSON"), "PERSON")
        pen.text(left + pen.width // 3, top, f"1{values.draw('d')}:2{values.draw('d')}")
        pen.case(left, top + pen.row(0.9), case)
        top += pen.row(2.3)


def _terminal(pen: Pen, values: Values, part: Part) -> None:
    fit = [
        c for c in _lines(part, values) if c.group in {"line", "ordinary"} and c.language == "en"
    ]
    top = pen.top
    while top < pen.height - pen.row(4):
        case = values.one(fit)
        if case.text.count("\n") > 1 and pen.row(case.text.count("\n")) + top > pen.height:
            continue
        pen.case(16, top, case)
        top += pen.row(0.75) * (1 + case.text.count("\n"))


def _mail(pen: Pen, values: Values, part: Part) -> None:
    said = [
        c
        for c in _lines(part, values)
        if c.group in {"sentence", "ordinary"} and c.language == "en"
    ]
    for number in range(_rows(pen)):
        top = pen.top + pen.row(number)
        pen.value(30, top, values.draw("PERSON"), "PERSON")
        pen.case(pen.width // 4, top, values.one(said))
        pen.text(pen.width - pen.row(4), top, f"{values.draw('d')} Nov")


def _foreign(pen: Pen, part: Part, seed: int, language: str) -> None:
    cases = [c for c in labelled_cases(part, seed, 4) if c.language == language]
    for number, case in enumerate(cases[: _rows(pen)]):
        pen.case(40, pen.top + pen.row(number), case)


def _lines(part: Part, values: Values) -> Sequence[Case]:
    return labelled_cases(part, values.random.randrange(1 << 30), 3)


def _rows(pen: Pen) -> int:
    return int((pen.height - pen.top) / pen.row(1)) - 1
