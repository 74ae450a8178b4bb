"""Key combinations as people write them."""

import pytest

from recorder.core.hotkeys import Hotkey, read_hotkey


def test_a_combination_is_read_in_any_case_and_order() -> None:
    wanted = Hotkey(frozenset({"ctrl", "alt"}), "p")
    assert read_hotkey("ctrl+alt+p") == read_hotkey(" Alt + CTRL+P ") == wanted
    assert read_hotkey("super+pause") == Hotkey(frozenset({"super"}), "pause")


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_means_no_hotkey(text: str) -> None:
    assert read_hotkey(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "p",
        "shift+p",
        "ctrl+",
        "ctrl+alt",
        "ctrl+ctrl+p",
        "hyper+p",
        "ctrl+ä",
        "+p",
        "ctrl++",
        "ctrl p",
    ],
)
def test_what_would_take_a_plain_key_or_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no key combination"):
        read_hotkey(text)
