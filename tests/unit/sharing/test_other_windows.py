"""Pictures that also show windows which a study may not have: left out, counted, said."""

import io
import tarfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from recorder.core.events import EventRow, Kind
from recorder.core.frames import FrameRow
from recorder.core.levels import KeyboardLevel, Levels, TitlesLevel
from recorder.core.losses import Loss, Losses
from recorder.episodes.reader import Episode
from recorder.episodes.rows import to_table
from recorder.episodes.selection import TimeRange
from recorder.review.approvals import facts_of
from recorder.sharing.approval import Approval
from recorder.sharing.approved_content import content_of, open_approved
from recorder.sharing.left_out import left_out_lines
from recorder.sharing.within import BeyondConsent, Bounds, WithinCheck, may_show
from tests.unit.episodes.studio import SECOND, T0, add, focus, frame, moves, opening
from tests.unit.sharing.desk import TEXT, Desk
from tests.unit.sharing.plain import plain_payload

TERMINAL = ("xterm",)
BOTH = ("xterm", "zenity")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Make one whose study may have the terminal alone."""
    desk = Desk(tmp_path, monkeypatch)
    desk.person.join(desk.study, TEXT, TERMINAL)
    return desk


def shot(
    number: int, apps: tuple[str, ...] | None, dup_of: int | None = None, at_s: float | None = None
) -> FrameRow:
    """Give a frame of the second of its number, or of another one."""
    image = None if dup_of is not None else b"picture-%d" % number
    found = frame(number, number if at_s is None else at_s, image)
    return replace(found, dup_of_frame_id=dup_of, apps=apps)


def recorded(desk: Desk, *frames: FrameRow) -> Episode:
    """Write half a minute in a terminal, with a click on each frame."""
    writer = desk.studio.begin()
    clicks = [
        EventRow(one.t_grab_end_ns + 1, Kind.BUTTON_DOWN, button="left", frame_id=one.frame_id)
        for one in frames
    ]
    add(writer, context=[*opening(), focus(0)], frames=frames, events=[*moves(0, 30, 1.0), *clicks])
    return desk.studio.open(writer.close(Losses()))


def rows(desk: Desk, approval: Approval, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with tarfile.open(fileobj=io.BytesIO(plain_payload(approval, desk.person.identity))) as tar:
        for member in tar:
            if member.name.startswith(table) and (file := tar.extractfile(member)):
                found += pq.read_table(io.BytesIO(file.read())).to_pylist()
    return found


def pictures(desk: Desk, approval: Approval) -> list[bytes | None]:
    images = [row["image"] for row in rows(desk, approval, "frames")]
    return [None if image is None else image["bytes"] for image in images]


def left_out(approval: Approval) -> dict[Loss, int]:
    assert approval.statement is not None
    return approval.statement.left_out


def test_a_picture_of_another_window_stays_here_and_its_action_goes_without(desk: Desk) -> None:
    episode = recorded(desk, shot(1, TERMINAL), shot(2, BOTH), shot(3, None), shot(4, ()))
    approval = desk.approve(episode)
    assert pictures(desk, approval) == [b"picture-1", b"picture-4"]
    clicked = [row["frame_id"] for row in rows(desk, approval, "events") if row["button"]]
    assert clicked == [0, None, None, 1]
    assert left_out(approval) == {Loss.OTHER_WINDOWS: 1, Loss.UNKNOWN_CONTEXT: 1}
    assert b"picture-2" not in plain_payload(approval, desk.person.identity)


def test_what_a_study_with_any_app_gets_is_all_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, monkeypatch)
    desk.person.join(desk.study, TEXT)
    approval = desk.approve(recorded(desk, shot(1, BOTH), shot(2, None)))
    assert pictures(desk, approval) == [b"picture-1", b"picture-2"]
    assert left_out(approval) == {}


def test_no_duplicate_brings_a_picture_that_is_left_out(desk: Desk) -> None:
    frames = shot(1, BOTH), shot(2, TERMINAL, 1), shot(3, TERMINAL), shot(4, BOTH, 3)
    approval = desk.approve(recorded(desk, *frames))
    assert pictures(desk, approval) == []
    assert left_out(approval) == {Loss.OTHER_WINDOWS: 4}


def test_a_duplicate_beyond_the_times_keeps_its_picture_back_too(desk: Desk) -> None:
    episode = recorded(desk, shot(1, TERMINAL), shot(2, BOTH, 1, at_s=20), shot(3, TERMINAL))
    approval = desk.approve(episode, [TimeRange(0, 10 * SECOND)])
    assert pictures(desk, approval) == [b"picture-3"]
    assert left_out(approval) == {Loss.OTHER_WINDOWS: 1}


def test_an_heir_takes_over_the_picture_of_a_frame_of_other_times(desk: Desk) -> None:
    episode = recorded(desk, shot(1, TERMINAL), shot(12, TERMINAL, 1), shot(13, TERMINAL, 1))
    approval = desk.approve(episode, [TimeRange(10 * SECOND, 20 * SECOND)])
    told = [(row["frame_id"], row["dup_of_frame_id"]) for row in rows(desk, approval, "frames")]
    assert pictures(desk, approval) == [b"picture-1", None]
    assert told == [(0, None), (1, 0)]


def test_it_is_said_before_anything_leaves(desk: Desk) -> None:
    frames = [shot(number, BOTH) for number in range(1, 13)]
    approval = desk.approve(recorded(desk, *frames, shot(20, None), shot(21, TERMINAL)))
    said = [
        "12 pictures also showed windows of other programs: left out",
        "1 picture may also show windows of other programs, which was not noted: left out",
    ]
    (planned,) = desk.plan().planned
    assert left_out_lines(planned.left_out) == said
    assert planned.contents.removed == {Loss.OTHER_WINDOWS, Loss.UNKNOWN_CONTEXT}
    shown = content_of(open_approved(approval, desk.person.identity))
    assert dict(facts_of(approval, shown))["Not in it"] == "; ".join(said)
    assert planned.contents.windows == TERMINAL


def test_who_agrees_to_less_since_must_approve_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path, monkeypatch)
    desk.person.join(desk.study, TEXT)
    episode = recorded(desk, shot(1, BOTH), shot(2, TERMINAL))
    desk.approve(episode)
    desk.person.join(desk.study, TEXT, TERMINAL)
    with pytest.raises(BeyondConsent, match="windows of other programs"):
        desk.plan(named=True)
    desk.approve(episode)
    assert len(desk.share()) == 1


def test_names_of_windows_go_no_further_than_the_titles_level() -> None:
    rows = _frames(("chromium:a.example.com",))
    for titles, is_told in (
        (TitlesLevel.OFF, False), (TitlesLevel.APP, False), (TitlesLevel.HOST, True),
    ):  # fmt: skip
        check = WithinCheck(Bounds(Levels(keyboard=KeyboardLevel.TEXT, titles=titles), ("*",)))
        if is_told:
            check.look("frames", rows)
        else:
            with pytest.raises(BeyondConsent, match="windows or sites"):
                check.look("frames", rows)
    off = WithinCheck(Bounds(Levels(titles=TitlesLevel.OFF), ("*",)))
    off.look("frames", _frames(None))
    with pytest.raises(BeyondConsent, match="windows or sites"):
        off.look("frames", _frames(TERMINAL))


def _frames(apps: tuple[str, ...] | None) -> Any:  # noqa: ANN401 - pyarrow has no types

    return to_table("frames", [shot(1, apps)], [0], "", T0)


@pytest.mark.parametrize(
    ("listed", "apps", "may"),
    [
        (("*",), None, True),
        (("*:*.example.com",), None, False),
        (("xterm",), None, False),
        ((), (), True),
        (("xterm",), ("XTerm",), True),
        (("xterm",), ("xterm", "zenity"), False),
        (("chromium:*.example.com",), ("chromium:a.example.com",), True),
        (("chromium:*.example.com",), ("chromium",), False),
        (("chromium:*.example.com",), ("chromium:?",), False),
        (("chromium",), ("chromium:a.example.com", "chromium"), True),
        (("*",), ("chromium:a.example.com", "zenity"), True),
    ],
)
def test_a_picture_goes_where_all_of_its_windows_may(
    listed: Sequence[str], apps: Sequence[str] | None, *, may: bool
) -> None:
    assert may_show(listed, apps) is may
