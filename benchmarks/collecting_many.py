"""Every command of a researcher at many small bundles: time, processor, memory."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.footprint import memory
from benchmarks.study_drop import WORDS, StudyDrop
from recorder.cli.virtual_processes import family

_EACH_S: Final = 0.5
_CHILD: Final = b"recorder.research.content_child"
_RECORDER: Final = (sys.executable, "-m", "recorder.cli.main")
_HEAD: Final = f"{'wall s':>8} {'cpu s':>8} {'MB':>8} {'child MB':>8}"


def tell_many(made: StudyDrop, bundles: int) -> None:
    """Share many bundles and do with them what a researcher does; print a line a command."""
    made.share(bundles)
    words = made.root / "words"
    words.write_text(WORDS)
    words.chmod(0o600)
    secret = ("--study", str(made.folder), "--passphrase-file", str(words))
    drop, data = str(made.drop), str(made.root / "collection")
    print(f"{f'{bundles} bundles':26} {_HEAD}")
    _tell("collect", "collect", drop, "--into", data, *secret)
    _tell("collect again", "collect", drop, "--into", data, *secret)
    _tell("collection list", "collection", "list", data)
    _tell("collection verify", "collection", "verify", data, "--study", str(made.folder))
    _tell("study status", "study", "status", "--folder", str(made.folder), "--collection", data)
    report = ("--collection", data, "--to", str(made.root / "report"))
    _tell("report privacy", "report", "privacy", *secret[:2], *report)
    made.ask_erasure()
    _tell("erase one participant", "erase", data, drop, "--yes", *secret)


def _tell(name: str, *command: str) -> None:
    wall_s, cpu_s, own_mb, child_mb = _measured(command)
    print(f"{name:26} {wall_s:8.1f} {cpu_s:8.1f} {own_mb:8.0f} {child_mb:8.0f}", flush=True)


def _measured(command: Sequence[str]) -> tuple[float, float, float, float]:
    """Give seconds of the wall and of the processor, and largest megabytes.

    Those of the command itself, and of the children that look at content, together. What opens
    the study's keys takes half a gigabyte for two seconds, and is not in them.
    """
    began_s, most_mb, children_mb = time.monotonic(), 0.0, 0.0
    with subprocess.Popen([*_RECORDER, *command], stdout=subprocess.DEVNULL) as process:
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            most_mb = max(most_mb, memory([process.pid]).rss_mb)
            checking = [pid for pid in family(process.pid) if _CHILD in _command_of(pid)]
            found = memory(checking)
            children_mb = max(children_mb, found.pss_mb or found.rss_mb)
            time.sleep(_EACH_S)
        process.returncode = os.waitstatus_to_exitcode(ended[1])
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:2])} ended with {process.returncode}")
    used = ended[2]
    return time.monotonic() - began_s, used.ru_utime + used.ru_stime, most_mb, children_mb


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
