"""A program that writes an episode until it is killed; says on stdout what is flushed."""

import sys
from pathlib import Path

from tests.unit.episodes.studio import Studio, add, focus, frame, moves


def main(folder: Path) -> None:
    studio = Studio(folder)
    writer = studio.begin()
    sys.stdout.write(f"{writer.path} {studio.identity}\n")
    image = bytes(20_000)
    for second in range(10_000):
        rows = moves(second * 5, 50)
        add(writer, events=rows, frames=[frame(second, second * 5, image)], context=[focus(second)])
        writer.flush()
        sys.stdout.write(f"{(second + 1) * 50}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
