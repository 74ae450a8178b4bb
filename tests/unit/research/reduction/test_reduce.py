"""What becomes of what a person did, one rule after the other."""

from typing import Any, TypedDict, Unpack

import pyarrow as pa
import pytest

from recorder.episodes.schemas import EVENTS
from recorder.research import STEPS, Profile, Settings, reduce
from recorder.research.reduction.reduced import LeftOut
from tests.unit.research.reduction.typist import MS, Typist, context, monitor

BOTH = pytest.mark.parametrize("profile", list(Profile))


class _Given(TypedDict, total=False):
    context: pa.Table
    settings: Settings


def steps(
    typist: Typist, profile: Profile = Profile.RECORDER, **given: Unpack[_Given]
) -> list[dict[str, Any]]:
    around = given.get("context", context())
    found = reduce(typist.events, around, profile=profile, settings=given.get("settings"))
    assert found.steps.schema.equals(STEPS, check_metadata=True)
    told: list[dict[str, Any]] = found.steps.to_pylist()
    return told


def did(typist: Typist, profile: Profile = Profile.RECORDER, **given: Unpack[_Given]) -> list[str]:
    """Give each step in a word: its text, its keys, or what it is."""
    told = []
    for step in steps(typist, profile, **given):
        what = step["action_type"]
        word = {"type": step["text"], "key": "+".join(step["keys"] or [])}.get(what, what)
        told.append(str(word))
    return told


@BOTH
def test_backspace_takes_the_last_character_and_is_a_key_where_there_is_none(
    profile: Profile,
) -> None:
    assert did(Typist().write("hel<<<ab cd<"), profile) == ["ab c"]
    assert did(Typist().write("a<<b"), profile) == ["backspace", "b"]


@BOTH
def test_held_keys_are_one_step_that_tells_how_often(profile: Profile) -> None:
    typist = Typist().add("key_down", key="down", key_class="navigation")
    for _ in range(4):
        typist.add("key_down", key="down", key_class="navigation", is_repeat=True)
    (step,) = steps(typist.add("key_up", key="down", key_class="navigation"), profile)
    assert (step["keys"], step["clicks"], step["n_events"]) == (["down"], 5, 6)
    assert step["code_pyautogui"] == "pyautogui.press(keys=['down'], presses=5)"


@BOTH
def test_modifiers_enclose_keys_and_say_nothing_alone(profile: Profile) -> None:
    typist = Typist().write("a").holding("shift_l", 1, "B").write("c")
    typist.holding("ctrl_l", 2, "c", "v").holding("ctrl_l", 2).holding("alt_l", 4)
    assert did(typist, profile) == ["aBc", "ctrl+c", "ctrl+v", "alt_l"]
    left_out = reduce(typist.events, context(), profile=profile).counts.left_out
    assert left_out == {LeftOut.LONE_MODIFIER: 2}


def test_a_lone_super_key_opens_something_on_our_desktop_and_nothing_in_agentnet() -> None:
    typist = Typist().holding("cmd", 8)
    assert did(typist) == ["cmd"]
    assert did(typist, Profile.AGENTNET) == []


@BOTH
def test_modifiers_are_found_where_rows_do_not_name_them(profile: Profile) -> None:
    typist = Typist().holding("ctrl_l", 2, "s")
    for row in typist.rows:
        row["mods"] = None
    assert did(typist, profile) == ["ctrl+s"]


def test_typing_is_split_after_two_seconds_and_where_the_focus_changes() -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "focus", "t_ns": 0, "app_id": "xterm", "window_title": "one"},
        {"kind": "title", "t_ns": 50 * MS, "app_id": "xterm", "window_title": "one *"},
        {"kind": "focus", "t_ns": 115 * MS, "app_id": "gimp", "window_title": "two"},
    ]
    typist = Typist().write("abcd").wait(2_000).write("e")
    assert did(typist, context=context(*rows)) == ["abc", "d", "e"]
    assert did(typist, Profile.AGENTNET, context=context(*rows)) == ["abcde"]
    told = [
        (step["app_id"], step["window_title"]) for step in steps(typist, context=context(*rows))
    ]
    assert told == [("xterm", "one"), ("gimp", "two"), ("gimp", "two")]


def test_a_row_that_names_its_window_is_believed_over_the_time() -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "focus", "t_ns": 0, "app_id": "xterm"},
        {"kind": "focus", "t_ns": 5 * MS, "app_id": "gimp"},
    ]
    typist = Typist().click(1, 1, window_seq=1)
    assert [step["app_id"] for step in steps(typist, context=context(*rows))] == ["xterm"]


