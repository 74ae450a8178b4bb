"""`recorder never`: words go in from a terminal or a pipe, and out of every recording."""

import io
import json
import stat
import sys

import pytest

from recorder.cli.main import main
from recorder.cli.never_file import FILE_NAME, KEY_NAME, NeverFileUnusable, OwnWords
from recorder.core.errors import ExitCode
from recorder.places import places
from recorder.redaction.rules import rules_with
from recorder.redaction.text import RedactionFailed, TextRedactor


class Shell:
    """Runs `recorder never` with lines on standard input."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch = patch
        self._capsys = capsys

    def run(self, *words: str, given: str | bytes = "") -> tuple[int, dict[str, object]]:
        data = given.encode() if isinstance(given, str) else given
        self._patch.setattr(sys, "argv", ["recorder", "never", *words, "--json"])
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), json.loads(self._capsys.readouterr().out)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def met(text: str) -> int:
    return len(list(OwnWords(places()).find(text)))


def test_words_are_added_counted_removed_and_cleared(shell: Shell) -> None:
    assert shell.run("add", given="Solberg\n\nBlue Heron\nSOLBERG\n")[1]["count"] == 2
    assert met("solberg saw a blue heron") == 2
    assert shell.run("list")[1]["count"] == 2
    assert shell.run("remove", given="blue  heron\n")[1]["count"] == 1
    assert (met("blue heron"), met("solberg")) == (0, 1)
    assert shell.run("clear", "--yes")[1]["count"] == 0
    assert met("solberg") == 0


def test_no_word_can_be_read_from_the_files(shell: Shell) -> None:
    shell.run("add", given="Solberg\n")
    files = (places().config / FILE_NAME, places().state / KEY_NAME)
    for file in files:
        assert b"olberg" not in file.read_bytes().lower()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_word_on_the_command_line_is_refused_and_not_repeated(shell: Shell) -> None:
    code, said = shell.run("add", "Solberg")
    assert code == ExitCode.USAGE
    assert "Solberg" not in str(said)
    assert shell.run("list")[1]["count"] == 0


def test_one_word_that_is_too_short_changes_nothing(shell: Shell) -> None:
    code, said = shell.run("add", given="Solberg\nab\n")
    assert code == ExitCode.USAGE
    assert "Word 2" in str(said["error"])
    assert shell.run("list")[1]["count"] == 0


def test_a_list_that_changes_counts_at_once(shell: Shell) -> None:
    own = OwnWords(places())
    assert list(own.find("solberg")) == []
    shell.run("add", given="Solberg\n")
    assert len(list(own.find("solberg"))) == 1
    assert own.current() is own.current()


@pytest.mark.parametrize("name", ["key", "list", "no list", "other key"])
def test_without_list_or_key_nothing_passes_redaction(shell: Shell, name: str) -> None:
    shell.run("add", given="Solberg\n")
    if name == "list":
        (places().config / FILE_NAME).write_text("{}")
    elif name == "no list":
        (places().config / FILE_NAME).unlink()
    elif name == "key":
        (places().state / KEY_NAME).unlink()
    else:
        (places().state / KEY_NAME).write_bytes(b"x" * 32)
    own = OwnWords(places())
    with pytest.raises(NeverFileUnusable):
        own.current()
    with pytest.raises(RedactionFailed):
        TextRedactor(rules_with(own.find)).find("anything")
    assert shell.run("clear", "--yes")[0] == 0
    assert met("solberg") == 0


def test_a_list_that_goes_while_it_is_used_stops_redaction(shell: Shell) -> None:
    shell.run("add", given="Solberg\n")
    own = OwnWords(places())
    assert len(list(own.find("solberg"))) == 1
    (places().config / FILE_NAME).unlink()
    with pytest.raises(NeverFileUnusable):
        list(own.find("solberg"))


@pytest.mark.parametrize("given", ["Müller\n".encode("latin-1"), b"Solberg\n" * (1 << 18)])
def test_a_list_that_is_not_read_whole_and_right_changes_nothing(
    shell: Shell, given: bytes
) -> None:
    code, said = shell.run("add", given=given)
    assert code == ExitCode.USAGE
    assert "nothing was changed" in str(said["error"])
    assert shell.run("list")[1]["count"] == 0
