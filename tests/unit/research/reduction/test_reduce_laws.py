"""Laws of the reduction, on events that no person would make."""

import itertools
from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from recorder.episodes.schemas import EVENTS
from recorder.research import Profile, Reduced, reduce
from tests.unit.research.reduction.plain_rules import plain_steps
from tests.unit.research.reduction.typist import MS, context, table

_KEYS = st.sampled_from([
    ("a", "char"), ("B", "char"), ("space", "space"), ("backspace", "backspace"), ("enter", "enter"),
    (None, "char"), ("masked", "char"), ("c", "char"), ("left", "navigation"),
])  # fmt: skip
_MODIFIERS = st.sampled_from(["shift_l", "ctrl_l", "alt_l", "alt_gr"])
_STEPS_MS = st.sampled_from([0, 10, 120, 300, 600, 2500])
_MODS = st.sampled_from([0, 0, 0, 0, 1, 2, 4, 16, 18])
_ENDS = st.sampled_from(["pause", "resume", "gap", "removed", "secure_begin", "excluded_end"])
_PLACES = st.tuples(st.sampled_from([-3, 0, 2, 5, 10, 14]), st.sampled_from([0, 3, 7]))


@st.composite
def _row(draw: st.DrawFn) -> dict[str, Any]:
    """Give a row without number and time; `ms` after the one before."""
    what = draw(st.sampled_from(["key"] * 5 + ["modifier", "button", "button", "scroll", "end"]))
    row: dict[str, Any] = {"ms": draw(_STEPS_MS), "redaction": "none", "mods": draw(_MODS)}
    row["is_repeat"] = draw(st.booleans())
    x, y = draw(_PLACES)
    if what == "key":
        key, sort = draw(_KEYS)
        row |= {"kind": draw(st.sampled_from(["key_down", "key_down", "key_up"]))}
        row |= {"key": key, "key_class": sort}
        if key == "masked":
            row |= {"key": None, "redaction": "masked", "entity": "EMAIL_1", "mods": 0}
        elif key is None:
            row |= {"redaction": "class", "mods": row["mods"] & ~17}
    elif what == "modifier":
        kind = draw(st.sampled_from(["key_down", "key_up"]))
        row |= {"kind": kind, "key": draw(_MODIFIERS), "key_class": "modifier"}
    elif what == "button":
        kind = draw(st.sampled_from(["button_down", "button_up", "move"]))
        row |= {"kind": kind, "button": draw(st.sampled_from(["left", "left", "right"]))}
        row |= {"x": x, "y": y}
    elif what == "scroll":
        steps = st.sampled_from([-1.0, 0.0, 1.0])
        row |= {"kind": "scroll", "x": x, "y": y, "dx": draw(steps), "dy": draw(steps)}
    else:
        row |= {"kind": draw(_ENDS)}
    return row


_ROWS = st.lists(_row(), max_size=25)


def _numbered(rows: list[dict[str, Any]], first: int = 0, t_ns: int = 0) -> list[dict[str, Any]]:
    made = []
    for number, row in enumerate(rows):
        t_ns += row["ms"] * MS
        told = {name: value for name, value in row.items() if name != "ms"}
        made.append(told | {"seq": first + number, "t_ns": t_ns})
    return made


def _reduced(rows: list[dict[str, Any]], profile: Profile) -> Reduced:
    return reduce(table(rows, EVENTS), context(), profile=profile)


@given(_ROWS)
def test_every_event_is_a_move_or_in_one_step_or_left_out(
    rows: list[dict[str, Any]],
) -> None:
    for profile in Profile:
        found = _reduced(_numbered(rows), profile)
        steps, counts = found.steps.to_pylist(), found.counts
        assert counts.moves == sum(row["kind"] == "move" for row in rows)
        in_steps = sum(step["n_events"] for step in steps)
        assert counts.events == len(rows) == counts.moves + in_steps + sum(counts.left_out.values())


@given(_ROWS)
def test_steps_follow_each_other_without_touching(
    rows: list[dict[str, Any]],
) -> None:
    for profile in Profile:
        _check_order(_reduced(_numbered(rows), profile).steps.to_pylist())


def _check_order(steps: list[dict[str, Any]]) -> None:
    assert [step["step_index"] for step in steps] == list(range(len(steps)))
    for step in steps:
        assert step["first_seq"] <= step["last_seq"]
        assert step["t_start_ns"] <= step["t_end_ns"]
    for one, other in itertools.pairwise(steps):
        assert one["last_seq"] < other["first_seq"]
        assert one["t_start_ns"] <= other["t_start_ns"]


@given(_ROWS, _ROWS)
def test_what_a_pause_parts_is_reduced_part_by_part(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> None:
    pause = {"kind": "pause", "redaction": "none", "ms": 10}
    whole = _numbered([*before, pause, *after])
    for profile in Profile:
        _check_parts(whole, len(before) + 1, profile)


def _check_parts(whole: list[dict[str, Any]], cut: int, profile: Profile) -> None:
    both = _reduced(whole, profile)
    parts = [_reduced(rows, profile) for rows in (whole[:cut], whole[cut:])]
    apart = [step for part in parts for step in part.steps.to_pylist()]
    assert both.steps.to_pylist() == [
        step | {"step_index": number} for number, step in enumerate(apart)
    ]
    left_out = Counter(parts[0].counts.left_out) + Counter(parts[1].counts.left_out)
    assert Counter(both.counts.left_out) == left_out


@given(_ROWS)
def test_agentnets_rules_give_what_a_plain_reading_of_them_gives(
    rows: list[dict[str, Any]],
) -> None:
    numbered = _numbered(rows)
    names = {1: "click", 2: "double_click", 3: "triple_click"}
    plain = [
        {
            "type": names[step["clicks"]] if step["type"] == "click" else step["type"],
            "first_seq": step["seq"],
            "text": step.get("text"),
            "clicks": step.get("clicks"),
            "button": step.get("button"),
            "dy": step.get("dy"),
        }
        for step in plain_steps(numbered)
    ]
    steps = _reduced(numbered, Profile.AGENTNET).steps.to_pylist()
    found = [
        {
            "type": step["action_type"],
            "first_seq": step["first_seq"],
            "text": step["text"],
            "clicks": step["clicks"],
            "button": step["button"],
            "dy": step["scroll_dy"],
        }
        for step in steps
    ]
    assert found == plain
    told = [step["keys"] for step in steps if step["action_type"] == "key"]
    assert told == [step["keys"] for step in plain_steps(numbered) if step["type"] == "key"]
