"""The made-up day of the reduction's benchmark is one that a person could have had."""

from collections import Counter

from benchmarks.reduction import made_day, measured
from recorder.research import reduce, with_frames


def test_a_short_day_has_mostly_moves_and_every_kind_of_step() -> None:
    day = made_day(20_000)
    found = with_frames(reduce(day.events, day.context), day.frames)
    assert 0.8 < found.counts.moves / found.counts.events < 0.95
    kinds = Counter(found.steps.column("action_type").to_pylist())
    assert {"click", "drag", "scroll", "type", "key"} <= kinds.keys()
    assert found.counts.off_monitor == 0
    assert found.counts.without_frame == found.counts.before_another < found.steps.num_rows / 2


def test_the_figures_are_of_both_profiles_beside_a_copy() -> None:
    found = measured(made_day(500))
    speeds = found["events_per_s"]
    assert isinstance(speeds, dict)
    assert list(speeds) == [
        "reduce, recorder", "reduce, agentnet", "join frames", "copy all columns",
        "scan one column",
    ]  # fmt: skip
    assert found["events"] == 500
