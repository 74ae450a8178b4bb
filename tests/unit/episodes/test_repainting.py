"""Painting boxes out: the pixels are gone, wherever the same picture or window is shown."""

import hashlib
import io
import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, Kind
from recorder.core.frames import FrameRow
from recorder.core.geometry import Rect
from recorder.core.losses import Losses
from recorder.episodes.reader import Episode
from recorder.episodes.repainting import FrameUnknown, frames_of_window, on_grid, repaint
from recorder.episodes.selection import Selection, ranges_of
from recorder.episodes.table_files import DamagedFile
from recorder.episodes.verify import verify
from recorder.episodes.window_frames import frames_beside
from recorder.pictures import PAINT_VALUE, difference_hash
from tests.unit.episodes.studio import SECOND, T0, Studio, add, check, frame, opening

WIDTH, HEIGHT = 320, 200
BOX = Rect(32, 20, 48, 10)


def noise(seed: int) -> bytes:
    """Give a picture in which every pixel differs."""
    pixels = np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True)
    return file.getvalue()


def shown(frame_id: int, seed: int, dup_of: int | None = None) -> FrameRow:
    image = noise(seed)
    return replace(
        frame(frame_id, frame_id * 10 + 1, image if dup_of is None else None),
        sha256=hashlib.sha256(image).hexdigest(), dup_of_frame_id=dup_of, width=WIDTH,
        height=HEIGHT, origin_x=0, origin_y=0, redacted_boxes=(),
    )  # fmt: skip


def window(at_s: float, app: str, rect: Rect | None) -> ContextRow:
    row = ContextRow(T0 + int(at_s * SECOND), ContextKind.FOCUS, app_id=app)
    if rect is None:
        return replace(row, app_id=None)
    return replace(row, x=rect.x, y=rect.y, w=rect.w, h=rect.h)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """Write frames 0 to 12, ten seconds apart; 8 shows what 0 shows.

    The mail window: at 0, moved at 20, resized at 40; behind a small one at 60, behind a
    large one at 80; nothing is known from 100 on.
    """
    studio = Studio(tmp_path_factory.mktemp("original"))
    writer = studio.begin()
    mail = Rect(16, 10, 160, 100)
    add(
        writer,
        context=[*opening(), window(0, "mail", mail), window(20, "mail", mail.moved(40, 30))],
    )
    add(writer, context=[window(40, "mail", Rect(16, 10, 200, 100))])
    add(writer, context=[window(60, "clock", Rect(200, 150, 50, 50))])
    add(writer, context=[window(80, "editor", Rect(0, 0, WIDTH, HEIGHT)), window(100, "", None)])
    add(writer, frames=[shown(n, 0 if n == 8 else n, 0 if n == 8 else None) for n in range(13)])
    writer.close(Losses())
    return studio


@pytest.fixture
def studio(original: Studio, tmp_path: Path) -> Studio:
    return original.copy(tmp_path / "Recorder")


@pytest.fixture
def episode(studio: Studio) -> Episode:
    return studio.open(next((studio.folder / "episodes").glob("*/*")))


