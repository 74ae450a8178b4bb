"""The writer: proofs, numbers, segments, what is on disk and what is in the manifest."""

import stat
from typing import Any

import pytest

from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.core.losses import Loss, Losses
from recorder.core.proofs import Redacted, vouch
from recorder.episodes.names import parse_part, parts_in_force
from recorder.episodes.segments import SEGMENT_S
from recorder.episodes.verify import verify
from tests.unit.episodes.studio import (
    GRANT,
    SECOND,
    T0,
    Studio,
    add,
    check,
    focus,
    frame,
    moves,
    opening,
)


def test_rows_come_back_as_they_were_given_with_times_since_the_beginning(studio: Studio) -> None:
    writer = studio.begin()
    key = EventRow(
        T0 + SECOND, Kind.KEY_DOWN, key_class=KeyClass.CHAR, redaction=Redaction.MASKED,
        entity="EMAIL_1", mods=4, is_repeat=False, frame_id=3,
    )  # fmt: skip
    add(writer, events=[key], frames=[frame(3, 0.5)], context=opening())
    writer.flush()
    episode = studio.open(writer.path)
    (row,) = episode.events.to_pylist()
    assert (row["seq"], row["t_ns"], row["kind"], row["entity"]) == (
        0,
        SECOND,
        "key_down",
        "EMAIL_1",
    )
    assert (row["mods"], row["is_repeat"], row["frame_id"], row["x"]) == (4, False, 3, None)
    (shot,) = episode.frames.to_pylist()
    assert shot["image"] == {"bytes": b"RIFFwebp", "path": None}
    assert (shot["t_grab_end_ns"], shot["phash64"]) == (SECOND // 2, -3)
    assert shot["redacted_boxes"][0] == {"x": 1, "y": 2, "w": 30, "h": 4, "reason": "EMAIL_1"}
    assert [r["kind"] for r in episode.context.to_pylist()] == ["consent", "geometry", "clock"]
    assert episode.context.to_pylist()[1]["monitors"][0]["w"] == 1920


@pytest.mark.parametrize("bad", [EventRow(T0, Kind.MOVE), vouch("text"), vouch(frame(1, 1.0))])
def test_only_redacted_rows_of_the_right_kind_are_taken(
    studio: Studio, bad: Redacted[EventRow]
) -> None:
    writer = studio.begin()
    with pytest.raises(TypeError):
        writer.add_events([bad], GRANT)
    context: Any = bad
    with pytest.raises(TypeError):
        writer.add_context([context], GRANT)


def test_nothing_is_taken_without_a_live_grant(studio: Studio) -> None:
    writer = studio.begin()
    forged: Any = object()
    with pytest.raises(TypeError):
        writer.add_events([vouch(EventRow(T0, Kind.MOVE))], forged)
    with pytest.raises(TypeError):
        writer.add_frame(vouch(frame(1, 1.0)), forged)


def test_each_flush_leaves_a_micro_batch_and_sealing_replaces_them(studio: Studio) -> None:
    writer = studio.begin()
    for second in range(3):
        add(writer, events=moves(second, 5))
        writer.flush()
    names = sorted(path.name for path in writer.path.glob("events-*"))
    assert names[1] == "events-000000-0000001-0000002.m01.parquet"
    writer.seal()
    names = [path.name for path in writer.path.glob("events-*")]
    assert names == ["events-000000-0000000-0000003.parquet"]


def test_a_segment_spans_at_most_sixty_seconds_and_numbers_have_no_holes(studio: Studio) -> None:
    writer = studio.begin()
    for second in range(0, 200, 15):
        add(writer, events=moves(second + 0.5, 4), frames=[frame(second, second)])
        writer.flush()
    home = writer.close(Losses())
    parts = parts_in_force(path.name for path in home.iterdir())
    assert all(part.batch is None and part.end_s - part.start_s <= SEGMENT_S for part in parts)
    assert len({part.segment for part in parts}) > 3
    seqs = studio.open(home).events.column("seq").to_pylist()
    assert seqs == list(range(len(range(0, 200, 15)) * 4))


def test_a_long_wait_between_flushes_is_cut_into_short_segments(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 300, step_s=1.0))
    home = writer.close(Losses())
    parts = parts_in_force(path.name for path in home.iterdir())
    assert len(parts) >= 5
    assert all(part.end_s - part.start_s <= SEGMENT_S for part in parts)


