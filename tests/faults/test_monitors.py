"""Monitors that come, go and move while it records: places and pictures agree."""

import io
import random
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recorder.cli.demo_agent import DemoAgent
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.geometry import Rect
from recorder.episodes.reader import Episode
from tests.desktop.recordings import Row, home_on, newest, number, order, rows
from tests.faults.layouts import (
    BOARD,
    LAYOUTS,
    STRANGER,
    Arranger,
    Board,
    Layout,
    Pixels,
    board_over,
    shows_the_stranger,
)

_WAIT_S = 45.0
_ROUNDS = 5
_EDGE_PX = 40
"""What is painted out may reach so far beyond the stranger's window."""


@pytest.fixture
def desk() -> Iterator[tuple[VirtualDesktop, Arranger]]:
    with VirtualDesktop() as desktop, Board(desktop.display):
        yield desktop, Arranger(desktop)


def test_places_and_pictures_agree_while_monitors_come_and_go(
    desk: tuple[VirtualDesktop, Arranger], root: Path, *, soak: bool
) -> None:
    desktop, hands = desk
    layouts = list(LAYOUTS if soak else LAYOUTS[3:5])
    drawn = random.Random(7)  # noqa: S311 - a repeatable order
    for turn in range(_ROUNDS if soak else 1):
        home = root / str(turn)
        home.mkdir(mode=0o700)
        sent = 0
        with DemoAgent(home_on(desktop, home), order(apps=(BOARD,))) as agent:
            for layout in layouts:
                hands.arrange(layout)
                sent += _click_until_bound(agent, desktop, layout)
            agent.stop()
        _check(newest(agent.home), layouts, sent)
        drawn.shuffle(layouts)


def _click_until_bound(agent: DemoAgent, desktop: VirtualDesktop, layout: Layout) -> int:
    """Click on every monitor until each has a click with a frame; gives the number of clicks."""
    end_s = time.monotonic() + _WAIT_S
    sent, missing = 0, layout.monitors
    while missing:
        assert time.monotonic() < end_s, f"{layout.name}: no frame on {missing}"
        for monitor in missing:
            desktop.hands.click(*_spot(monitor))
            sent += 1
        bound = {
            area
            for row, areas in _clicks(newest(agent.home))
            if row["frame_id"] is not None and tuple(areas) == layout.monitors
            for area in areas
            if area.contains(number(row["x"]), number(row["y"]))
        }
        missing = tuple(monitor for monitor in layout.monitors if monitor not in bound)
    return sent


def _spot(monitor: Rect) -> tuple[int, int]:
    """Give a pixel of the monitor that shows the board."""
    thirds = ((1, 1), (2, 2), (1, 2), (2, 1))
    spots = [(monitor.x + monitor.w * a // 3, monitor.y + monitor.h * b // 3) for a, b in thirds]
    return next(spot for spot in spots if not STRANGER.contains(*spot))


def _clicks(episode: Episode) -> Iterator[tuple[Row, list[Rect]]]:
    """Give each press with the monitors in force, the primary one first."""
    told = _geometries(episode)
    for row in rows(episode):
        if row["kind"] == "button_down":
            yield row, _in_force(told, number(row["t_ns"]))


def _geometries(episode: Episode) -> list[tuple[int, list[Rect]]]:
    return [
        (row["t_ns"], [Rect(m["x"], m["y"], m["w"], m["h"]) for m in row["monitors"]])
        for row in episode.context.to_pylist()
        if row["kind"] == "geometry"
    ]


def _in_force(told: list[tuple[int, list[Rect]]], t_ns: int) -> list[Rect]:
    return [areas for since_ns, areas in told if since_ns <= t_ns][-1]


def _check(episode: Episode, layouts: list[Layout], sent: int) -> None:
    assert episode.problems == ()
    told = _geometries(episode)
    seen = iter([tuple(areas) for _, areas in told])
    assert all(layout.monitors in seen for layout in layouts), "each was told, in this order"
    assert not [row for row in rows(episode) if row["kind"] == "pause"]
    frames = {row["frame_id"]: row for row in episode.frames.to_pylist()}
    for row in frames.values():
        _check_frame(row, told, frames)
    clicks = list(_clicks(episode))
    assert len(clicks) == sent
    for row, areas in clicks:
        area = areas[number(row["monitor_id"])]
        assert area.contains(number(row["x"]), number(row["y"]))
        if row["frame_id"] in frames:
            assert _area(frames[row["frame_id"]]) == area


def _check_frame(row: Row, told: list[tuple[int, list[Rect]]], frames: dict[int, Row]) -> None:
    """A frame is one monitor's as it was from the grab's begin to its end, and shows its place."""
    area = _area(row)
    for t_ns in (row["t_grab_start_ns"], row["t_grab_end_ns"]):
        assert _in_force(told, number(t_ns))[number(row["monitor_id"])] == area
    source = row if row["image"] else frames[number(row["dup_of_frame_id"])]
    picture = _picture(source)
    assert picture.shape == (area.h, area.w, 3)
    assert not shows_the_stranger(picture)
    differs = (picture != board_over(area)).any(axis=-1)
    hidden = STRANGER.grow(_EDGE_PX).moved(-area.x, -area.y).intersect(Rect(0, 0, area.w, area.h))
    differs[hidden.y : hidden.bottom, hidden.x : hidden.right] = False
    assert not differs.any(), f"{np.argwhere(differs)[:3]} of {area} is not what the screen showed"


def _area(row: Row) -> Rect:
    return Rect(*(number(row[name]) for name in ("origin_x", "origin_y", "width", "height")))


def _picture(row: Row) -> Pixels:
    image = row["image"]
    assert isinstance(image, dict)
    with Image.open(io.BytesIO(image["bytes"])) as found:
        return np.asarray(found.convert("RGB"))
