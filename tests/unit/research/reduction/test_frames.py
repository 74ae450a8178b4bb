"""Which picture a step gets: the one just before, never another."""

import json
from typing import Any

import pyarrow as pa
import pytest

from recorder.research import reduce, with_frames
from recorder.research.reduction.columns import WrongTable
from recorder.research.reduction.frames import with_pictures
from recorder.research.reduction.reduced import Reduced
from tests.unit.research.reduction.typist import MS, Typist, context, frames, monitor


def joined(typist: Typist, shots: pa.Table, around: pa.Table | None = None) -> Reduced:
    return with_frames(reduce(typist.events, context() if around is None else around), shots)


def ids(found: Reduced) -> list[int | None]:
    told: list[int | None] = found.steps.column("frame_id").to_pylist()
    return told


def test_the_frame_that_the_event_names_is_taken_before_any_newer_one() -> None:
    typist = Typist().wait(980).click(1, 1, frame_id=0)
    found = joined(typist, frames({"ms": 500}, {"ms": 900}))
    (step,) = found.steps.to_pylist()
    assert (step["frame_id"], step["frame_lag_ms"]) == (0, 500.0)
    assert step["image"] == {"bytes": b"picture 0", "path": None}
    assert (step["image_width"], step["image_height"]) == (1000, 500)


@pytest.mark.parametrize(("ms", "expected"), [(979, 1), (980, 0), (999, 0), (1001, 0)])
def test_else_the_newest_that_ended_so_long_before_is_taken_and_never_the_nearest(
    ms: int, expected: int
) -> None:
    typist = Typist().wait(980).click(1, 1)
    assert ids(joined(typist, frames({"ms": 500}, {"ms": ms}))) == [expected]


def test_a_frame_grabbed_after_the_action_is_not_believed_even_when_it_is_named() -> None:
    typist = Typist().wait(980).click(1, 1, frame_id=1)
    assert ids(joined(typist, frames({"ms": 500}, {"ms": 1000}))) == [0]


def test_a_key_whose_time_was_floored_keeps_the_frame_it_names_and_has_no_negative_lag() -> None:
    typist = Typist().wait(980).key(None, redaction="class", frame_id=0)
    found = joined(typist, frames({"ms": 1030}))
    assert ids(found) == [0]
    assert found.steps.column("frame_lag_ms").to_pylist() == [0.0]


def test_steps_anchor_to_their_first_press_or_key() -> None:
    typist = Typist().wait(980).write("ab").drag((0, 0), (90, 0)).wait(60).click(9, 9).click(9, 9)
    shots = frames(*({"ms": ms} for ms in (950, 1010, 1035, 1120, 1190)))
    assert ids(joined(typist, shots)) == [0, 2, 3]


def test_the_frame_is_of_the_monitor_of_the_action() -> None:
    two = [monitor(0, 0, 0, 1000, 500), monitor(1, 1000, 0, 800, 600)]
    around = context({"kind": "geometry", "t_ns": 0, "monitors": two})
    second = {"monitor_id": 1, "origin_x": 1000, "width": 800, "height": 600}
    shots = frames({"ms": 200} | second, {"ms": 960} | second, {"ms": 965}, {"ms": 1045})
    typist = Typist().wait(900).click(1010, 20).wait(60)
    typist.key("enter", "enter", monitor_id=1).wait(60).click(5, 5)
    found = joined(typist, shots, around)
    assert ids(found) == [0, 1, 3]
    action = json.loads(found.steps.column("action_openai_json")[0].as_py())
    assert action == {"type": "click", "button": "left", "x": 10, "y": 20}


def test_where_no_monitor_is_known_one_that_is_the_only_one_will_do() -> None:
    typist = Typist().wait(900).key("enter", "enter")
    assert ids(joined(typist, frames({"ms": 100}))) == [0]
    both = frames({"ms": 100}, {"ms": 100, "monitor_id": 1})
    assert ids(joined(typist, both)) == [None]


def test_a_duplicate_leads_to_the_frame_that_has_the_picture() -> None:
    shots = frames(
        {"ms": 100}, {"ms": 200, "image": None, "dup_of_frame_id": 0},
        {"ms": 300, "image": None, "dup_of_frame_id": 1},
    )  # fmt: skip
    (step,) = joined(Typist().wait(380).click(1, 1), shots).steps.to_pylist()
    assert (step["frame_id"], step["frame_lag_ms"]) == (0, 100.0)
    assert step["image"]["bytes"] == b"picture 0"


