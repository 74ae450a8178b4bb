"""Which programs decide what can be known."""

import os
from pathlib import Path

import pytest

from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Verdict
from recorder.cli.checks.programs import look_at_browsers


def test_a_browser_that_runs_without_telling_is_a_warning_with_the_command_that_mends_it(
    own_home: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = root / "firefox"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(root))
    profile = own_home / ".mozilla" / "firefox" / "one.default"
    profile.mkdir(parents=True)
    (profile / "lock").symlink_to(f"127.0.1.1:+{os.getpid()}")
    chromium, firefox = look_at_browsers(Around())
    assert chromium.told == "Chromium is not installed"
    assert firefox.verdict is Verdict.WARN
    assert firefox.fix.endswith("recorder open firefox")
    (profile / "lock").unlink()
    assert look_at_browsers(Around())[1].verdict is Verdict.OK
