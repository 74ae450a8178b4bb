"""What docs/steps.md says of steps is what happens."""

import re
from pathlib import Path

import pytest

from recorder.research.reduction.frames import GRID_NS, MARGIN_NS
from recorder.research.reduction.profiles import Profile, Settings, rules_of
from recorder.research.reduction.reduced import LeftOut
from recorder.research.reduction.vendors import SCROLL_STEP_PX
from tests.unit.research.reduction.typist import MS, Typist, context, frames

PAGE = (Path(__file__).parents[4] / "docs" / "steps.md").read_text()


def test_the_example_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    typist = Typist().wait(1180).click(250, 200, frame_id=0).wait(340)
    typist.holding("shift_l", 1, "Z").write("ebra<").holding("ctrl_l", 2, "s").wait(40)
    typist.add("key_down", key_class="char", redaction="masked", entity="EMAIL_1")
    names: dict[str, object] = {
        "events": typist.events,
        "context": context(),
        "frames": frames({"ms": 1000}, {"ms": 1500}),
    }
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[:1]
    exec(compile(code, "docs/steps.md", "exec"), names)  # noqa: S102 - our own page
    (shown,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)[:1]
    assert capsys.readouterr().out == shown


def test_the_numbers_of_the_rules_are_those_of_the_page() -> None:
    ours, theirs = (rules_of(profile, Settings()) for profile in Profile)
    assert f"else {ours.drag_px:g} px" in PAGE
    assert f"else {ours.multi_click_ns // MS} ms" in PAGE
    assert f"at most {ours.multi_click_px - 1:g} px" in PAGE
    assert f"more than {theirs.drag_px:g} px away in a straight line" in PAGE
    assert f"less than {theirs.multi_click_px:g} px" in PAGE
    assert f"| {MARGIN_NS // MS} ms |" in PAGE
    assert f"| {GRID_NS // MS} ms |" in PAGE
    assert f"a wheel step is {SCROLL_STEP_PX} pixels" in PAGE


def test_every_reason_to_leave_a_row_out_is_on_the_page() -> None:
    table = PAGE.partition("## What is left out")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {str(one) for one in LeftOut}
