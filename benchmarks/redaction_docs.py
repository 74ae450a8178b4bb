"""Writes what the docs say about redaction: figures, tables and quoted sentences."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from benchmarks.redaction_tables import NAMES, Figures, as_markdown, part

ROOT: Final = Path(__file__).parents[1]
FIGURES: Final = ROOT / "docs/redaction.json"
PAGE: Final = ROOT / "docs/redaction.md"
BLOCK: Final = re.compile(r"(?<=<!-- figures begin -->\n).*(?=<!-- figures end -->)", re.DOTALL)
NOTICE: Final = re.compile(
    r"In a test, \d+ of 100 lines .*?\s(?:Most were|Left) [^.]*\.", re.DOTALL
)
README: Final = re.compile(r"Measured on made-up lines .*? a sentence\.", re.DOTALL)
_WIDTH: Final = 99


def write_docs(found: Mapping[str, Figures]) -> None:
    """Write the parts measured over the stored ones, then all that quotes them."""
    figures = {**stored(), **found}
    FIGURES.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    _replace(PAGE, BLOCK, f"\n{as_markdown(figures)}\n\n")
    _replace(ROOT / "CONSENT.md", NOTICE, notice_sentence(figures))
    _replace(ROOT / "README.md", README, readme_sentence(figures))


def stored() -> dict[str, Figures]:
    """Give the figures that the docs quote."""
    if not FIGURES.exists():
        return {}
    return cast("dict[str, Figures]", json.loads(FIGURES.read_text("utf-8")))


def notice_sentence(figures: Mapping[str, Figures]) -> str:
    """Give the sentences of the consent notice, with the two kinds missed most often."""
    recall = part(figures["text"], "recall")
    missed: dict[str, float] = {}
    for kind, (found, n, *_) in recall.items():
        missed[_plural(kind)] = missed.get(_plural(kind), 0) + n * (1 - found)
    first, second = sorted(missed, key=lambda kind: -missed[kind])[:2]
    return (
        f"In a test, {_left(figures)} of 100 lines with private data in them kept some of it.\n"
        f"Left most often were {first} and {second}."
    )


def readme_sentence(figures: Mapping[str, Figures]) -> str:
    """Give the sentences of the README, in lines of its width."""
    recall = part(figures["text"], "recall")
    email, card, secret, address, name, said = (
        _of_hundred(recall[kind][0])
        for kind in ("EMAIL", "CARD", "SECRET", "ADDRESS", "PERSON", "PERSON in a sentence")
    )
    words = (
        f"Measured on made-up lines kept apart while the rules were written: {_left(figures)} of 100 "
        f"lines with something private kept some of it. Found were, of 100 each, {email} e-mail addresses, "
        f"{card} card numbers, {secret} secrets, {address} postal addresses, {name} names of people in forms "
        f"and titles and {said} in a sentence."
    ).split()
    lines = [""]
    for word in words:
        if len(lines[-1]) + len(word) >= _WIDTH:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\n".join(lines)


def _plural(kind: str) -> str:
    if kind.startswith("PERSON"):
        return "names of people"
    return NAMES[kind] + ("es" if kind == "ADDRESS" else "s")


def _left(figures: Mapping[str, Figures]) -> int:
    clean = cast("list[float]", figures["text"]["clean_lines"])[0]
    return 100 - _of_hundred(clean)


def _of_hundred(share: float) -> int:
    """Give a share of 100, rounded down: nothing is promised that was not measured."""
    return int(share * 100 + 1e-9)


def _replace(path: Path, pattern: re.Pattern[str], text: str) -> None:
    before = path.read_text("utf-8")
    after, count = pattern.subn(lambda _: text, before, count=1)
    if not count:
        raise ValueError(f"{path.name} has no place for its figures")
    path.write_text(after)
