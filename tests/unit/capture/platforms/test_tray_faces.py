"""What the tray shows and offers in each state; told apart without colour, free of content."""

import xml.etree.ElementTree as ET
from typing import Final, get_args

import pytest
from dbus_fast.introspection import Node

from recorder.capture.platforms.tray_icon import SIZES_PX, pixmaps
from recorder.capture.platforms.tray_interfaces import INTERFACES
from recorder.capture.platforms.tray_item import ITEM_PATH, item_properties
from recorder.capture.platforms.tray_menu import (
    MENU_PATH,
    choice_of,
    menu_properties,
    menu_rows,
)
from recorder.capture.platforms.tray_objects import TrayObjects
from recorder.capture.platforms.tray_watcher import is_item_of
from recorder.core.faces import Face, FaceState

STATES: Final[tuple[FaceState, ...]] = get_args(FaceState)
SHAPES: Final = ("starting", "recording", "degraded", "paused")


def luminance(state: FaceState, panel: int) -> list[float]:
    """Give the smallest icon's grey values on a panel of a grey."""
    pixels = pixmaps(state)[0][2]
    greys = []
    for at in range(0, len(pixels), 4):
        alpha, red, green, blue = pixels[at : at + 4]
        grey = 0.299 * red + 0.587 * green + 0.114 * blue
        greys.append((grey * alpha + panel * (255 - alpha)) / 255)
    return greys


@pytest.mark.parametrize("state", STATES)
def test_an_icon_has_every_size_and_clear_corners(state: FaceState) -> None:
    for size_px, (width, height, pixels) in zip(SIZES_PX, pixmaps(state), strict=True):
        assert (width, height, len(pixels)) == (size_px, size_px, 4 * size_px * size_px)
        assert pixels[0] == 0


@pytest.mark.parametrize("panel", [0, 40, 128, 200, 255])
def test_icons_stand_out_on_any_panel_and_from_each_other_without_colour(panel: int) -> None:
    drawn = {state: luminance(state, panel) for state in SHAPES}
    for state in SHAPES:
        assert sum(abs(grey - panel) > 60 for grey in drawn[state]) > 40
        for other in SHAPES:
            unlike = sum(
                abs(one - two) > 40 for one, two in zip(drawn[state], drawn[other], strict=True)
            )
            assert (unlike > 40) == (state != other)


def test_the_first_menu_row_says_why_and_cannot_be_chosen() -> None:
    row = menu_rows(Face("paused", "the screen_is\nlocked"))[1]
    assert row["label"] == ("s", "Paused, nothing is recorded: the screen__is locked")
    assert row["enabled"] == ("b", False)


@pytest.mark.parametrize("state", STATES)
def test_rows_keep_their_place_and_meaning_in_every_state(state: FaceState) -> None:
    rows = menu_rows(Face(state))
    labels = {number: row["label"][1] for number, row in rows.items() if "label" in row}
    del labels[1]
    assert list(rows) == list(range(9))
    assert labels == {
        3: "Pause", 4: "Resume", 5: "Forget the last 5 minutes",
        7: "To review: recorder review", 8: "Stop recording",
    }  # fmt: skip


def test_the_review_row_says_how_where_nobody_would_start_the_page() -> None:
    hint, row = (menu_rows(Face("recording", can_review=can))[7] for can in (False, True))
    assert (hint["label"], hint["enabled"]) == (("s", "To review: recorder review"), ("b", False))
    assert (row["label"], row["enabled"]) == (("s", "Review what was recorded"), ("b", True))


@pytest.mark.parametrize(
    ("face", "chosen"),
    [
        (Face("starting"), ["pause", "forget", "stop"]),
        (Face("recording"), ["pause", "forget", "stop"]),
        (Face("degraded"), ["pause", "forget", "stop"]),
        (Face("paused", can_resume=True), ["pause", "resume", "forget", "stop"]),
        (Face("paused"), ["pause", "forget", "stop"]),
        (Face("recording", can_review=True), ["pause", "forget", "review", "stop"]),
        (Face("stopping"), []),
        (Face("stopping", can_review=True), ["review"]),
    ],
)
def test_a_late_click_does_what_its_row_says_or_nothing(face: Face, chosen: list[str]) -> None:
    choices = [choice_of(row, face) for row in range(-1, 12)]
    assert [choice for choice in choices if choice] == chosen


def test_words_hold_no_markup_no_control_characters_and_an_end() -> None:
    properties = item_properties(Face("recording", app="<b>evil</b>&\x1b\u202e" + "x" * 500))
    tooltip = properties["ToolTip"][1]
    assert isinstance(tooltip, list)
    _name, _icon, title, text = tooltip
    assert title == "Recording"
    assert text.startswith("in ‹b›evil‹/b›+  xxx")  # noqa: RUF001 - look-alikes on purpose
    assert len(text) == 200


def test_something_missing_asks_for_attention_with_the_same_picture() -> None:
    calm, degraded = item_properties(Face("recording")), item_properties(Face("degraded", "x"))
    assert (calm["Status"][1], degraded["Status"][1]) == ("Active", "NeedsAttention")
    assert degraded["AttentionIconPixmap"] == degraded["IconPixmap"] != calm["IconPixmap"]


@pytest.mark.parametrize(
    ("path", "properties"),
    [(ITEM_PATH, item_properties(Face("paused"))), (MENU_PATH, menu_properties())],
)
def test_what_is_told_of_the_interfaces_is_what_is_answered(
    path: str, properties: dict[str, tuple[str, object]]
) -> None:
    node = Node.from_xml(ET.fromstring(INTERFACES[path]), is_root=True)  # noqa: S314 - our own
    (interface,) = node.interfaces
    told = {found.name: found.signature for found in interface.properties}
    assert told == {name: signature for name, (signature, _) in properties.items()}
    objects = TrayObjects(lambda _choice, _sender: None, lambda _sender: None)
    methods = {key for key in objects._methods if key[0] == interface.name}
    assert methods == {(interface.name, m.name, m.in_signature) for m in interface.methods}


@pytest.mark.parametrize(
    ("item", "is_ours"),
    [
        (":1.7", True),
        (":1.7/StatusNotifierItem", True),
        (":1.7@/StatusNotifierItem", True),
        (":1.77/StatusNotifierItem", False),
        ("org.kde.StatusNotifierItem-1-1", False),
        ("", False),
    ],
)
def test_an_item_is_ours_by_its_connection_only(item: str, *, is_ours: bool) -> None:
    assert is_item_of(":1.7", item) == is_ours


def test_a_face_that_looks_the_same_is_no_news() -> None:
    objects = TrayObjects(lambda _choice, _sender: None, lambda _sender: None)
    told = [signal for _, _, signal, _ in objects.put_on(Face("recording", app="a", elapsed_s=61))]
    assert told == ["NewIcon", "NewTitle", "NewToolTip", "ItemsPropertiesUpdated"]
    assert objects.put_on(Face("recording", app="a", elapsed_s=100)) == []
    later = objects.put_on(Face("recording", app="a", elapsed_s=121))
    assert [signal for _, _, signal, _ in later] == ["NewToolTip"]
