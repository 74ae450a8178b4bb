"""Where an action is drawn, what is said of it, and that nothing captured runs."""

from pathlib import Path
from typing import Any

import pytest

from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.marks import marks_of, said
from recorder.research.looking.trajectories import EpisodeNotInDataset, write_pages
from tests.unit.research.made_dataset import FIRST, HEIGHT, WIDTH, put, small, step, typed


def test_a_click_is_a_ring_where_it_was_in_pixels_of_the_picture() -> None:
    far = step(x_px=2000 + 80, y_px=-100 + 75)
    ((x, y, _),) = marks_of(far).rings
    assert (x, y) == (0.25 * WIDTH, 0.375 * HEIGHT)


def test_a_double_click_has_two_rings() -> None:
    assert len(marks_of(step(action_type="double_click", clicks=2)).rings) == 2


def test_a_drag_goes_where_its_path_went_also_on_another_monitor() -> None:
    path = [{"dt_ms": 0, "x": 2080, "y": 75}, {"dt_ms": 9, "x": 2150, "y": 100}]
    found = marks_of(step(action_type="drag", x_px=2080, path=path))
    assert found.points == "80,75 150,100"
    bare = step(action_type="drag", path=None, end_x_norm=0.5, end_y_norm=1.0)
    assert marks_of(bare).points == "80,75 160,200"


@pytest.mark.parametrize(
    ("dx", "dy", "right", "down"), [(0.0, -3.0, 0, 1), (0.0, 2.0, 0, -1), (1.0, 0.0, 1, 0)]
)
def test_a_scroll_arrow_points_where_the_page_goes(
    dx: float, dy: float, right: int, down: int
) -> None:
    (x0, y0), (x1, y1) = marks_of(step(action_type="scroll", scroll_dx=dx, scroll_dy=dy)).line
    assert ((x1 > x0) - (x1 < x0), (y1 > y0) - (y1 < y0)) == (right, down)


def test_the_element_under_the_action_is_boxed() -> None:
    found = step(x_px=2080, target_x=2040, target_y=60, target_w=80, target_h=30)
    assert marks_of(found).box == (40, 60, 80, 30)


def test_what_has_no_position_has_no_mark() -> None:
    found = marks_of(step(x_norm=None))
    assert (found.rings, found.line, found.box) == ((), (), None)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (step(), "Click"),
        (step(button="right"), "Click, right button"),
        (typed("a <EMAIL_1>"), "Type “a <EMAIL_1>”"),
        (typed(None), "Type something that was not recorded"),
        (step(action_type="key", keys=["ctrl_l", "s"]), "Press ctrl_l + s"),
        (step(action_type="scroll", scroll_dx=0.0, scroll_dy=-3.0), "Scroll down by 3"),
        (step(action_type="wait", duration_ms=2000), "Wait 2 seconds"),
        (step(keys=["ctrl_l"]), "Click with ctrl_l"),
    ],
)
def test_an_action_is_said_in_words(one: dict[str, Any], words: str) -> None:
    assert said(one) == words


def test_captured_text_is_escaped_and_hidden_characters_are_shown(tmp_path: Path) -> None:
    put(tmp_path / "made", [
        step(window_title="<img src=x onerror=alert(1)>\u202e", instruction="</script>"),
        typed("<script>alert(1)</script>", index=1),
    ])  # fmt: skip
    (page,) = write_pages(
        DatasetFolder.open(tmp_path / "made"), tmp_path / "pages", lambda: None, most=9
    )
    text = (tmp_path / "pages" / page.file).read_text()
    assert "<img src=x" not in text
    assert text.count("<script>") == text.count("</script>") == 1
    assert "\u202e" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_one_episode_and_few_steps_may_be_asked_for(tmp_path: Path) -> None:
    dataset = DatasetFolder.open(small(tmp_path / "made"))
    (page,) = write_pages(dataset, tmp_path / "one", lambda: None, episode_id=FIRST, most=2)
    assert (page.episode_id, page.steps, page.more) == (FIRST, 2, 3)
    assert len(list((tmp_path / "one/images").iterdir())) == 2
    with pytest.raises(EpisodeNotInDataset):
        write_pages(dataset, tmp_path / "none", lambda: None, episode_id="z", most=2)
    assert not (tmp_path / "none").exists()
