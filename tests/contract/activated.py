"""A program that the bus starts: NAME FILE MODE. Owns the name; writes its variable SAID on `Activate`.

MODE `fails` shows nothing, `leaves` never owns the name.
"""

import os
import sys
import time
from pathlib import Path

from recorder.capture.platforms.bus_activation import Answering

_LIFE_S = 60.0


def _main(name: str, file: Path, mode: str) -> int:
    if mode == "leaves":
        return 3

    def show() -> bool:
        with file.open("a") as lines:
            lines.write(os.environ["SAID"] + "\n")
        return mode == "shows"

    answering = Answering(name, show)
    end_s = time.monotonic() + _LIFE_S
    while (
        not answering.is_over and time.monotonic() < end_s and not file.with_suffix(".end").exists()
    ):
        time.sleep(0.02)
    answering.close()
    file.with_suffix(".over").touch()
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
