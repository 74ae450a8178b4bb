"""Figures of a dataset: counted by hand beside what is computed."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.episodes.names import Table
from recorder.episodes.rows import Row, to_table
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.plots import Bars, drawn
from recorder.research.looking.recorded import AppRecorded, Missing, recorded
from recorder.research.looking.stats import stats
from recorder.research.looking.steps_file import ShardDamaged
from recorder.research.reading import StepsUnknown
from tests.unit.research.made_dataset import FIRST, put, small, step, typed

S = 10**9


def table(name: Table, *rows: Row) -> pa.Table:
    return to_table(name, rows, range(len(rows)), FIRST, 0)


def test_every_step_is_counted_once_and_learnable_ones_have_a_picture_and_their_text(
    tmp_path: Path,
) -> None:
    found = stats(DatasetFolder.open(small(tmp_path)))
    assert (found.steps, found.episodes, found.participants) == (8, 3, 2)
    by_type = {one.action_type: (one.steps, one.trainable) for one in found.actions}
    assert by_type == {"click": (4, 2), "type": (2, 1), "drag": (1, 1), "scroll": (1, 1)}
    assert found.untrainable == {"no picture": 2, "text not consented": 1}
    assert sum(found.untrainable.values()) + found.trainable == found.steps
    assert found.redacted == 2
    assert [(one.app_id, one.steps) for one in found.apps] == [("writer", 6), ("chromium", 2)]
    assert [(s.split, s.steps, s.participants) for s in found.splits] == [
        ("train", 6, 1), ("test", 2, 1),
    ]  # fmt: skip
    assert found.lag_ms["p50"] == 500
    assert found.largest_share == 0.75


def test_hours_are_those_between_first_and_last_action_unless_the_build_noted_them(
    tmp_path: Path,
) -> None:
    late = step(index=1, t_start_ns=3600 * S, t_end_ns=3602 * S)
    put(tmp_path, [step(), late])
    found = stats(DatasetFolder.open(tmp_path))
    assert found.span_hours == pytest.approx(1)
    assert (found.recorded_hours, found.bias) == (None, ())


def test_a_position_on_no_monitor_and_a_late_picture_cannot_be_learned_from(
    tmp_path: Path,
) -> None:
    put(tmp_path, [
        step(index=0, x_norm=None), step(index=1, frame_lag_ms=-1.0),
        typed(None, index=2), step(index=3, action_type="key", keys=["enter"]),
        step(index=4, action_type="key", keys=[]),
    ])  # fmt: skip
    assert stats(DatasetFolder.open(tmp_path)).untrainable == {
        "key not consented": 1, "no position": 1, "picture after the action": 1,
        "text not consented": 1,
    }  # fmt: skip


def test_a_frame_whose_picture_is_gone_is_no_picture(tmp_path: Path) -> None:
    put(tmp_path, [step(index=0), step(index=1, image=None)])
    found = stats(DatasetFolder.open(tmp_path))
    assert (found.trainable, found.untrainable) == (1, {"no picture": 1})


def test_what_is_missing_is_told_by_app_with_its_seconds() -> None:
    def press(t_s: int, redaction: Redaction, seq: int) -> EventRow:
        return EventRow(
            t_s * S, Kind.KEY_DOWN, key_class=KeyClass.CHAR, redaction=redaction, window_seq=seq
        )

    events = table(
        "events",
        press(1, Redaction.NONE, 1), press(2, Redaction.CLASS, 1), press(3, Redaction.MASKED, 1),
        EventRow(4 * S, Kind.PAUSE, window_seq=1), EventRow(10 * S, Kind.RESUME, window_seq=2),
        EventRow(11 * S, Kind.REMOVED, reason="deleted", window_seq=2),
        EventRow(12 * S, Kind.EXCLUDED_BEGIN), EventRow(13 * S, Kind.EXCLUDED_END),
        EventRow(14 * S, Kind.SECURE_BEGIN),
    )  # fmt: skip
    context = table(
        "context",
        ContextRow(0, ContextKind.CLOCK, wall_ns=5),
        ContextRow(0, ContextKind.FOCUS, app_id="writer"),
        ContextRow(8 * S, ContextKind.FOCUS, app_id="chromium"),
        ContextRow(20 * S, ContextKind.CLOCK, wall_ns=6),
    )
    found = recorded(FIRST, events, context)
    assert (found.duration_s, found.events) == (20, 9)
    unknown, chromium, writer = found.apps
    assert (unknown.app_id, unknown.missing) == ("", {"excluded": Missing(times=1, seconds=1)})
    assert writer == AppRecorded(
        app_id="writer", focus_s=8, keys=3, keys_class=1, keys_masked=1,
        missing={"pause": Missing(times=1, seconds=6)},
    )  # fmt: skip
    assert chromium.focus_s == 12
    assert chromium.missing == {
        "deleted": Missing(times=1, seconds=1), "secure": Missing(times=1, seconds=6),
    }  # fmt: skip


def test_what_the_build_noted_is_added_up_over_episodes(tmp_path: Path) -> None:
    events, context = (
        table("events"),
        table(
            "context",
            ContextRow(0, ContextKind.FOCUS, app_id="w"),
            ContextRow(1800 * S, ContextKind.CLOCK),
        ),
    )
    noted = [recorded(one, events, context) for one in ("a", "b")]
    put(tmp_path, [step("a"), step("b")], noted)
    found = stats(DatasetFolder.open(tmp_path))
    assert found.recorded_hours == pytest.approx(1)
    assert [(one.app_id, one.focus_s) for one in found.bias] == [("w", 3600)]


def test_what_was_left_out_is_counted_by_reason(tmp_path: Path) -> None:
    folder = small(tmp_path)
    (folder / "left_out.jsonl").write_text(
        '{"reason": "damaged"}\n{"reason": "orphan_press", "count": 3}\n{"reason": "damaged"}\n{"rea'
    )
    assert DatasetFolder.open(folder).left_out() == {"damaged": 2, "orphan_press": 3}


def test_a_folder_without_shards_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(StepsUnknown, match="holds no steps"):
        DatasetFolder.open(tmp_path)


def test_a_shard_that_is_no_parquet_is_named(tmp_path: Path) -> None:
    path = put(tmp_path, [step()])[0]
    path.write_bytes(b"nonsense")
    with pytest.raises(ShardDamaged, match=path.name):
        stats(DatasetFolder.open(tmp_path))


def test_a_bar_is_as_long_as_its_figure_and_a_hostile_name_stays_in_its_place() -> None:
    rows = (("a\u202eb" * 90, (30.0, 10.0), "40"), ("half", (20.0, 0.0), "20"))
    with Image.open(io.BytesIO(drawn(Bars("Steps", ("one", "two"), rows)))) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    blue, orange = ((pixels == colour).all(-1) for colour in ((0, 90, 156), (230, 159, 0)))
    widths = [int(blue[y].sum()) for y in (110, 150)]
    assert widths[0] == pytest.approx(1.5 * widths[1], abs=3)
    assert int(orange[110].sum()) == pytest.approx(widths[0] / 3, abs=3)
    assert not blue[:, :330].any()
