"""How well redaction works and what it costs, on cases that this program makes up.

./run bench redaction [text] [screens] [typed] [cpu] [campaign] [--held-out] [--json]

Development cases may be looked at (`--misses`); those held out are of other words, lines and
fonts, and only their figures are shown. `--write-docs` measures with those and writes
docs/redaction.json, the tables of docs/redaction.md and the figures that README.md and
CONSENT.md quote.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from benchmarks.cases.words import Part
from benchmarks.redaction_campaign import measure_campaign
from benchmarks.redaction_docs import write_docs
from benchmarks.redaction_screens import measure_screens, missed_on_screens
from benchmarks.redaction_tables import as_text
from benchmarks.redaction_text import measure_text, missed
from benchmarks.redaction_typed import measure_typed, read_when_typed

Figures = dict[str, object]

_MISSES: Final[dict[str, Callable[[Part, int], Iterator[str]]]] = {
    "text": missed, "screens": missed_on_screens, "typed": read_when_typed,
}  # fmt: skip
_NAMES: Final = ("text", "screens", "typed", "cpu", "campaign")
_USUAL: Final = _NAMES[:-1]
"""The campaign takes over a desktop for minutes; it runs when named."""


def main() -> int:
    """Measure what was asked for and print it."""
    parser = _parser()
    options = parser.parse_args()
    if options.write_docs and options.quick:
        parser.error("--quick is too rough for what the docs quote")
    names = sorted(options.parts or _USUAL, key=_NAMES.index)
    part = Part.HELD_OUT if options.held_out or options.write_docs else Part.DEVELOPMENT
    if options.misses:
        for name in names:
            for line in _MISSES[name](Part.DEVELOPMENT, options.seed) if name in _MISSES else ():
                print(line)
        return 0
    found: dict[str, Figures] = {}
    for name in names:
        print(f"measuring: {name}, {part.value}", file=sys.stderr)
        found[name] = _measure(name, part, options.seed, quick=options.quick)
    if options.write_docs:
        write_docs(found)
    report = {"schema": "recorder.redaction-benchmark/1", "part": part.value, **found}
    print(json.dumps(report, ensure_ascii=False) if options.json else as_text(found))
    return 0


def _measure(name: str, part: Part, seed: int, *, quick: bool) -> Figures:
    match name:
        case "text":
            return measure_text(part, seed, quick=quick)
        case "screens":
            return measure_screens(part, seed, quick=quick)
        case "typed":
            return measure_typed(part, seed, quick=quick)
        case "campaign":
            return measure_campaign(part, seed, count=12 if quick else 240)
        case _:
            return _in_a_process_of_its_own()


def _in_a_process_of_its_own() -> Figures:
    """Measure CPU and memory where nothing else was loaded before."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.redaction_cpu"],
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[1], check=True,
    )  # fmt: skip
    found: Figures = json.loads(done.stdout)
    return found


def _part(name: str) -> str:
    """Take a part by its name; argparse's own choices refuse an empty list of them."""
    if name not in _NAMES:
        raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(_NAMES)}")
    return name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=", ".join(_NAMES))
    parser.add_argument("--held-out", action="store_true", help="the cases that are kept apart")
    parser.add_argument("--quick", action="store_true", help="fewer cases; figures are rougher")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other values")
    parser.add_argument("--misses", action="store_true", help="name each development case missed")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--write-docs", action="store_true", help="write what the docs quote")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
