"""Gives towns and countries of several words, as the languages of the interface lines call them.

usage: .venv/bin/python -m benchmarks.tagger.public_places FOLDER > FILE

FOLDER holds Babel's wheel, unpacked; what is printed is the first part of
`recorder/redaction/data/public_names.txt`. Those that are made of a given name and a family
name are left out: somebody may be called so.
"""

import argparse
import re
from pathlib import Path

from benchmarks.tagger.interface_source import LANGUAGES, told_by_cldr
from recorder.redaction.tagger_model import load


def main() -> None:
    """Print the names, one a line, sorted."""
    ask = argparse.ArgumentParser(prog="python -m benchmarks.tagger.public_places")
    ask.add_argument("folder", type=Path)
    folder: Path = ask.parse_args().folder
    found = {
        " ".join(re.findall(r"[^\W\d_]+", place.lower()))
        for language in ("en", *LANGUAGES)
        for place in told_by_cldr(folder, language)[0]
    }
    print("\n".join(sorted(place for place in found if _is_no_person(place.split()))))


def _is_no_person(words: list[str]) -> bool:
    flags = load().flags
    return len(words) > 1 and not ("F" in flags(words[0]) and "L" in flags(words[-1]))


if __name__ == "__main__":
    main()
