"""The extrapolation multiplies what was measured, and tells nothing that was not."""

import json

from benchmarks.scale import rows

BENCH = json.dumps({
    "schema": "recorder.benchmark/1",
    "budgets": [{"what": "disk, a minute of mixed use", "measured": 2.0, "limit": 2, "unit": "MB"}],
})  # fmt: skip
BUILDING = "build                                   100 MB/s of a core\ncopy with pyarrow   150 MB/s of a core"
ERASING = json.dumps({"rows": [{"shards": 100, "cpu_s": 0.01, "list_bytes": 30_000}]})


def told(**files: str) -> dict[str, str]:
    return {row.what: row.much for row in rows(files, 10_000, 1_000)}


def test_storage_is_minutes_times_people() -> None:
    assert told(bench=BENCH)["recordings"] == "1,200 TB"
    assert told(bench=BENCH)["recordings of one person"] == "120 GB"


def test_core_hours_come_from_the_speed_of_the_build_and_not_of_the_copy() -> None:
    found = told(bench=BENCH, building=BUILDING)
    assert found["building a dataset of all"] == "3,333 core hours"


def test_erasing_grows_with_the_list_and_the_list_has_a_limit() -> None:
    found = told(bench=BENCH, erasing=ERASING)
    assert found["the list of one dataset of all"] == "720 MB"
    assert found["datasets that it must be split into"] == "12"
    assert found["erasing one person from all lists"] == "240.0 s of a core"


def test_what_was_not_measured_is_not_told() -> None:
    assert told() == {}
    assert "building a dataset of all" not in told(bench=BENCH)
