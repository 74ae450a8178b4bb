"""Tables that others hand in: empty, foreign, and wrong ones."""

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from recorder.episodes.schemas import CONTEXT, EVENTS
from recorder.research import STEPS, Profile, reduce, with_frames
from recorder.research.reduction.columns import WrongTable
from recorder.research.reduction.reduced import LeftOut
from tests.unit.research.reduction.typist import Typist, context, frames, monitor


@pytest.mark.parametrize("profile", list(Profile))
def test_nothing_gives_no_steps(profile: Profile) -> None:
    nothing = (EVENTS.empty_table(), CONTEXT.empty_table())
    empty = reduce(*nothing, profile=profile)
    assert empty.steps.equals(STEPS.empty_table())
    assert with_frames(empty, frames({"ms": 1})).steps.num_rows == 0
    still = Typist().add("move", x=1, y=1).events
    assert reduce(still, nothing[1], profile=profile).counts.moves == 1


def test_foreign_tables_may_lack_what_is_not_needed_and_bring_other_types() -> None:
    foreign = Typist().click(10, 10).events.drop_columns(["target_role", "frame_id", "entity"])
    x = foreign.column("x").cast(pa.int64())
    foreign = foreign.set_column(foreign.schema.get_field_index("x"), "x", x)
    foreign = foreign.append_column("more", pa.nulls(foreign.num_rows))
    (step,) = reduce(foreign, context()).steps.to_pylist()
    assert (step["action_type"], step["x_px"]) == ("click", 10)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda rows: rows.drop_columns(["button"]), "has no column button"),
        (lambda rows: rows.set_column(3, "kind", pa.nulls(rows.num_rows, pa.string())), "kind"),
        (lambda rows: rows.append_column("seq", rows.column("seq")), "two columns seq"),
        (
            lambda rows: rows.set_column(4, "x", pa.array(["left"] * rows.num_rows)),
            "has string in its column x that is no int32",
        ),
        (
            lambda rows: rows.set_column(4, "x", pa.array([1.5] * rows.num_rows)),
            "has double in its column x that is no int32",
        ),
        (lambda rows: pa.concat_tables([rows, rows]), "same number twice in its column seq"),
        (lambda rows: rows.to_pandas(), "is a DataFrame, not a pyarrow Table"),
    ],
)
def test_a_wrong_table_is_refused_with_the_name_of_the_column(
    spoilt: Callable[[pa.Table], pa.Table], said: str
) -> None:
    with pytest.raises(WrongTable, match=said):
        reduce(spoilt(Typist().click(1, 1).events), context())


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "jump"}, "unknown word in its column kind: 'jump'"),
        ({"key_class": "vowel"}, "unknown word in its column key_class: 'vowel'"),
        ({"episode_id": "another"}, "holds rows of 2 episodes"),
    ],
)
def test_unknown_words_and_mixed_episodes_are_refused(row: dict[str, Any], said: str) -> None:
    typist = Typist().write("ab")
    typist.rows[1] |= row
    with pytest.raises(WrongTable, match=said):
        reduce(typist.events, context())


def test_rows_of_another_episode_are_never_joined() -> None:
    found = reduce(Typist().click(1, 1).events, context())
    foreign = context().set_column(0, "episode_id", pa.array(["another"]))
    with pytest.raises(WrongTable, match="table of context is of episode another, not of 01H"):
        reduce(Typist().click(1, 1).events, foreign)
    shots = frames({"ms": 1})
    shots = shots.set_column(0, "episode_id", pa.array(["another"]))
    with pytest.raises(WrongTable, match="table of frames is of episode another, not of 01H"):
        with_frames(found, shots)


def test_a_monitor_without_an_area_is_refused_and_scrolling_without_a_number_left_out() -> None:
    broken = context(
        {"kind": "geometry", "t_ns": 0, "monitors": [monitor(0, 0, 0, 9, 9) | {"w": None}]}
    )
    with pytest.raises(WrongTable, match="monitor without its number or area"):
        reduce(Typist().click(1, 1).events, broken)
    typist = Typist().scroll(float("nan")).scroll(float("inf")).scroll(1e38, -1e38)
    assert reduce(typist.events, context()).counts.left_out == {LeftOut.INCOMPLETE: 3}


@pytest.mark.parametrize(
    "word", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.large_string())]
)
@pytest.mark.parametrize("whole", [pa.float64(), pa.uint64(), pa.timestamp("ns")])
def test_the_same_values_in_other_types_chunks_and_order_give_the_same_steps(
    word: pa.DataType, whole: pa.DataType
) -> None:
    typist = Typist().click(10, 10).wait(900).write("ab<").holding("ctrl_l", 2, "s").scroll(-3.0)
    ours = typist.add("button_down", x=1, y=1, button="left").add("pause").events
    foreign = ours
    for name, kind in [(name, word) for name in ("kind", "key", "button")] + [("t_ns", whole)]:
        at = ours.schema.get_field_index(name)
        foreign = foreign.set_column(at, name, ours.column(name).cast(kind))
    pieces = [foreign.slice(row, 1) for row in range(foreign.num_rows)]
    foreign = pa.concat_tables([foreign.slice(0, 0), *reversed(pieces)])
    expected, found = reduce(ours, context()), reduce(foreign, context())
    assert found.steps.equals(expected.steps)
    assert found.counts == expected.counts
    assert expected.counts.left_out == {LeftOut.BOUNDARY: 1, LeftOut.ORPHAN_PRESS: 1}


def test_context_is_checked_too() -> None:
    with pytest.raises(WrongTable, match="table of context has no column kind"):
        reduce(Typist().click(1, 1).events, context().drop_columns(["kind"]))
    with pytest.raises(ValueError, match="ours"):
        reduce(Typist().events, context(), profile="ours")