def test_typing_known_by_class_has_no_text_and_says_so() -> None:
    typist = Typist().write("ls ")
    for _ in range(3):
        typist.key(None, redaction="class")
    typist.key("space", "space").write("x")
    first, second, third = steps(typist)
    assert (first["text"], first["redacted"]) == ("ls ", False)
    assert (second["text"], second["redacted"], second["code_pyautogui"]) == (None, True, None)
    assert (third["text"], third["redacted"]) == ("x", False)


@BOTH
def test_a_masked_value_is_named_and_no_backspace_takes_it_away(profile: Profile) -> None:
    typist = Typist().write("to ")
    typist.add("key_down", key_class="char", redaction="masked", entity="EMAIL_1")
    typist.write(" x<<<")
    first, second = steps(typist, profile)
    assert (first["text"], first["redacted"]) == ("to <EMAIL_1>", True)
    assert (second["keys"], second["redacted"]) == (["backspace"], False)


def test_clicks_become_double_and_triple_by_the_settings_of_the_desktop() -> None:
    typist = Typist().click(5, 5).wait(300).click(5, 5).wait(300).click(7, 5)
    assert did(typist) == ["triple_click"]
    assert did(typist, settings=Settings(double_click_ms=320)) == ["click", "click", "click"]
    assert did(typist, Profile.AGENTNET) == ["double_click", "click"]


@BOTH
def test_a_fourth_click_begins_anew_and_what_lies_between_parts_clicks(profile: Profile) -> None:
    assert did(Typist().click(1, 1).click(1, 1).click(1, 1).click(1, 1), profile) == [
        "triple_click", "click",
    ]  # fmt: skip
    assert did(Typist().click(1, 1).write("a").click(1, 1), profile) == ["click", "a", "click"]
    assert did(Typist().click(1, 1).click(1, 1, "right"), profile) == ["click", "click"]
    assert did(Typist().click(1, 1).click(9, 1), profile) == ["click", "click"]


def test_a_drag_is_a_release_far_enough_away() -> None:
    typist = Typist().drag((10, 10), (17, 10))
    assert did(typist, Profile.AGENTNET) == ["drag"]
    assert did(typist) == ["click"]
    (step,) = steps(typist, settings=Settings(drag_threshold_px=4))
    assert step["path"] == [
        {"dt_ms": 0, "x": 10, "y": 10}, {"dt_ms": 20, "x": 13, "y": 10},
        {"dt_ms": 40, "x": 17, "y": 10},
    ]  # fmt: skip
    assert (step["end_x_px"], step["end_x_norm"], step["button"]) == (17, 0.017, "left")
    (plain,) = steps(typist, Profile.AGENTNET)
    assert plain["path"] is None


def test_scrolling_is_split_by_pauses_and_turns() -> None:
    typist = Typist().scroll(-1).scroll(-2).scroll(1).wait(600).scroll(1)
    assert [step["scroll_dy"] for step in steps(typist)] == [-3.0, 1.0, 1.0]
    assert [step["scroll_dy"] for step in steps(typist, Profile.AGENTNET)] == [-1.0]
    zoom = Typist().scroll(1).scroll(1, mods=2)
    assert [step["keys"] for step in steps(zoom)] == [None, ["ctrl"]]


@BOTH
@pytest.mark.parametrize("kind", ["pause", "gap", "secure_begin", "removed"])
def test_nothing_is_joined_over_a_boundary(profile: Profile, kind: str) -> None:
    typist = Typist().write("a").add("button_down", x=1, y=1, button="left").add(kind)
    typist.add("button_up", x=1, y=1, button="left").write("b")
    assert did(typist, profile) == ["a", "b"]
    assert reduce(typist.events, context(), profile=profile).counts.left_out == {
        LeftOut.BOUNDARY: 1,
        LeftOut.ORPHAN_PRESS: 1,
        LeftOut.ORPHAN_RELEASE: 1,
    }


@BOTH
def test_rows_that_tell_too_little_are_left_out_and_counted(profile: Profile) -> None:
    typist = Typist().add("button_down", button="left").add("button_down", x=1, y=1)
    typist.add("key_down").add("key_down", key_class="function").scroll(0)
    typist.key("x").add("key_up", key="q", key_class="char").write("y<").write("z<")
    found = reduce(typist.events, context(), profile=profile)
    assert found.counts.left_out == {
        LeftOut.INCOMPLETE: 4,
        LeftOut.EMPTY_SCROLL: 1,
        LeftOut.KEY_RELEASE: 1,
    }
    assert found.steps.column("text").to_pylist() == ["x"]
    erased = reduce(Typist().write("y<").events, context(), profile=profile).counts
    assert erased.left_out == {LeftOut.ERASED: 4}


