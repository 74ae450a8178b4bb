"""Prose and code of Python's standard library: text of a known licence without people in it."""

import random
import re
import sysconfig
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

_FOLDERS: Final = (
    "",
    "asyncio",
    "email",
    "json",
    "http",
    "unittest",
    "test",
    "xml",
    "concurrent",
    "logging",
    "idlelib",
    "tkinter",
    "importlib",
    "multiprocessing",
    "ctypes",
    "distutils",
    "encodings",
    "lib2to3",
    "sqlite3",
    "urllib",
    "wsgiref",
    "pydoc_data",
)
_MOST_LINES: Final = 220_000
_LEAST_WORDS: Final = 4
_LONGEST: Final = 160
_PROSE: Final = re.compile(r"[A-Za-z][\w' ,.;:()`\"/*+=-]+")
_SIGNED: Final = re.compile(
    r"(?i)copyright|author|written by|contributed|thanks to|@|e-?mail|ported by|maintained|python\.org|"
    r"guido|van rossum|modified by|\b(?:mr|mrs|dr|prof)\b|monty|based on|inspired|licen[cs]e"
)
_CAPITALS: Final = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][a-z]+ [A-Z][a-z]+\b")


def lines(rng: random.Random, names: Container[str]) -> tuple[list[str], list[str]]:
    """Give lines of prose and lines of code, shuffled.

    Args:
        rng: Decides on the order.
        names: Words (lower case) that may be names: a line with two in a row is left out.
    """
    prose: set[str] = set()
    code: set[str] = set()
    for line in islice(_raw_lines(), _MOST_LINES):
        if _SIGNED.search(line) or _has_name(line, names):
            continue
        if _is_prose(line):
            prose.add(line.lstrip("# ").strip())
        elif line.strip():
            code.add(line[:_LONGEST])
    return _shuffled(rng, prose), _shuffled(rng, code)


def common_words(prose: Iterable[str], times: int) -> list[str]:
    """Give the lower-case words that stand in the prose at least so often."""
    counts = Counter(word for line in prose for word in re.findall(r"\b[a-z]{3,14}\b", line))
    return sorted(word for word, count in counts.items() if count >= times)


def character_names(rng: random.Random, count: int) -> list[str]:
    """Give official names of characters, such as `LATIN SMALL LETTER C WITH CARON`."""
    found = (unicodedata.name(chr(rng.randrange(0x20, 0x3000)), "") for _ in range(count))
    return [name for name in found if name]


def _raw_lines() -> Iterator[str]:
    root = Path(sysconfig.get_paths()["stdlib"])
    for folder in _FOLDERS:
        for path in sorted((root / folder).glob("*.py")):
            text = path.read_text("utf-8", errors="ignore")
            yield from text.splitlines()[:1500]


def _is_prose(line: str) -> bool:
    text = line.strip().lstrip("# ")
    words = text.split()
    if len(words) < _LEAST_WORDS or len(text) > _LONGEST or not _PROSE.fullmatch(text):
        return False
    plain = sum(word.strip(".,;:()'\"`").isalpha() for word in words)
    return plain >= 0.8 * len(words) and not re.search(r"[=*/+]|\w\(", text)


def _has_name(line: str, names: Container[str]) -> bool:
    if _CAPITALS.search(line) is None:
        return False
    pairs = re.findall(r"\b([A-Z][a-z]+) (?:[A-Z]\. )?(?=([A-Z][a-z]+)\b)", line)
    return any(a.lower() in names and b.lower() in names for a, b in pairs)


def _shuffled(rng: random.Random, found: set[str]) -> list[str]:
    ordered = sorted(found)
    rng.shuffle(ordered)
    return ordered
