"""Decisions: bound to the picture shown, undone until applied, then gone for good."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from recorder.consent.keys import load_public_key
from recorder.core.geometry import Rect
from recorder.core.losses import Losses
from recorder.episodes.repainting import repaint
from recorder.review.changes import MOST
from recorder.sharing.approval import approvals
from tests.unit.episodes.studio import SECOND, WALL, add
from tests.unit.episodes.studio import opening as opening_rows
from tests.web.site import Site, window, write_day
from tests.web.stored import Facts, applied, clock, decided, events, pixels


def test_a_range_waits_until_it_is_applied_and_is_gone_then(site: Site, home: Path) -> None:
    waiting = decided(site, home, kind="range", start_ns=11 * SECOND, end_ns=21 * SECOND)
    assert "delete 11:06:51 to 11:07:01, 10 s" in waiting[0]["says"].replace(
        clock(11), "11:06:51"
    ).replace(clock(21), "11:07:01")
    assert any(row["key"] == "w" for row in events(site.studio, home))
    assert applied(site)["changes"] == []
    rows = events(site.studio, home)
    assert not any(
        11 * SECOND <= row["t_ns"] < 21 * SECOND for row in rows if row["kind"] != "removed"
    )
    assert [row["kind"] for row in rows].count("removed") == 1
    assert site.api(f"episode/{home.name}/frame/2").status == 422
    assert "Type write to" not in site.search("write").text


@pytest.mark.parametrize(
    ("what", "gone", "kept"),
    [
        ({"kind": "app", "app_id": "xterm"}, "w", "g"),
        ({"kind": "site", "host": "jira.example.com"}, "g", "w"),
    ],
)
def test_an_app_or_a_site_goes_from_a_recording(
    site: Site, home: Path, what: Facts, gone: str, kept: str
) -> None:
    waiting = decided(site, home, **what)
    assert list(what.values())[1] in waiting[0]["says"]
    assert "pictures)" in waiting[0]["says"]
    left = "may show it beside another window" in waiting[0]["says"]
    assert left is (what["kind"] == "app")
    applied(site)
    keys = {row["key"] for row in events(site.studio, home)}
    assert gone not in keys
    assert kept in keys


def test_a_typed_line_goes_and_nothing_else(site: Site, home: Path) -> None:
    facts = next(
        f for n in range(23)
        if (f := site.api(f"episode/{home.name}/moment/{n}").json)["kind"] == "type"
    )  # fmt: skip
    first, last = facts["seqs"]
    before = len(events(site.studio, home))
    decided(site, home, kind="typed", first_seq=first, last_seq=last)
    applied(site)
    rows = events(site.studio, home)
    assert not any(row["key"] == "w" for row in rows)
    assert any(row["kind"] == "move" and row["t_ns"] > 4 * SECOND for row in rows)
    assert len(rows) == before - (last - first + 1) + 1


def test_a_whole_recording_goes_with_its_key(site: Site, home: Path) -> None:
    decided(site, home, kind="episode")
    assert home.exists()
    assert applied(site)["changes"] == []
    assert not home.exists()
    assert site.page(f"episode/{home.name}").status == 404


def test_everything_goes(site: Site, home: Path) -> None:
    other = write_day(site.studio, wall_ns=WALL + 86_400 * SECOND)
    answer = site.tell("changes", {"kind": "everything"})
    assert "2 recordings" in answer.json["changes"][0]["says"]
    applied(site)
    assert not home.exists()
    assert not other.exists()


def test_an_app_goes_from_all_recordings_of_a_day(site: Site, home: Path) -> None:
    other = write_day(site.studio, wall_ns=WALL + 600 * SECOND)
    day = datetime.fromtimestamp(WALL / 1e9).astimezone().date().isoformat()
    answer = site.tell("changes", {"kind": "day_app", "day": day, "app_id": "xterm"})
    assert len(answer.json["changes"]) == 2
    applied(site)
    for path in (home, other):
        assert "w" not in {row["key"] for row in events(site.studio, path)}
    assert site.tell("changes", {"kind": "day_app", "day": day, "app_id": "nope"}).status == 404
    assert site.tell("changes", {"kind": "day_app", "day": "x", "app_id": "xterm"}).status == 422


def test_a_box_is_painted_out_here(site: Site, home: Path) -> None:
    named = site.painted(home.name, 3)
    box = {"frames": [3], "sha256": named["sha256"], "x": 32, "y": 36, "w": 80, "h": 20}
    other = pixels(site, home, 4).copy()
    assert len(np.unique(pixels(site, home, 3)[36:56, 32:112])) > 1
    decided(site, home, kind="paint", painted=[named], boxes=[box])
    applied(site)
    assert len(np.unique(pixels(site, home, 3)[36:56, 32:112])) == 1
    assert np.array_equal(pixels(site, home, 4), other)
    page = site.api(f"episode/{home.name}/moments?view=redacted&count=100")
    assert page.status == 200


def test_a_box_is_painted_out_in_the_pictures_of_a_window(site: Site, home: Path) -> None:
    asked = f"episode/{home.name}/affected?frame=3&x=32&y=36&w=80&h=20"
    groups = site.api(asked).json["pictures"]
    frames = [one for group in groups for one in group["frames"]]
    assert 3 in frames
    assert len(frames) > 3
    assert any(group["unsure"] for group in groups)
    boxes = [
        {"frames": group["frames"], "sha256": group["sha256"], **group["box"]} for group in groups
    ]
    waiting = decided(site, home, kind="paint", painted=[site.painted(home.name, 3)], boxes=boxes)
    assert f"in {len(frames)} pictures" in waiting[0]["says"]
    assert f"Painted in {len(frames)} pictures." in applied(site)["said"][0]
    for frame in frames:
        assert len(np.unique(pixels(site, home, frame)[36:56, 32:112])) == 1


def test_a_decision_about_another_picture_is_refused(site: Site, home: Path) -> None:
    named = site.painted(home.name, 3)
    box = {"frames": [3], "sha256": named["sha256"], "x": 32, "y": 36, "w": 80, "h": 20}
    sent = {"episode": home.name, "kind": "paint", "painted": [named], "boxes": [box]}
    repaint(site.studio.open(home), {3: Rect(0, 0, 64, 64)})
    wrong = [
        sent,
        {**sent, "painted": []},
        {"episode": home.name, "kind": "app", "app_id": "xterm", "painted": [named]},
        {**sent, "painted": [{**named, "frame_id": 4}]},
        {**sent, "painted": [{**named, "frame_id": 99}]},
    ]
    for body in wrong:
        answer = site.tell("changes", body)
        assert answer.status == 409
        assert "not the one that is stored" in answer.json["error"]
    assert site.api("changes").json["changes"] == []


def test_undo_takes_back_until_applied_and_not_after(site: Site, home: Path) -> None:
    decided(site, home, kind="app", app_id="xterm")
    waiting = decided(site, home, kind="episode")
    left = site.tell("undo", {"number": waiting[0]["number"]}).json["changes"]
    assert [change["number"] for change in left] == [waiting[1]["number"]]
    assert site.tell("undo", {}).json["changes"] == []
    assert site.tell("undo", {}).json["changes"] == []
    before = events(site.studio, home)
    applied(site)
    assert events(site.studio, home) == before
    decided(site, home, kind="app", app_id="xterm")
    applied(site)
    site.tell("undo", {})
    assert events(site.studio, home) != before


def test_a_task_gets_another_name_through_redaction(site: Site, home: Path) -> None:
    task = site.api(f"episode/{home.name}/tasks").json["tasks"][0]
    assert task["instruction"] == "Order two bicycles"
    decided(site, home, kind="label", seq=task["seq"], instruction=" Order for Ann ")
    applied(site)
    assert site.labels == ["Order for Ann"]
    assert (
        site.api(f"episode/{home.name}/tasks").json["tasks"][0]["instruction"] == "<Order for Ann>"
    )
    decided(site, home, kind="label", seq=task["seq"], instruction=None)
    applied(site)
    assert site.api(f"episode/{home.name}/tasks").json["tasks"] == []


@pytest.mark.parametrize("extent", [{}, {"start_ns": 4 * SECOND, "end_ns": 20 * SECOND}])
def test_an_approval_binds_what_was_looked_at(site: Site, home: Path, extent: Facts) -> None:
    decided(site, home, kind="approve", study="sleep-2026", **extent)
    folder = site.studio.folder
    user = load_public_key(folder, "user")
    assert list(approvals(folder, user)) == []
    assert "Nothing was sent" in applied(site)["said"][0]
    found = next(iter(approvals(folder, user)))
    assert (found.study, found.episode_id, found.state) == ("sleep-2026", home.name, "valid")
    assert found.statement is not None
    assert (found.statement.rows["frames"] < 11) is bool(extent)
    assert "approved" in site.page().text
    decided(site, home, kind="range", start_ns=11 * SECOND, end_ns=21 * SECOND)
    applied(site)
    assert list(approvals(folder, user)) == []


def test_deletions_go_before_approvals_whatever_was_decided_first(site: Site, home: Path) -> None:
    decided(site, home, kind="approve", study="sleep")
    decided(site, home, kind="range", start_ns=11 * SECOND, end_ns=21 * SECOND)
    applied(site)
    found = next(iter(approvals(site.studio.folder, load_public_key(site.studio.folder, "user"))))
    assert found.state == "valid"


def test_what_cannot_be_done_stays_with_its_reason(site: Site, home: Path) -> None:
    other = write_day(site.studio, wall_ns=WALL + 600 * SECOND)
    decided(site, home, kind="app", app_id="xterm")
    decided(site, other, kind="app", app_id="xterm")
    (home / "key.age").write_bytes(b"nothing")
    left = applied(site)["changes"]
    assert len(left) == 1
    assert "sealed to another key" in left[0]["trouble"]
    assert "w" not in {row["key"] for row in events(site.studio, other)}


@pytest.mark.parametrize(
    "body",
    [
        {}, [], {"kind": "none"}, {"kind": "range"}, {"kind": "episode"}, {"kind": "episode", "episode": "../.."},
        {"kind": "range", "episode": "{id}", "start_ns": 5, "end_ns": 5},
        {"kind": "range", "episode": "{id}", "start_ns": -5, "end_ns": 5},
        {"kind": "range", "episode": "{id}", "start_ns": "1", "end_ns": 5},
        {"kind": "range", "episode": "{id}", "start_ns": 0, "end_ns": 10**30},
        {"kind": "app", "episode": "{id}", "app_id": "gimp"},
        {"kind": "app", "episode": "{id}", "app_id": ""},
        {"kind": "app", "episode": "{id}", "app_id": "xterm", "more": 1},
        {"kind": "typed", "episode": "{id}", "first_seq": 9, "last_seq": 1},
        {"kind": "label", "episode": "{id}", "seq": 0, "instruction": "x"},
        {"kind": "label", "episode": "{id}", "seq": 2, "instruction": "x" * 2001},
        {"kind": "approve", "episode": "{id}", "study": "../x"},
        {"kind": "paint", "episode": "{id}", "boxes": []},
        {"kind": "paint", "episode": "{id}", "boxes": [{"frames": [1], "sha256": "x", "x": 0, "y": 0, "w": 9, "h": 9}]},
    ],
)  # fmt: skip
def test_decisions_that_make_no_sense_change_nothing(
    site: Site, episode_id: str, body: object
) -> None:
    if isinstance(body, dict):
        body = {k: episode_id if v == "{id}" else v for k, v in body.items()}
    answer = site.tell("changes", body)
    assert answer.status in {404, 422}
    assert answer.json["error"]
    assert site.api("changes").json["changes"] == []


def test_a_demonstration_cannot_be_approved(site: Site, home: Path) -> None:
    writer = site.studio.begin(WALL + 600 * SECOND)
    add(writer, context=[*opening_rows(), window(1, "xterm", "a")])
    writer.flush()
    body = {"episode": writer.path.name, "kind": "approve", "study": "s"}
    assert "not closed" in site.tell("changes", body).json["error"]
    writer.close(Losses())


def test_so_many_decisions_wait_at_once(site: Site, home: Path) -> None:
    for _ in range(MOST):
        site.room.changes.add(home.name, "x", None)  # type: ignore[arg-type]  # never carried out
    answer = site.tell("changes", {"kind": "everything"})
    assert (answer.status, answer.json["fix"]) == (409, "apply them first")


def test_nothing_of_what_was_deleted_is_left_in_any_file(site: Site, home: Path) -> None:
    gone = site.api(f"episode/{home.name}/frame/2").body
    decided(site, home, kind="range", start_ns=11 * SECOND, end_ns=21 * SECOND)
    applied(site)
    episode = site.studio.open(home)
    for part in episode.files.names():
        rows = episode.files.read(part).to_pylist()
        for row in rows:
            assert (row.get("image") or {}).get("bytes") != gone
            assert row.get("entity") is None
    assert episode.summary is not None
    assert "keyboard" not in episode.summary.redactions
    assert {p.suffix for p in home.iterdir()} <= {".parquet", ".json", ".age"}
