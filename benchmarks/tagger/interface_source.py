"""Writes `interface.txt`: lines and words of interfaces in many languages, from catalogues.

usage: .venv/bin/python -m benchmarks.tagger.interface_source FOLDER

FOLDER holds, unpacked, the wheels named in `interface.md`. A line of the file is a language, a
tab and a line of an interface; behind a language and `+` stand words, behind `@` is a place.
"""

import argparse
import gettext
import importlib
import json
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

OUTPUT: Final = Path(__file__).with_name("interface.txt")
LANGUAGES: Final = (
    "ar bg ca cs da de el es et eu fi fr gl he hr hu id it ja ko lt lv nb nl pl pt ro ru sk sl sr sv tr uk vi zh"
).split()
_SEED: Final = 20261122
_SHORT: Final = 320
_LONG: Final = 80
"""Lines kept of a language: names of buttons and fields, and sentences."""
_GERMAN: Final = 3
"""So many times more German lines: their nouns have capitals as names do."""
_NAMES_OF: Final = 30
_PLACES: Final = 110
_FEW: Final = 4
_LONGEST: Final = 90
_SHORT_NAME: Final = 24
_PLACE: Final = re.compile(r"%\([^)]*\)[a-z]|%[a-z]|\{[^}]*\}|</?\w[^>]*>|&\w+;|https?:\S+")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def main() -> None:
    """Read the catalogues in the folder and write the file."""
    ask = argparse.ArgumentParser(prog="python -m benchmarks.tagger.interface_source")
    ask.add_argument("folder", type=Path)
    folder: Path = ask.parse_args().folder
    stop_words = json.loads(next(folder.rglob("stopwords-iso.json")).read_text("utf-8"))
    found = _by_language(folder)
    rows: list[str] = []
    for language in LANGUAGES:
        rng = random.Random(f"{_SEED} {language}")
        places, terms = told_by_cldr(folder, language)
        terms = rng.sample(terms, min(_NAMES_OF, len(terms)))
        chosen = sorted([*_chosen(sorted(found[language]), rng, language), *terms])
        shown = {word for line in chosen for word in _WORD.findall(line.lower())}
        rows += [f"{language}\t{line}" for line in chosen]
        said = {
            word.lower()
            for line in found[language]
            for word in _WORD.findall(line)
            if word.islower() or (language == "de" and not word.isupper())
        }
        words = sorted((said | set(_plain(stop_words.get(language, ())))) - shown)
        rows += [f"{language}+\t{' '.join(words)}"] if words else []
        rows += [f"{language}@\t{place}" for place in rng.sample(places, min(_PLACES, len(places)))]
    rows += [f"en@\t{place}" for place in told_by_cldr(folder, "en")[0]]
    OUTPUT.write_text("\n".join(rows) + "\n", "utf-8")


def _by_language(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("LC_MESSAGES/*.mo")):
        language = re.split(r"[_@]", path.parents[1].name)[0]
        if language in LANGUAGES:
            found[language].update(_lines(path))
    return found


def _lines(path: Path) -> Iterator[str]:
    """Give the translated lines of a catalogue, without places for values."""
    with path.open("rb") as file:
        catalogue: dict[object, str] = vars(gettext.GNUTranslations(file))["_catalog"]
    for key, text in catalogue.items():
        source = key[0] if isinstance(key, tuple) else key
        if not source or source == text or re.search(r"(?i)translat|author", str(source)):
            continue
        line = " ".join(_PLACE.sub(" ", text.rpartition("\x04")[2]).split()).strip(" .,:;-()\"'")
        if line and len(line) <= _LONGEST and _WORD.search(line):
            yield line


def told_by_cldr(folder: Path, language: str) -> tuple[list[str], list[str]]:
    """Give towns and countries, and names of languages, days, months and currencies."""
    sys.path.insert(0, str(next(folder.glob("*/babel")).parent))
    locale = importlib.import_module("babel").Locale.parse(language)
    towns = (zone["city"] for zone in locale.time_zones.values() if "city" in zone)
    countries = (name for code, name in locale.territories.items() if code.isalpha())
    calendar = (*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values())
    terms = (*locale.languages.values(), *calendar, *locale.currencies.values())
    plain = [sorted({text for text in part if text and len(text) <= _SHORT_NAME and not re.search(r"[\d()]", text)})
             for part in ((*towns, *countries), terms)]  # fmt: skip
    return plain[0], plain[1]


def _chosen(lines: list[str], rng: random.Random, language: str) -> Iterator[str]:
    rng.shuffle(lines)
    short = [line for line in lines if len(line.split()) <= _FEW and line.count("\\") == 0]
    long = [line for line in lines if len(line.split()) > _FEW and line.count("\\") == 0]
    times = _GERMAN if language == "de" else 1
    yield from [*short[: _SHORT * times], *long[: _LONG * times]]


def _plain(words: Iterable[str]) -> Iterator[str]:
    return (word for word in words if _WORD.fullmatch(word) and word.islower())


if __name__ == "__main__":
    main()
