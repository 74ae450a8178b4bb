"""Laws: what is written is read; batches do not matter."""

import math
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.core.losses import Losses
from recorder.episodes.columns import column
from recorder.episodes.schemas import EVENTS
from tests.unit.episodes.studio import SECOND, T0, Studio, add

int32 = st.integers(-(2**31), 2**31 - 1)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
maybe_int = st.none() | int32
event_rows = st.builds(
    EventRow,
    t_ns=st.integers(T0, T0 + 200 * SECOND),
    kind=st.sampled_from(Kind),
    x=maybe_int,
    y=maybe_int,
    monitor_id=st.none() | st.integers(0, 99),
    button=st.none() | st.just("left"),
    dx=st.none() | st.floats(width=32, allow_nan=False),
    key=st.none() | text,
    key_class=st.none() | st.sampled_from(KeyClass),
    mods=st.none() | st.integers(0, 31),
    is_repeat=st.none() | st.booleans(),
    redaction=st.sampled_from(Redaction),
    entity=st.none() | text,
    count=st.none() | st.integers(0, 2**63 - 1),
    target_name=st.none() | text,
    window_seq=maybe_int,
)
context_rows = st.builds(
    ContextRow,
    t_ns=st.integers(T0, T0 + 200 * SECOND),
    kind=st.sampled_from([ContextKind.FOCUS, ContextKind.TITLE]),
    window_title=st.none() | text,
    w=maybe_int,
)


def _plain(row: EventRow) -> dict[str, Any]:
    """Give a row as the table holds it."""
    found = asdict(row)
    found["t_ns"] -= T0
    return {
        k: str(v) if isinstance(v, Kind | KeyClass | Redaction) else v for k, v in found.items()
    }


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(event_rows, max_size=12), st.lists(context_rows, max_size=5), st.integers(1, 7))
def test_what_is_written_is_read(
    events: list[EventRow], context: list[ContextRow], step: int
) -> None:
    ordered = sorted(events, key=lambda row: row.t_ns)
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder))
        writer = studio.begin()
        add(writer, context=context)
        for start in range(0, len(ordered), step):
            add(writer, events=ordered[start : start + step])
            writer.flush()
        episode = studio.open(writer.close(Losses()))
        found = episode.events.drop_columns(["episode_id", "seq"]).to_pylist()
        titles = sorted(str(row["window_title"]) for row in episode.context.to_pylist())
    assert found == [_plain(row) for row in ordered]
    assert titles == sorted(str(row.window_title) for row in context)


@given(st.lists(st.none() | st.text(max_size=5), max_size=20))
def test_texts_come_back_with_lone_surrogates_replaced(values: list[str | None]) -> None:
    found = column(values, EVENTS.field("key").type)
    found.validate(full=True)
    assert found.to_pylist() == [
        v if v is None else v.encode("utf-8", "replace").decode() for v in values
    ]


@given(st.lists(st.none() | st.floats(width=32, allow_nan=False), max_size=20))
def test_numbers_come_back(values: list[float | None]) -> None:
    found = column(values, EVENTS.field("dx").type).to_pylist()
    for one, other in zip(found, values, strict=True):
        assert one == other or (one is not None and other is not None and math.isclose(one, other))
