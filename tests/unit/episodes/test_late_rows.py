"""Forgetting to the instant: rows that come late, floored times, files a crash left twice."""

from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.core.losses import Losses
from recorder.episodes.names import parts_in_force
from tests.unit.episodes.studio import SECOND, T0, Studio, add, focus, frame, moves, opening

_MS = 1_000_000


def test_of_two_files_for_the_same_rows_the_rewritten_one_counts() -> None:
    old = "context-000000-0000005-0000051.m00.parquet"
    new = "context-000000-0000050-0000051.m00.parquet"
    for names in ([old, new], [new, old]):
        assert list(map(str, parts_in_force(names))) == [new]


def test_rows_of_a_forgotten_time_that_come_late_are_counted_not_stored(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, context=opening(), events=moves(0, 2))
    writer.forget(T0 + SECOND, T0 + 3 * SECOND)
    add(writer, events=moves(2, 2), frames=[frame(1, 2)], context=[focus(2)])
    add(writer, events=moves(3, 2))
    episode = studio.open(writer.close(Losses()))
    kinds = [(row["kind"], row["t_ns"] // SECOND) for row in episode.events.to_pylist()]
    assert kinds == [("move", 0), ("move", 0), ("removed", 1), ("move", 3), ("move", 3)]
    assert (episode.frames.num_rows, episode.context.num_rows) == (0, 3)
    assert episode.manifest is not None
    assert {s: found["forgotten"] for s, found in episode.manifest.losses.items()} == {
        "input": 2,
        "screen": 1,
        "context": 1,
    }


def test_a_key_whose_time_was_floored_before_the_instant_is_forgotten_with_it(
    studio: Studio,
) -> None:
    floored = EventRow(
        T0 + 950 * _MS, Kind.KEY_DOWN, key_class=KeyClass.CHAR, redaction=Redaction.CLASS
    )
    writer = studio.begin()
    add(writer, events=[floored])
    writer.flush()
    writer.forget(T0 + 960 * _MS)
    kinds = studio.open(writer.path).events.column("kind").to_pylist()
    assert kinds == ["removed"]
