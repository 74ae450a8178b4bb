"""Every question is safe on Enter."""

import pytest

from recorder.cli.stream_questions import ALL, ask_streams, summary
from recorder.cli.terminal import Left, PassphraseRefused, Terminal
from recorder.consent.notice import default_notice_file, parse_notice
from recorder.consent.records import NOTHING
from recorder.core.levels import KeyboardLevel, Levels, TargetsLevel

NOTICE = parse_notice(default_notice_file().read_bytes())


class Typist:
    """Types prepared lines; leaves when there are no more."""

    def __init__(self, *lines: str) -> None:
        self.lines = iter(lines)
        self.shown = ""
        self.terminal = Terminal(self.read, self.write, self.secret)

    def read(self) -> str:
        line = next(self.lines, None)
        return "" if line is None else line + "\n"

    def write(self, text: str) -> None:
        self.shown += text

    def secret(self, question: str) -> str:
        self.shown += question
        line = next(self.lines, None)
        if line is None:
            raise EOFError
        return line


def test_enter_means_no_to_every_stream() -> None:
    assert ask_streams(Typist(*[""] * 5).terminal, NOTICE, ALL) == NOTHING


def test_words_choose_levels() -> None:
    chosen = ask_streams(Typist("text", "YES", "y", "yes", "on").terminal, NOTICE, ALL)
    assert chosen == Levels(keyboard=KeyboardLevel.TEXT, targets=TargetsLevel.ON)
    assert "the text you type" in summary(chosen)


@pytest.mark.parametrize("answer", ["yeah", "sure", "1", "all", "j", "\x1b[A", "да"])
def test_what_is_not_understood_is_asked_again(answer: str) -> None:
    typist = Typist(answer, "")
    assert ask_streams(typist.terminal, NOTICE, ["keyboard"]) == NOTHING
    assert typist.shown.count("Store keys?") == 2


def test_leaving_is_no_answer() -> None:
    with pytest.raises(Left):
        Typist().terminal.yes("Go on?")
    with pytest.raises(Left):
        Typist().terminal.secret("Passphrase:")


def test_only_yes_is_yes() -> None:
    answers = {text: Typist(text).terminal.yes("?") for text in ("y", "Yes", "", "n", "yep", "1")}
    assert [text for text, yes in answers.items() if yes] == ["y", "Yes"]


def test_a_passphrase_is_typed_twice_alike_and_is_not_short() -> None:
    typist = Typist("short", "long enough", "different!", "long enough", "long enough")
    assert typist.terminal.new_passphrase() == "long enough"
    assert "too short" in typist.shown
    assert "not alike" in typist.shown
    with pytest.raises(PassphraseRefused):
        Typist("a", "b", "c").terminal.new_passphrase()


@pytest.mark.parametrize(
    ("answer", "picked"), [("", ()), ("2", (1,)), ("1, 3", (0, 2)), ("3 3 1", (2, 0))]
)
def test_apps_are_picked_by_number(answer: str, picked: tuple[int, ...]) -> None:
    assert Typist(answer).terminal.pick("Which?", ["a", "b", "c"]) == picked


@pytest.mark.parametrize("answer", ["0", "4", "a", "-1", "1-3", "²"])
def test_a_wrong_number_is_asked_again(answer: str) -> None:
    typist = Typist(answer, "")
    assert typist.terminal.pick("Which?", ["a", "b", "c"]) == ()
    assert "Type numbers" in typist.shown


def test_a_window_title_cannot_drive_the_terminal() -> None:
    typist = Typist("")
    typist.terminal.pick("Which?", ["evil\x1b[2J\u202etitle"])
    assert "\x1b" not in typist.shown
    assert "\u202e" not in typist.shown
