"""The page as the bus starts it: which words it is started with, and under which name."""

import shlex
import sys
from pathlib import Path

import pytest

from recorder.capture.platforms.bus_activation import BusProgram, service_text
from recorder.cli.review_service import bus_name, review_program
from recorder.places import places

HOME = {"HOME": "/home/it's me", "DISPLAY": ":1", "XDG_RUNTIME_DIR": "/run/user/1", "SECRET": "x"}
FOLDER = Path('/home/it\'s me/My "own" $recordings %u')


def program() -> BusProgram:
    found = review_program(FOLDER, places(HOME), HOME)
    assert isinstance(found, BusProgram)
    return found


def test_the_words_are_the_page_s_its_folder_s_and_the_desktop_s() -> None:
    assert program().command == (
        "/usr/bin/env", "XDG_CONFIG_HOME=", "XDG_STATE_HOME=", "HOME=/home/it's me", "DISPLAY=:1",
        "XDG_RUNTIME_DIR=/run/user/1", sys.executable, "-P", "-m",
        "recorder.cli.review_by_menu", str(FOLDER),
    )  # fmt: skip
    assert program().runtime == "/run/user/1"


def test_a_service_s_line_is_read_back_as_the_words_that_were_meant() -> None:
    head, name, words = service_text("a.b", program().command).splitlines()
    assert (head, name) == ("[D-BUS Service]", "Name=a.b")
    assert tuple(shlex.split(words.removeprefix("Exec="))) == program().command


@pytest.mark.parametrize("word", ["a\nb", "a\\b", "\x7f", "\udc80"])
def test_what_buses_read_each_in_its_own_way_is_refused(word: str) -> None:
    with pytest.raises(OSError, match="internal"):
        service_text("internal.recorder.Test", ("/bin/true", word))


def test_recorders_with_other_settings_have_another_page() -> None:
    other = bus_name(places({**HOME, "XDG_STATE_HOME": "/elsewhere"}))
    assert other != bus_name(places(HOME)) == program().name
    assert program().name.startswith("internal.recorder.Review.s")
