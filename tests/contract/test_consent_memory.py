"""A command that takes a passphrase shuts its memory first."""

import subprocess
import sys
from pathlib import Path

import pytest

_ASK = """
import ctypes, getpass, resource, sys
from pathlib import Path
from recorder.cli.passphrases import read_passphrase_file
from recorder.cli import terminal
if sys.argv[1] == "file":
    read_passphrase_file(Path(sys.argv[2]))
else:
    getpass.getpass = lambda question: "x"
    terminal._secret("Passphrase:")
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""
"""3 is PR_GET_DUMPABLE of prctl(2)."""


@pytest.mark.parametrize("way", ["file", "terminal"])
def test_no_core_dump_holds_a_passphrase_or_what_it_opens(tmp_path: Path, way: str) -> None:
    secret = tmp_path / "secret"
    secret.touch(0o600)
    secret.write_text("correct horse battery")
    done = subprocess.run(
        [sys.executable, "-c", _ASK, way, str(secret)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 (0, 0)\n"
