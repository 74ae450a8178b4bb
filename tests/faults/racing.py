"""Twenty programs that take the agent's lock and the folder's at one instant.

`COUNT STATE FOLDER [own]` prints a line of JSON for each: 0 for who holds both, else the
exit code and the sentence. With `own` each has a state folder of its own, as with other
settings. The one that holds them lets go when all have answered.
"""

import json
import os
import sys
from pathlib import Path

from recorder.agent.lock import AgentLock, hold_folder
from recorder.core.errors import RecorderError


def _main(count: int, state: Path, folder: Path, *, own: bool) -> None:
    ready, start, said, end = (os.pipe() for _ in range(4))
    for number in range(count):
        if os.fork() == 0:
            os.close(start[1])
            os.close(end[1])
            os.write(ready[1], b".")
            os.read(start[0], 1)
            _take(state / str(number) if own else state, folder, said[1], end[0])
            os._exit(0)
    for _ in range(count):
        os.read(ready[0], 1)
    os.close(start[1])
    lines = b""
    while lines.count(b"\n") < count:
        lines += os.read(said[0], 1 << 16)
    os.close(end[1])
    for _ in range(count):
        os.wait()
    sys.stdout.write(lines.decode())


def _take(state: Path, folder: Path, said: int, end: int) -> None:
    try:
        with AgentLock.take(state / "lock"), hold_folder(folder):
            _say(said, 0, "")
            os.read(end, 1)
    except RecorderError as error:
        _say(said, int(error.code), str(error))


def _say(said: int, code: int, sentence: str) -> None:
    """Write one line at once: no other line comes in between."""
    line = json.dumps({"code": code, "said": sentence, "pid": os.getpid()}) + "\n"
    os.write(said, line.encode())


if __name__ == "__main__":
    _main(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), own=sys.argv[4:] == ["own"])
