"""A fresh account is ready after at most eight answers, and a no is a no."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from recorder.cli.system_clock import SystemClock
from recorder.consent.gate import Gate
from recorder.core.levels import KeyboardLevel, ScreenLevel, TitlesLevel
from recorder.places import places
from tests.pty_driver import PtyDriver

GUIDE = [sys.executable, "-m", "tests.contract.guided_start"]
ROOT = Path(__file__).parent.parent.parent
MOST_ANSWERS = 8
PASSPHRASE = "correct horse battery"


def test_a_fresh_account_is_ready_after_eight_answers(own_home: Path) -> None:
    with PtyDriver(GUIDE, cwd=ROOT) as person:
        person.answer("Folder for your recordings?")
        person.answer("Passphrase", PASSPHRASE)
        person.answer("The same again:", PASSPHRASE)
        person.answer("Store keys?", "yes")
        person.answer("Store screen?", "layout")
        person.answer("Store pointer?", "y")
        person.answer("Store window names?")
        person.answer("Which?", "2")
        person.expect("READY")
        assert person.wait() == 0
        assert person.answers <= MOST_ANSWERS
        assert f"ANSWERS {person.answers}" in person.output
        assert "['xterm']" in person.output
        assert PASSPHRASE not in person.output

    folder = own_home / "Recorder"
    assert stat.S_IMODE(folder.stat().st_mode) == stat.S_IRWXU
    terms = Gate(folder, places().state, SystemClock()).open().terms
    assert terms.levels.keyboard is KeyboardLevel.CLASS
    assert terms.levels.screen is ScreenLevel.LAYOUT
    assert terms.levels.titles is TitlesLevel.OFF


def test_pressing_enter_all_the_way_agrees_to_nothing(own_home: Path) -> None:
    with PtyDriver(GUIDE, cwd=ROOT) as person:
        person.answer("Folder for your recordings?")
        person.answer("Passphrase", PASSPHRASE)
        person.answer("The same again:", PASSPHRASE)
        for question in ("keys", "screen", "pointer", "window names"):
            person.answer(f"Store {question}?")
        assert person.wait() == 20
        assert "You said no to recording" in person.output


def test_without_a_terminal_nobody_is_asked(own_home: Path) -> None:
    done = subprocess.run(
        GUIDE, input="y\n" * 20, capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 20
    assert "at a terminal" in done.stderr
    assert not (own_home / "Recorder").exists()


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["ctrl-c", "ctrl-d"])
def test_leaving_in_the_middle_agrees_to_nothing(own_home: Path, key: bytes) -> None:
    with PtyDriver(GUIDE, cwd=ROOT) as person:
        person.expect("Folder for your recordings?")
        person.press(key)
        assert person.wait() != 0
    assert not (own_home / "Recorder").exists()