def pixels(image: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    with Image.open(io.BytesIO(image)) as picture:
        return np.asarray(picture.convert("RGB"))


def paint(studio: Studio, episode: Episode, boxes: Mapping[int, Rect]) -> int:
    return repaint(episode, boxes, studio.owner)


def test_the_box_is_grey_and_the_rest_is_as_it_was(studio: Studio, episode: Episode) -> None:
    assert paint(studio, episode, {1: BOX}) == 1
    row = studio.open(episode.path).frames.to_pylist()[1]
    now, before = pixels(row["image"]["bytes"]), pixels(noise(1)).copy()
    assert (now[20:30, 32:80] == PAINT_VALUE).all()
    before[20:30, 32:80] = PAINT_VALUE
    assert (now == before).all()
    assert row["redacted_boxes"] == [{"x": 32, "y": 20, "w": 48, "h": 10, "reason": "owner"}]
    assert row["sha256"] == hashlib.sha256(row["image"]["bytes"]).hexdigest()
    four = np.dstack([now[:, :, ::-1], np.zeros(now.shape[:2], np.uint8)])
    assert row["phash64"] == difference_hash(np.ascontiguousarray(four))
    assert verify(episode.path, check).ok


def test_every_frame_with_the_same_picture_is_painted(studio: Studio, episode: Episode) -> None:
    assert paint(studio, episode, {8: BOX}) == 2
    rows = episode.frames.to_pylist()
    assert (rows[8]["image"], rows[8]["dup_of_frame_id"]) == (None, 0)
    assert rows[8]["sha256"] == rows[0]["sha256"] != hashlib.sha256(noise(0)).hexdigest()
    assert (pixels(rows[0]["image"]["bytes"])[20:30, 32:80] == PAINT_VALUE).all()
    assert rows[8]["redacted_boxes"] == rows[0]["redacted_boxes"]
    assert all(rows[n]["image"]["bytes"] == noise(n) for n in range(1, 8))


def test_the_name_of_an_element_under_the_box_goes(studio: Studio) -> None:
    writer = studio.begin()
    under, beside = (
        EventRow(
            T0 + SECOND, Kind.BUTTON_DOWN, frame_id=0, target_role="button", target_name=name,
            target_x=x, target_y=22, target_w=20, target_h=4,
        )
        for name, x in (("Kim Larsen", 40), ("Send", 200))
    )  # fmt: skip
    add(writer, events=[under, beside], frames=[shown(0, 0)])
    episode = studio.open(writer.close(Losses()))
    assert episode.events.column("target_name").to_pylist() == ["Kim Larsen", "Send"]
    paint(studio, episode, {0: BOX})
    assert episode.events.column("target_name").to_pylist() == [None, "Send"]
    assert episode.events.column("target_role").to_pylist() == ["button", "button"]
    assert verify(episode.path, check).ok


def test_a_duplicate_in_a_later_file_says_the_new_digest(studio: Studio) -> None:
    writer = studio.begin()
    early, late = replace(shown(0, 5)), replace(shown(20, 5, 0))
    add(writer, frames=[late])
    writer.flush()
    add(writer, frames=[early])
    episode = studio.open(writer.close(Losses()))
    assert paint(studio, episode, {20: BOX}) == 2
    first, last = episode.frames.to_pylist()
    assert last["sha256"] == first["sha256"] == hashlib.sha256(first["image"]["bytes"]).hexdigest()


def test_the_sides_lie_on_the_grid_within_the_frame() -> None:
    chance = random.Random(1)  # noqa: S311 - picks boxes, no secret
    for _ in range(200):
        box = Rect(*(chance.randint(-20, 300) for _ in range(4)))
        found = on_grid(box, WIDTH, HEIGHT)
        inside = box.intersect(Rect(0, 0, WIDTH, HEIGHT))
        if not inside.is_empty:
            assert found.intersect(inside) == inside
            assert found.x % 16 == 0
            assert found.right % 16 == 0 or found.right == WIDTH


def test_the_summary_counts_the_new_box(studio: Studio, episode: Episode) -> None:
    paint(studio, episode, {1: BOX, 2: BOX})
    told = studio.open(episode.path).summary
    assert told is not None
    assert told.redactions == {"screen": {"owner": 2}}


def test_a_frame_that_is_not_there_or_cannot_be_read_changes_nothing(
    studio: Studio, episode: Episode
) -> None:
    before = {path.name: path.read_bytes() for path in episode.path.iterdir()}
    with pytest.raises(FrameUnknown):
        paint(studio, episode, {1: BOX, 99: BOX})
    with pytest.raises(FrameUnknown):
        frames_of_window(episode, 99, BOX)
    assert {path.name: path.read_bytes() for path in episode.path.iterdir()} == before
    writer = studio.begin()
    add(writer, frames=[frame(1, 1, b"no picture")])
    broken = studio.open(writer.close(Losses()))
    with pytest.raises(DamagedFile):
        paint(studio, broken, {1: BOX})
    assert not [path for path in broken.path.iterdir() if path.name.startswith(".")]


def test_the_box_follows_the_window_and_what_is_unsure_is_said(episode: Episode) -> None:
    found = {one.frame_id: (one.box, one.why) for one in frames_of_window(episode, 0, BOX)}
    moved = BOX.moved(40, 30)
    assert found == {
        0: (BOX, ""), 1: (BOX, ""), 2: (moved, ""), 3: (moved, ""),
        4: (BOX, "resized"), 5: (BOX, "resized"), 6: (BOX, "behind"), 7: (BOX, "behind"),
        10: (BOX, "behind"), 11: (BOX, "behind"), 12: (BOX, "behind"),
    }  # fmt: skip


def test_a_window_behind_another_is_found_by_where_it_was(episode: Episode) -> None:
    found = {one.frame_id: one.why for one in frames_of_window(episode, 6, BOX)}
    assert found.pop(6) == ""
    assert set(found) == {0, 1, 2, 3, 4, 5, 7, 10, 11, 12}
    assert set(found.values()) == {"unknown_window"}


def test_where_no_window_is_known_all_is_unsure(episode: Episode) -> None:
    outside = Rect(280, 180, 16, 10)
    found = {one.frame_id: one.why for one in frames_of_window(episode, 1, outside)}
    assert found == {1: "", **dict.fromkeys((0, 2, 3, 4, 5), "unknown_window")}


def test_frames_in_which_it_is_painted_already_are_left_out(
    studio: Studio, episode: Episode
) -> None:
    paint(studio, episode, {1: BOX})
    assert 1 not in {one.frame_id for one in frames_of_window(episode, 0, BOX)}


def test_frames_that_may_show_an_app_beside_another_are_named(episode: Episode) -> None:
    chosen = Selection(app_id="mail")
    ranges = ranges_of(chosen, episode.context)
    assert frames_beside(episode, chosen, ranges) == [6, 7, 10, 11, 12]
    assert frames_beside(episode, Selection(app_id="clock"), ()) == [10, 11, 12]
    assert frames_beside(episode, Selection(ranges), ranges) == []
