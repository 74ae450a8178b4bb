"""The benchmark's own arithmetic: a wrong measure would be worse than none."""

import io

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image

from benchmarks.budgets import Line, as_text
from benchmarks.measures import Match, counted, frame_ages, input_rows, masked, match, percentile
from benchmarks.painted_clock import CELL_PX, COLUMNS, ROWS, encode, read_clock
from benchmarks.robot import Sent

SECOND = 1_000_000_000
CORNER = (30, 20)
KEYS = ("key_down", "key_up")


def _picture(t_ns: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    picture = np.full((220, 400), 128, np.uint8)
    for at, is_white in enumerate(encode(t_ns)):
        left, top = CORNER[0] + at % COLUMNS * CELL_PX, CORNER[1] + at // COLUMNS * CELL_PX
        picture[top : top + CELL_PX, left : left + CELL_PX] = 255 if is_white else 0
    return picture


def _frames(t_ns: int) -> pa.Table:
    file = io.BytesIO()
    Image.fromarray(_picture(t_ns)).save(file, "webp", lossless=True)
    return pa.table(
        {
            "frame_id": [1, 2],
            "image": [{"bytes": file.getvalue(), "path": None}, None],
            "dup_of_frame_id": [None, 1],
        }
    )


@pytest.mark.parametrize("t_ns", [0, 5 * SECOND, 16_777 * SECOND, 123_456 * SECOND + 789_000_000])
def test_a_painted_time_is_read_back_to_the_millisecond(t_ns: int) -> None:
    assert read_clock(_picture(t_ns), *CORNER, t_ns + 90 * SECOND) == t_ns


def test_a_covered_clock_is_not_read() -> None:
    picture = _picture(7 * SECOND)
    picture[CORNER[1] : CORNER[1] + CELL_PX * ROWS, CORNER[0] : CORNER[0] + CELL_PX] = 128
    assert read_clock(picture, *CORNER, 0) is None
    assert read_clock(255 - _picture(7 * SECOND), *CORNER, 0) is None


def test_rows_are_paired_with_what_was_sent() -> None:
    sent = [Sent(at * SECOND, "move", at, at) for at in range(5)]
    sent += [Sent(9 * SECOND, "key_down", 0, 0, "a"), Sent(10 * SECOND, "key_down", 0, 0, "b")]
    events = pa.table(
        {
            "t_ns": [1, 3, 9, 10],
            "kind": ["move", "move", "key_down", "key_down"],
            "x": [1, 3, None, None],
            "y": [1, 3, None, None],
            "key": [None, None, None, "b"],
        }
    )
    pairs = match(input_rows(events), sent)
    assert [pair.sent.t_ns // SECOND for pair in pairs] == [1, 3, 9, 10]


def test_keys_of_a_masked_value_are_told_and_others_are_missing() -> None:
    typed = [Sent(at, kind, 0, 0, char) for at, char in enumerate("xcity") for kind in KEYS]
    rows: list[dict[str, object]] = [
        {"kind": "key_down", "redaction": "none", "t_ns": 0},
        {"kind": "key_down", "redaction": "masked", "t_ns": 1},
        {"kind": "key_down", "redaction": "none", "t_ns": 4},
        {"kind": "key_up", "redaction": "none", "t_ns": 4},
    ]
    pairs = [Match(row, typed[at]) for row, at in zip(rows, (0, 2, 8, 9), strict=True)]
    assert masked(pairs, typed) == 6
    assert masked(pairs[:1], typed) == 0


def test_counted_losses_end_with_the_phase() -> None:
    events = pa.table({
        "t_ns": [1, 2, 99], "kind": ["gap", "excluded_end", "gap"], "count": [4, 20, 7],
    })  # fmt: skip
    assert counted(events, until_ns=50) == 24


@pytest.mark.parametrize(("frame_id", "shift"), [(1, 0), (2, 0), (1, 2)])
def test_a_frame_is_as_old_as_its_clock_says(frame_id: int, shift: int) -> None:
    click = Sent(10 * SECOND, "button_down", 0, 0)
    row: dict[str, object] = {"kind": "button_down", "frame_id": frame_id}
    found = frame_ages([Match(row, click)], _frames((9 + shift) * SECOND), CORNER)
    assert found.ages_ms == (1000.0 * (1 - shift),)
    assert found.showing_result == (shift == 2)


def test_missing_and_dropped_frames_are_told_apart() -> None:
    click = Sent(10 * SECOND, "button_down", 0, 0)
    rows: list[dict[str, object]] = [{"kind": "button_down", "frame_id": i} for i in (None, 77)]
    found = frame_ages([Match(row, click) for row in rows], _frames(SECOND), CORNER)
    assert (found.without_frame, found.lost, found.ages_ms) == (1, 1, ())


def test_a_figure_that_could_not_be_measured_misses_its_budget() -> None:
    assert not Line("x", 1, None, "s").is_met
    assert Line("x", 100, 100, "%", at_least=True).is_met
    assert "1 of 2 budgets met" in as_text([Line("x", 1, None, "s"), Line("y", 1, 0.5, "s")])
    assert percentile([], 0.95) is None
    assert percentile([3.0, 1.0, 2.0], 0.95) == 3.0
