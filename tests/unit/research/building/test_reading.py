"""Opening what was built; the examples of docs/datasets.md run as they stand."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from recorder.research import steps
from recorder.research.reading import StepsUnknown
from tests.unit.research.building.house import House, content

PAGE = Path(__file__).parents[4] / "docs" / "datasets.md"


def test_the_examples_run(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    house.share(content(4))
    house.build()
    names: dict[str, object] = {"STEPS": house.out}
    examples = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        exec(compile(example, str(PAGE), "exec"), names)  # noqa: S102 - our own page
    said = capsys.readouterr().out
    assert "4 steps\n[('click', 4)]" in said
    assert "(20, 32, 3) uint8 (2,) float32" in said


def test_a_place_without_steps_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StepsUnknown, match="holds no steps"):
        steps(tmp_path)


def test_the_package_is_light_until_it_is_used() -> None:
    code = "import sys, recorder.research; print({'pyarrow', 'duckdb', 'ray'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
