"""The examples of docs/python.md run as they stand."""

import re
from pathlib import Path

import pytest

from recorder.episodes.exporting import export_episode
from recorder.episodes.reader import open_episode

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "python.md"
SEALED = ROOT / "tests" / "data" / "schema-1.0.0" / "01KAKF4Z000000000000000002"


def test_the_examples_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    identity = (SEALED.parent / "identity.txt").read_text()
    copy = export_episode(open_episode(SEALED, identity=identity), tmp_path, "parquet")
    names: dict[str, object] = {"EPISODE": SEALED, "IDENTITY": identity, "COPY": copy}
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(examples) == 6
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    said = capsys.readouterr().out
    assert "5 events 2 frames" in said
    assert "(8, 6)" in said
    assert "xterm" in said
