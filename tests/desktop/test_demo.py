"""The demonstration succeeds from an empty environment, and its lines open its copy."""

import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

from recorder.cli.demo_report import opening_lines

_BIN = Path(sys.executable).parent


def test_the_demonstration_succeeds_and_its_copy_opens(tmp_path: Path) -> None:
    out = tmp_path / "demo-output"
    home = tmp_path / "empty"
    home.mkdir()
    environment = {"PATH": f"{_BIN}:{os.defpath}", "HOME": str(home)}
    done = subprocess.run(
        [str(_BIN / "recorder"), "demo", "--json", "--out", str(out)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["schema"] == "recorder.demo/1"
    assert report["failures"] == []
    assert {"xterm", "zenity", "chromium"} <= set(report["apps"])
    assert {"EMAIL", "CARD", "SECRET"} <= set(report["redacted"]["values"])
    for line in opening_lines(out):
        opened = subprocess.run(
            ["sh", "-c", line], env=environment, capture_output=True, text=True, check=False
        )
        assert "key_down" in opened.stdout, opened.stderr
    pictures = sorted(out.glob("frame-*.png"))
    assert pictures
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.size == (1920, 1080)
    left = {path.name for path in home.iterdir()}
    assert left == set(), "nothing is left in the person's home"