def test_keys_that_overlap_do_not_make_steps_overlap() -> None:
    typist = Typist().add("key_down", key="enter", key_class="enter")
    typist.add("key_down", key="a", key_class="char").add("key_up", key="enter", key_class="enter")
    typist.add("key_up", key="a", key_class="char")
    told = [(s["first_seq"], s["last_seq"], s["n_events"]) for s in steps(typist)]
    assert told == [(0, 0, 2), (1, 3, 2)]


def test_places_are_told_by_the_monitors_in_force_and_never_moved_onto_one() -> None:
    two = [monitor(0, 0, 0, 1000, 500), monitor(1, -800, 0, 800, 600)]
    later = context({"kind": "geometry", "t_ns": 130 * MS, "monitors": two})
    typist = Typist().click(100, 100).click(-400, 300).wait(500).click(-400, 300)
    typist.drag((-10, 5), (10, 5))
    found = reduce(typist.events, later)
    places = zip(*(found.steps.column(f"{side}_norm").to_pylist() for side in "xy"), strict=True)
    assert list(places) == [(0.1, 0.2), (None, None), (0.5, 0.5), (0.9875, 5 / 600)]
    assert found.steps.column("x_px").to_pylist() == [100, -400, -400, -10]
    assert found.steps.column("end_x_norm").to_pylist() == [None] * 4
    assert found.monitors.tolist() == [0, -1, 1, 1]
    assert found.counts.off_monitor == 2
    assert found.steps.column("code_pyautogui").to_pylist()[1::2] == [None, None]


def test_mirrored_monitors_are_told_apart_by_what_the_row_names() -> None:
    both = context({
        "kind": "geometry", "t_ns": 0,
        "monitors": [monitor(0, 0, 0, 100, 100), monitor(1, 0, 0, 200, 200)],
    })  # fmt: skip
    typist = Typist().click(50, 50, monitor_id=1).click(50, 50)
    assert [step["x_norm"] for step in steps(typist, context=both)] == [0.25]
    assert [step["x_norm"] for step in steps(Typist().click(50, 50), context=both)] == [0.5]


def test_a_task_holds_until_it_ends() -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "task", "t_ns": 0, "instruction": "Order", "outcome": "begin"},
        {"kind": "task", "t_ns": 30 * MS, "instruction": None, "outcome": "done"},
    ]
    typist = Typist().write("\n\n")
    assert [s["instruction"] for s in steps(typist, context=context(*rows))] == ["Order", None]


def test_a_clock_set_back_is_counted_and_no_time_runs_backwards() -> None:
    typist = Typist().write("\n\n")
    typist.rows[2]["t_ns"] = 5 * MS
    found = reduce(typist.events, context())
    assert found.counts.clock_back == 1
    assert found.steps.column("t_start_ns").to_pylist() == [20 * MS, 40 * MS]


def test_equal_times_keep_the_order_of_their_numbers_and_rows_may_come_in_any() -> None:
    typist = Typist().write("abc")
    for row in typist.rows:
        row["t_ns"] = 0
    assert did(typist) == ["abc"]
    turned = typist.events.take(list(range(len(typist.rows)))[::-1])
    assert reduce(turned, context()).steps.column("text").to_pylist() == ["abc"]


def test_moves_are_never_actions_and_dropping_them_changes_only_paths() -> None:
    typist = Typist().add("move", x=1, y=1).click(5, 5).drag((0, 0), (90, 0)).write("a")
    whole = reduce(typist.events, context())
    few = pa.Table.from_pylist(
        [row for row in typist.events.to_pylist() if row["kind"] != "move"], schema=EVENTS
    )
    assert (
        reduce(few, context())
        .steps.drop_columns(["path"])
        .equals(whole.steps.drop_columns(["path"]))
    )


def test_the_element_under_an_action_is_that_of_its_first_row() -> None:
    typist = Typist().click(1, 1, target_role="button", target_name="OK", target_x=0)
    (step,) = steps(typist)
    assert (step["target_role"], step["target_name"], step["target_x"]) == ("button", "OK", 0)
