"""CPU and memory of a process and everything below it, from /proc."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from recorder.cli.virtual_processes import family, stat_fields

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_MB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory of a family of processes in MB.

    Attributes:
        rss_mb: Sum of resident sets; counts shared pages once per process.
        pss_mb: Sum of proportional sets; None where the kernel does not let us read them
            (the processes are not dumpable, and reading needs CAP_SYS_PTRACE).
    """

    rss_mb: float
    pss_mb: float | None


def cpu_s(pids: list[int]) -> float:
    """Give the CPU seconds that the processes and their ended children have used."""
    return (
        sum(sum(map(int, fields[11:15])) for pid in pids if (fields := stat_fields(pid))) / _TICKS
    )


def memory(pids: list[int]) -> Memory:
    """Give the memory that the processes hold now."""
    resident = [int(text.split()[1]) * _PAGE for pid in pids if (text := _text(pid, "statm"))]
    shares = [_pss_bytes(pid) for pid in pids]
    known = [share for share in shares if share is not None]
    pss = sum(known) / _MB if len(known) == len(resident) else None
    return Memory(sum(resident) / _MB, pss)


class Watch:
    """Looks at a family of processes each half second; gives the peaks."""

    def __init__(self, pid: int, interval_s: float = 0.5) -> None:
        self._pid = pid
        self._interval_s = interval_s
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch-memory")
        self.peak_rss_mb = 0.0
        self.peak_pss_mb: float | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(self._interval_s):
            now = memory(family(self._pid))
            self.peak_rss_mb = max(self.peak_rss_mb, now.rss_mb)
            if now.pss_mb is not None:
                self.peak_pss_mb = max(self.peak_pss_mb or 0.0, now.pss_mb)


def _pss_bytes(pid: int) -> int | None:
    for line in _text(pid, "smaps_rollup").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return None


def _text(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return ""
