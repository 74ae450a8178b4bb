"""The list of allowed apps on disk."""

import os
from pathlib import Path

import pytest

from recorder.cli.scope_file import (
    FILE_NAME,
    NotAnApp,
    ScopeFileUnusable,
    checked_entry,
    read_scope,
    write_scope,
)
from recorder.places import places


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("xterm", "xterm"),
        (" Chromium:Jira.Example.com ", "chromium:jira.example.com"),
        ("firefox:*.example.com", "firefox:*.example.com"),
        ("org.gnome.TextEditor", "org.gnome.texteditor"),
    ],
)
def test_an_entry_is_an_app_or_an_app_with_a_host(text: str, entry: str) -> None:
    assert checked_entry(text) == entry


@pytest.mark.parametrize(
    "text", ["", "*", ":", "a b", "a:", "a:b c", "a:-x", "a\nb", "a/b", "x" * 80]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotAnApp):
        checked_entry(text)


def test_what_is_written_is_read_back_sorted_and_once(own_home: Path) -> None:
    write_scope(places(), ["xterm", "chromium:a.example", "xterm"])
    assert read_scope(places()) == ("chromium:a.example", "xterm")


def test_no_list_allows_nothing(own_home: Path) -> None:
    assert read_scope(places()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "allowed = [", "allowed = 3", "x = 1", "allowed = ['a b']", "allowed=[1]",
        "allowed = " + "[" * 20_000, "allowed = " + "9" * 5_000, "# " + "x" * (1 << 20),
    ],
)  # fmt: skip
def test_a_damaged_list_is_an_error_and_not_a_guess(own_home: Path, text: str) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "recorder"
    folder.mkdir(parents=True)
    (folder / FILE_NAME).write_text(text)
    with pytest.raises(ScopeFileUnusable):
        read_scope(places())


def test_a_pipe_in_place_of_the_list_is_never_waited_for(own_home: Path) -> None:
    folder = Path(os.environ["XDG_CONFIG_HOME"]) / "recorder"
    folder.mkdir(parents=True)
    os.mkfifo(folder / FILE_NAME)
    with pytest.raises(ScopeFileUnusable):
        read_scope(places())
