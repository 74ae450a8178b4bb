"""What the demonstration says, and when it says that it failed."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from recorder.cli.demo_check import Leak
from recorder.cli.demo_report import Checked, Report, look_at

_KINDS = ["move", "key_down", "secure_begin", "secure_end", "pause", "resume", "button_down"]
_IMAGE = {"bytes": b"webp", "path": None}


def _report() -> Report:
    events = pa.table(
        {
            "t_ns": [0, 1, 2, 3, 4, 5, 31_000_000_000],
            "kind": _KINDS,
            "entity": [None, "EMAIL_1", None, None, None, None, None],
        }
    )
    frames = pa.table(
        {
            "image": [_IMAGE, None],
            "redacted_boxes": [[{"reason": "EMAIL_1"}, {"reason": "scope"}], []],
        }
    )
    context = pa.table({"app_id": [None, "xterm", "chromium", "xterm"]})
    checked = Checked(secrets=6, files=20, pictures=1, pictures_read=1, leaks=())
    return Report(look_at(events, frames, context), checked, {}, 31.0, Path("demo-output"), 50.0)


def test_a_good_run_has_no_failures_and_says_what_was_kept() -> None:
    report = _report()
    assert report.failures == ()
    assert report.payload()["ok"] is True
    text = report.text()
    for part in ("31 s of xterm, chromium", "1 clicks", "2 EMAIL", "Lost      nothing",
                 "0 of 6 typed secrets", "pandas", "duckdb"):  # fmt: skip
        assert part in text
    assert max(map(len, text.splitlines())) <= 140


def test_a_leak_is_named_and_fails() -> None:
    report = _report()
    leaked = replace(report.checked, leaks=(Leak("card number", "events.key"),))
    report = replace(report, checked=leaked)
    assert report.failures == ("card number found in events.key",)
    assert "FAILED    card number found in events.key" in report.text()


@pytest.mark.parametrize(
    ("field", "value"),
    [("events", {"keys": 0}), ("pictures", 0), ("marks", {}), ("secure_fields", 0),
     ("rows_in_pause", 3)],
)  # fmt: skip
def test_an_empty_or_broken_recording_fails(field: str, value: object) -> None:
    report = _report()
    assert replace(report, stored=replace(report.stored, **{field: value})).failures  # type: ignore[arg-type]  # fields of several types


def test_a_check_that_cannot_read_fails() -> None:
    report = _report()
    assert replace(report, checked=replace(report.checked, pictures_read=0)).failures


def test_rows_between_pause_and_resume_are_counted() -> None:
    events = pa.table({
        "t_ns": [0, 1, 2, 3], "kind": ["pause", "move", "resume", "move"], "entity": [None] * 4,
    })  # fmt: skip
    frames = pa.table(
        {
            "image": pa.array([], pa.struct([("bytes", pa.binary())])),
            "redacted_boxes": pa.array([], pa.list_(pa.struct([("reason", pa.string())]))),
        }
    )
    assert look_at(events, frames, pa.table({"app_id": ["x"]})).rows_in_pause == 1
