"""Labelled lines: a text and where its private values are."""

import io
import keyword
import re
import sysconfig
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.cases.values import MAKERS, Values
from benchmarks.cases.words import Part, lines

_PLACE: Final = re.compile(r"\{([A-Z_]+|[a-z]+\d*)\}")
_MEANT: Final = {"FIRST": "PERSON", "LAST": "PERSON"}
_LEAST_CODE_CHARS: Final = 12
_LINES_OF_A_FILE: Final = 50
"""Taken of each, about; most have hundreds."""


@dataclass(frozen=True, slots=True)
class Value:
    """A private value in a text: characters `start` to `end`, which is outside."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled text.

    Attributes:
        text: May hold several lines.
        values: In order.
        group: "line", "sentence", "ordinary" or "code".
        language: ISO 639-1.
    """

    text: str
    values: tuple[Value, ...]
    group: str
    language: str


def labelled_cases(part: Part, seed: int, rounds: int) -> list[Case]:
    """Give each line of a part filled `rounds` times, with fresh values each time."""
    values = Values(part, seed)
    return [
        _filled(form, *_group(section), values)
        for _ in range(rounds)
        for section, forms in lines(part).items()
        for form in forms
    ]


def code_cases(part: Part, seed: int, count: int) -> list[Case]:
    """Give lines of code of Python's own library, without comments and long texts."""
    folder = Path(sysconfig.get_path("stdlib"))
    paths = sorted(folder.glob("*.py"))[0 if part is Part.DEVELOPMENT else 1 :: 2]
    chance = Values(part, seed).random
    picked_paths = chance.sample(paths, min(len(paths), 1 + count // _LINES_OF_A_FILE))
    found = [line for path in picked_paths for line in _code(path)]
    picked = chance.sample(found, min(count, len(found)))
    return [Case(line, (), "code", "en") for line in picked]


def _group(section: str) -> tuple[str, str]:
    name, _, language = section.partition(" ")
    return name, language or "en"


def _filled(form: str, group: str, language: str, values: Values) -> Case:
    parts: list[str] = []
    found, at, length = [], 0, 0
    for place in _PLACE.finditer(form):
        name = place[1]
        made = values.draw(name, language)
        parts += [form[at : place.start()], made]
        length += place.start() - at + len(made)
        at = place.end()
        if name in MAKERS:
            found.append(Value(length - len(made), length, _MEANT.get(name, name)))
    return Case("".join([*parts, form[at:]]), tuple(found), group, language)


def _code(path: Path) -> Iterator[str]:
    text = path.read_text("utf-8")
    kept = set(range(1, text.count("\n") + 2))
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        is_long = token.type == tokenize.STRING and token.start[0] != token.end[0]
        if token.type == tokenize.COMMENT or is_long or _is_bare_text(token):
            kept -= set(range(token.start[0], token.end[0] + 1))
    rows: Sequence[str] = text.splitlines()
    yield from (
        row for number, row in enumerate(rows, 1)
        if number in kept and len(row.strip()) >= _LEAST_CODE_CHARS and not keyword.iskeyword(row.strip())
    )  # fmt: skip


def _is_bare_text(token: tokenize.TokenInfo) -> bool:
    return token.type == tokenize.STRING and token.line.strip() == token.string
