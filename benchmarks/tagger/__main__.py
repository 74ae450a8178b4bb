"""Rebuilds the tagger of names and addresses from nothing but what stands in this folder.

usage: PYTHONHASHSEED=0 .venv/bin/python -m benchmarks.tagger [--lines N] [--iterations N] [--output FILE]

The result depends on the seeds, the version of Faker and that of Python's library alone.
"""

import argparse
import tempfile
import time
import warnings
from pathlib import Path
from typing import Final

from benchmarks.tagger.training import packed, train

_SEED: Final = 20261122
_OUTPUT: Final = Path("recorder/redaction/data/tagger.bin")


def main() -> None:
    """Train, pack, and print sizes and times."""
    ask = argparse.ArgumentParser(
        prog="python -m benchmarks.tagger",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    ask.add_argument("--lines", type=int, default=120_000, help="drawn lines (120,000)")
    ask.add_argument("--iterations", type=int, default=80, help="at most so many (80)")
    ask.add_argument("--output", type=Path, default=_OUTPUT)
    args = ask.parse_args()
    warnings.filterwarnings("ignore", module="faker")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "tagger.crfsuite"
        lists = train(_SEED, args.lines, args.iterations, raw)
        data = packed(raw, lists)
    args.output.write_bytes(data)
    print(
        f"{args.lines} lines, {time.monotonic() - began:.0f} s, {len(data)} bytes, {len(lists)} words"
    )


if __name__ == "__main__":
    main()
