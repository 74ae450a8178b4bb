"""Rows of context from scenes: only what changed, nothing of what is out of scope."""

from dataclasses import replace

from recorder.agent.scene_rows import SceneRows
from recorder.core.context import ContextKind
from recorder.core.geometry import Monitor, Rect
from recorder.core.scenes import Gate, Paint, Scene, Window

MONITORS = (Monitor(0, Rect(0, 0, 800, 600)),)
MINE = Window(1, Rect(0, 0, 10, 10), Paint.REDACT, "xterm", "XTerm", "one")
OTHER = Window(2, Rect(0, 0, 10, 10), Paint.HIDE, "diary", "Diary", "Dear diary")
OPEN = Scene(5, MONITORS, (MINE, OTHER), focus=1, gate=Gate.OPEN)


def test_the_first_scene_tells_geometry_and_focus() -> None:
    rows = SceneRows().feed(OPEN)
    assert [row.kind for row in rows] == [ContextKind.GEOMETRY, ContextKind.FOCUS]
    assert rows[1].app_id == "xterm"


def test_an_equal_scene_tells_nothing() -> None:
    seen = SceneRows()
    seen.feed(OPEN)
    assert seen.feed(replace(OPEN, t_ns=6)) == []


def test_a_new_title_is_a_title_row() -> None:
    seen = SceneRows()
    seen.feed(OPEN)
    rows = seen.feed(replace(OPEN, windows=(replace(MINE, title="two"), OTHER)))
    assert [(row.kind, row.window_title) for row in rows] == [(ContextKind.TITLE, "two")]


def test_a_window_out_of_scope_leaves_no_name_and_no_place() -> None:
    seen = SceneRows()
    seen.feed(OPEN)
    (row,) = seen.feed(replace(OPEN, t_ns=9, focus=2, gate=Gate.EXCLUDED))
    assert (row.app_id, row.app_name, row.window_title, row.x) == (None, None, None, None)


def test_what_cannot_be_told_is_a_row_when_it_begins_and_when_it_ends() -> None:
    seen = SceneRows()
    seen.feed(OPEN)
    dim = replace(OPEN, degraded=("multiplexer", "no_accessibility"))
    assert [row.outcome for row in seen.feed(dim)] == ["multiplexer no_accessibility"]
    assert seen.feed(replace(dim, t_ns=9)) == []
    (row,) = seen.feed(OPEN)
    assert (row.kind, row.outcome) == (ContextKind.STREAM, "")
