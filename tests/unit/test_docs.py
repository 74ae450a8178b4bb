"""Docs that name tests, packages and pages name ones that exist."""

import re
import tomllib
from pathlib import Path

from recorder.agent.session import Reason
from recorder.core.degraded import DEGRADED

ROOT = Path(__file__).parents[2]
PROMISES = (ROOT / "docs/promises.md").read_text()
DECISIONS = (ROOT / "docs/decisions/README.md").read_text()


def test_every_promise_has_a_test_a_command_and_its_output() -> None:
    blocks = re.split(r"^## ", PROMISES, flags=re.MULTILINE)[1:]
    assert [block[:2] for block in blocks] == [f"P{n}" for n in range(1, 10)]
    for block in blocks:
        for part in ("- Test: `", "- Command: `", "- Output: "):
            assert part in block, (block[:2], part)


def test_every_test_that_a_promise_names_exists() -> None:
    named = re.findall(r"- Test: `(.+?)::(.+?)`", PROMISES)
    assert len(named) >= 9
    for path, name in named:
        assert f"def {name}(" in (ROOT / path).read_text(), f"{path}::{name}"


def test_every_page_of_decisions_is_in_the_index_and_every_link_leads_somewhere() -> None:
    folder = ROOT / "docs/decisions"
    pages = {path.name for path in folder.glob("*.md")} - {"README.md"}
    linked = set(re.findall(r"\]\(([^)]+\.md)\)", DECISIONS))
    assert linked == pages


def test_every_package_of_a_plain_install_has_its_line_and_its_page() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for wanted in project["dependencies"]:
        name = re.split(r"[\[><=;~! ]", wanted)[0]
        line = next((x for x in DECISIONS.splitlines() if x.startswith(f"| `{name}` |")), "")
        assert ".md)" in line, name


def test_every_package_of_the_researchers_extra_has_its_line() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["optional-dependencies"]["research"]
    for name in (re.split(r"[\[><=;~! ]", one)[0] for one in wanted):
        assert f"| `{name}` |" in DECISIONS, name


def test_every_package_for_working_on_it_has_its_line() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]["dev"]
    for name in (re.split(r"[\[><=;~! ]", one)[0] for one in wanted):
        assert f"| `{name}` |" in DECISIONS, name


def test_everything_that_may_be_degraded_is_described_with_its_fix() -> None:
    page = (ROOT / "docs/scope.md").read_text()
    for word, (meaning, fix) in DEGRADED.items():
        assert f"| `{word}` | {meaning} | {fix} |" in page


def test_every_reason_of_a_pause_is_described_with_its_end() -> None:
    page, tables = ((ROOT / f"docs/{name}.md").read_text() for name in ("pauses", "tables"))
    told = re.findall(r"^\| `(\w+)` \| .+ \| .+ \|$", page, flags=re.MULTILINE)
    assert sorted(told) == sorted(Reason)
    (listed,) = re.findall(r"of a pause: (.+?) \|", tables)
    assert sorted(listed.split(", ")) == sorted(Reason)
