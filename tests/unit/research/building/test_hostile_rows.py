"""Rows that pass every gate and were made to break a build: they cost their own episode alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from recorder.core.context import ContextKind, ContextRow
from recorder.core.errors import ExitCode
from recorder.core.events import EventRow, Kind
from recorder.core.geometry import Monitor, Rect
from recorder.episodes.rows import to_table
from recorder.research.building import episode
from recorder.research.collection import utc_now
from recorder.research.looking.checking import Asked, check
from recorder.research.looking.folder import DatasetFolder
from tests.unit.research.building.house import House, content
from tests.unit.research.bundles import Content, parquet_of

_FAR = 2**62
_SIDE = 2**31 - 1


def _scrolled(dx: float, dy: float) -> Callable[[Content], None]:
    def make(made: Content) -> None:
        at = made.rows["events"][-1].t_ns + 10**9  # type: ignore[union-attr]  # events have it
        row = EventRow(at, Kind.SCROLL, x=3, y=4, monitor_id=0, dx=dx, dy=dy, mods=0)
        made.rows = {**made.rows, "events": (*made.rows["events"], row)}

    return make


def _each(table: str, **changed: Any) -> Callable[[Content], None]:  # noqa: ANN401 - of a row
    def make(made: Content) -> None:
        rows = tuple(replace(row, **changed) for row in made.rows[table])  # type: ignore[index]
        made.rows = {**made.rows, table: rows}  # type: ignore[dict-item]  # of the same table

    return make


def _screens(*areas: Rect) -> Callable[[Content], None]:
    def make(made: Content) -> None:
        rows = ContextRow(0, ContextKind.GEOMETRY, monitors=tuple(Monitor(0, one) for one in areas))
        made.rows = {**made.rows, "context": (rows, *made.rows["context"][1:])}

    return make


HOSTILE: dict[str, Callable[[Content], None]] = {
    "a scroll of infinity": _scrolled(0.0, float("inf")),
    "a scroll of no number": _scrolled(float("nan"), float("nan")),
    "times beyond the end": _each("events", t_ns=_FAR),
    "times before the beginning": _each("events", t_ns=-_FAR),
    "frames from the end of time": _each("frames", t_grab_start_ns=_FAR, t_grab_end_ns=_FAR),
    "frames from before time": _each("frames", t_grab_start_ns=-_FAR, t_grab_end_ns=-_FAR),
    "places off every screen": _each("events", x=-_SIDE, y=_SIDE),
    "a screen without an area": _screens(Rect(0, 0, 0, 0)),
    "a screen larger than numbers": _screens(Rect(_SIDE - 1, _SIDE - 1, _SIDE, _SIDE)),
    "a digest that is none": _each("frames", sha256="../../z"),
    "the same frame again and again": _each("frames", frame_id=1),
    "a frame that repeats itself": _each("frames", dup_of_frame_id=2, image=None),
    "an app that is a path, a page and a table": _each(
        "context", app_id="../<script>|a\n---\n`x`:\x00"
    ),
    "a button of nobody": _each("events", button="left', __import__('os'), '"),
}


def test_rows_made_to_break_a_build_cost_their_own_episode(house: House) -> None:
    (honest,) = house.share(content(4))
    person, joined = house.person()
    for hour, change in enumerate(HOSTILE.values()):
        made = content(3, hour=hour, app="*")
        change(made)
        rows = [row for row in made.rows["context"] if isinstance(row, ContextRow)]
        made.manifest["apps"] = tuple(sorted({row.app_id for row in rows if row.app_id}))
        house.lab.share(person, joined, made)
    house.collect()
    report = house.build()
    steps = house.table().to_pylist()
    assert sum(step["participant_id"] == honest.pseudonym for step in steps) == 4
    assert {one.pseudonym for one in report.left_out} == {person.sender(joined).pseudonym}
    assert [one.reason for one in report.left_out] == ["it holds a picture without its digests"]
    built = DatasetFolder.open(house.out)
    asked = Asked("participant", report.dataset, None, lambda: None)
    assert {fault.code for fault in check(built, asked)} <= {ExitCode.CHECKS_FAILED}
    assert all((step["frame_lag_ms"] or 0) >= 0 for step in steps)
    card = (house.out / "README.md").read_text()
    assert "<script>" not in card


def _tasked(made: Content, text: bytes, count: int) -> Content:
    """Give a content of which many rows of context tell the same task."""
    rows = made.rows["context"]
    table = to_table(
        "context", (*rows, *rows[1:] * count), range(len(rows) + count), made.episode_id, 0
    )
    ends = np.arange(table.num_rows + 1, dtype=np.int32) * len(text)
    texts = pa.Array.from_buffers(
        pa.string(), table.num_rows,
        [None, pa.py_buffer(ends.tobytes()), pa.py_buffer(text * table.num_rows)],
    )  # fmt: skip
    at = table.schema.get_field_index("instruction")
    table = table.set_column(at, table.schema.field(at), texts)
    made.files["context-000000.parquet"] = parquet_of("context", table, made.episode_id)
    told = {name: len(found) for name, found in made.rows.items()}
    made.manifest["rows"] = {**told, "context": table.num_rows}
    return made


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        ("_MOST_TABLE_BYTES", "its tables ask for too much memory"),
        ("_MOST_TOLD_BYTES", "its texts are too long for so many events"),
    ],
)
def test_a_long_text_told_again_and_again_is_left_out_before_memory_is_full(
    house: House, monkeypatch: pytest.MonkeyPatch, limit: str, reason: str
) -> None:
    bomb = _tasked(content(3, hour=1), b"a" * 5_000, 400)
    house.share(content(4), bomb)
    monkeypatch.setattr(episode, limit, 30_000)
    report = house.build()
    assert [(one.code, one.reason) for one in report.left_out] == [(ExitCode.LIMITS, reason)]
    assert report.rows["train"] == 4


def test_a_text_that_is_no_text_is_refused_when_it_is_collected(house: House) -> None:
    person, joined = house.person()
    house.lab.share(person, joined, _tasked(content(3), b"\xff\xfe", 1))
    report = house.lab.collect(now=utc_now())
    assert [code for code, _ in report.tally.refused] == [ExitCode.FORMAT]