def test_segments_joined_equal_the_whole(studio: Studio, plain_studio: Studio) -> None:
    rows = moves(0, 500, step_s=0.4)
    many, one = studio.begin(), plain_studio.begin()
    for start in range(0, 500, 40):
        add(many, events=rows[start : start + 40])
        many.flush()
    add(one, events=rows)
    columns = ["seq", "t_ns", "x", "y"]
    whole = plain_studio.open(one.close(Losses())).read("events", columns)
    assert studio.open(many.close(Losses())).read("events", columns).equals(whole)


def test_frames_that_arrive_late_are_sorted_within_their_segment(studio: Studio) -> None:
    writer = studio.begin()
    for number, at_s in enumerate([5.0, 3.0, 4.0, 1.0]):
        add(writer, frames=[frame(number, at_s)])
        writer.flush()
    home = writer.close(Losses())
    assert studio.open(home).read("frames", ["frame_id"]).column(0).to_pylist() == [3, 1, 2, 0]


def test_files_are_the_owners_only_and_show_nothing(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 3), context=[focus(0.1)], frames=[frame(1, 0.2)])
    home = writer.close(Losses())
    for path in home.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        data = path.read_bytes()
        assert not any(word in data for word in (b"xterm", b"Mail", b"RIFFwebp", b"window_title"))
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_the_manifest_comes_last_and_tells_nothing_of_what_was_done(studio: Studio) -> None:
    writer = studio.begin()
    add(writer, events=moves(0, 3), context=[*opening(), focus(0.1)])
    losses = Losses()
    losses.add("screen", Loss.OVER_BUDGET, 4)
    writer.seal()
    assert studio.open(writer.path).manifest is None
    home = writer.close(losses, ended_ns=T0 + 90 * SECOND)
    found = verify(home, check)
    assert found.ok
    assert found.manifest.duration_s == 90
    assert found.manifest.losses == {"screen": {"over_budget": 4}}
    assert {f.name for f in found.manifest.files} >= {"key.age", "summary.json.age"}
    assert (found.manifest.grant, found.manifest.capture.keyboard) == ("person", "class")


def test_the_summary_is_for_the_owner(studio: Studio) -> None:
    writer = studio.begin()
    masked = EventRow(T0, Kind.KEY_DOWN, redaction=Redaction.MASKED, entity="TAX_ID_2")
    add(writer, events=[masked], frames=[frame(1, 0.2)], context=[focus(0.1), focus(0.3)])
    summary = studio.open(writer.close(Losses())).summary
    assert summary is not None
    assert [(app.app_id, app.focus_rows) for app in summary.apps] == [("xterm", 2)]
    assert summary.redactions == {"keyboard": {"TAX_ID": 1}, "screen": {"EMAIL": 1, "scope": 1}}
    assert summary.counts["events"] == 1


def test_what_could_not_be_told_stands_in_the_summary_with_its_fix(studio: Studio) -> None:
    writer = studio.begin()
    began = ContextRow(T0, ContextKind.STREAM, outcome="multiplexer no_accessibility")
    add(writer, context=[began, ContextRow(T0 + SECOND, ContextKind.STREAM, outcome="")])
    summary = studio.open(writer.close(Losses())).summary
    assert summary is not None
    assert summary.degraded.keys() == {"multiplexer", "no_accessibility"}
    assert "recorder open chromium" in summary.degraded["no_accessibility"]


def test_context_numbers_are_given_at_once(studio: Studio) -> None:
    writer = studio.begin()
    assert add(writer, context=opening()) == [0, 1, 2]
    writer.flush()
    assert add(writer, context=[focus(1)]) == [3]


def test_a_jump_of_the_wall_clock_gives_a_new_anchor(studio: Studio) -> None:
    writer = studio.begin()
    late = opening()[2]
    add(writer, context=[late, type(late)(T0 + 9 * SECOND, late.kind, wall_ns=late.wall_ns)])
    home = writer.close(Losses())
    assert len(verify(home, check).manifest.anchors) == 2


def test_names_of_other_files_are_no_parts() -> None:
    for name in ("events-1-2-3.parquet", "../events-000000-0000000-0000001.parquet", "x", ""):
        assert parse_part(name) is None