def test_a_picture_that_was_forgotten_is_counted_and_not_replaced_by_an_older_one() -> None:
    shots = frames({"ms": 100}, {"ms": 200, "image": None, "dup_of_frame_id": 9})
    found = joined(Typist().wait(380).click(1, 1), shots)
    assert (ids(found), found.steps.column("image").to_pylist()) == ([1], [None])
    assert (found.counts.without_frame, found.counts.without_picture) == (0, 1)


def test_no_frame_from_before_a_pause_is_taken_after_it_and_the_step_stays() -> None:
    typist = Typist().add("pause").add("resume").wait(400).click(1, 1).wait(500).click(1, 1)
    found = joined(typist, frames({"ms": 10}, {"ms": 600}))
    assert ids(found) == [None, 1]
    assert found.counts.without_frame == 1
    first = found.steps.to_pylist()[0]
    assert (first["image"], first["action_openai_json"]) == (None, None)
    assert first["code_pyautogui"] == "pyautogui.click(x=0.0010, y=0.0020)"


def test_no_frame_of_monitors_that_were_arranged_anew_is_taken_for_the_screen() -> None:
    one = {"kind": "geometry", "monitors": [monitor(0, 0, 0, 1000, 500)]}
    other = {"kind": "geometry", "monitors": [monitor(0, 200, 0, 1000, 500)]}
    typist = Typist().wait(400).click(210, 1).wait(500).click(210, 1)
    shots = frames({"ms": 100}, {"ms": 800, "origin_x": 200})
    again = context({"t_ns": 200 * MS} | one, {"t_ns": 600 * MS} | other)
    assert ids(joined(typist, shots, again)) == [0, 1]
    moved = context({"t_ns": 200 * MS} | other)
    assert ids(joined(typist, shots, moved)) == [None, 1]


def test_a_frame_from_before_another_step_is_not_the_screen_just_before() -> None:
    found = joined(Typist().wait(500).click(1, 1).click(90, 90), frames({"ms": 100}))
    assert ids(found) == [0, None]
    assert (found.counts.without_frame, found.counts.before_another) == (1, 1)


def test_an_event_that_names_an_old_frame_is_believed_since_the_screen_had_not_changed() -> None:
    typist = Typist().wait(500).click(1, 1, frame_id=0).click(90, 90, frame_id=0)
    found = joined(typist, frames({"ms": 100}))
    assert (ids(found), found.counts.without_frame) == ([0, 0], 0)


def test_a_frame_that_was_not_kept_has_no_stand_in() -> None:
    found = joined(Typist().wait(500).click(1, 1, frame_id=4), frames({"ms": 100}))
    assert ids(found) == [None]
    assert (found.counts.without_frame, found.counts.frame_lost) == (1, 1)


def test_pictures_can_come_later_part_by_part() -> None:
    typist = Typist().wait(500).click(1, 1).click(90, 90)
    shots = frames({"ms": 100}, {"ms": 545})
    whole = joined(typist, shots).steps
    bare = joined(typist, shots.drop_columns(["image"])).steps
    assert bare.column("image").null_count == 2
    parts = [with_pictures(bare.slice(at, 1), shots.select(["frame_id", "image"])) for at in (0, 1)]
    assert pa.concat_tables(parts).equals(whole)


def test_frames_are_checked() -> None:
    found = reduce(Typist().click(1, 1).events, context())
    with pytest.raises(WrongTable, match="table of frames has no column t_grab_end_ns"):
        with_frames(found, frames({"ms": 1}).drop_columns(["t_grab_end_ns"]))
    none: Any = frames()
    assert with_frames(found, none).counts.without_frame == 1


def test_a_place_that_the_picture_does_not_show_has_no_action_in_its_pixels() -> None:
    around = context({"kind": "geometry", "t_ns": 0, "monitors": [monitor(0, 0, 0, 2000, 500)]})
    found = joined(Typist().wait(500).click(1500, 5), frames({"ms": 100}), around)
    assert found.steps.column("action_anthropic_json").to_pylist() == [None]
    assert found.steps.column("x_norm").to_pylist() == [0.75]
    assert found.steps.column("t_start_ns").to_pylist() == [520 * MS]
