"""Asks a person at a terminal; every question has a safe answer on Enter."""

import getpass
import sys
import warnings
from collections.abc import Callable, Sequence

from recorder.cli.output import printable
from recorder.consent.errors import NotATerminal
from recorder.consent.memory import guard_memory
from recorder.core.errors import ExitCode, RecorderError

MIN_PASSPHRASE = 8
"""Characters; scrypt makes each guess cost a second and half a gigabyte."""
_YES = frozenset({"y", "yes"})
_TRIES = 3


class Left(RecorderError):
    """The person ended the questions."""

    def __init__(self) -> None:
        super().__init__(
            "You ended the questions, so nothing more was done",
            "run the command again whenever you like",
            ExitCode.INTERRUPTED,
        )


class PassphraseRefused(RecorderError):
    """No usable passphrase came in three tries."""

    def __init__(self) -> None:
        super().__init__(
            "No passphrase was chosen",
            f"choose one of {MIN_PASSPHRASE} characters or more and type it twice alike",
            ExitCode.WRONG_PASSPHRASE,
        )


class Terminal:
    """A person to ask.

    Args:
        read: Gives a line with its line end; "" when the person left.
        write: Shows text as it is.
        read_secret: Shows the question and gives a line that is not echoed.
    """

    def __init__(
        self,
        read: Callable[[], str],
        write: Callable[[str], None],
        read_secret: Callable[[str], str],
    ) -> None:
        self._read = read
        self._write = write
        self._read_secret = read_secret
        self.answers = 0
        """How many answers were asked of the person so far."""

    def say(self, text: str = "") -> None:
        """Show a line or more."""
        self._write(printable(text) + "\n")

    def line(self, question: str, default: str = "") -> str:
        """Give an answer; the default on Enter.

        Raises:
            Left: The person closed the terminal or pressed Ctrl-D.
        """
        self._write(printable(question) + " ")
        answer = self._read()
        if not answer:
            self._write("\n")
            raise Left
        self.answers += 1
        return printable(answer.rstrip("\r\n")).strip() or default

    def yes(self, question: str) -> bool:
        """Give True for `y` or `yes`; anything else is no."""
        return self.line(f"{question} [y/N]").lower() in _YES

    def secret(self, question: str) -> str:
        """Give a passphrase, typed without echo.

        Raises:
            Left: The person closed the terminal or pressed Ctrl-D.
        """
        try:
            answer = self._read_secret(printable(question) + " ")
        except EOFError as cause:
            raise Left from cause
        self.answers += 1
        return answer

    def new_passphrase(self) -> str:
        """Give a passphrase that was typed twice alike.

        Raises:
            PassphraseRefused: Three tries were too short or not alike.
        """
        for _ in range(_TRIES):
            first = self.secret(f"Passphrase ({MIN_PASSPHRASE} characters or more):")
            if len(first) < MIN_PASSPHRASE:
                self.say(f"That is too short. Use {MIN_PASSPHRASE} characters or more.")
            elif self.secret("The same again:") != first:
                self.say("The two were not alike.")
            else:
                return first
        raise PassphraseRefused

    def pick(self, question: str, names: Sequence[str]) -> tuple[int, ...]:
        """Give the picked positions, from 0; () on Enter. Asks again after a wrong number."""
        for number, name in enumerate(names, 1):
            self.say(f"  {number}  {name}")
        while True:
            found = _numbers(self.line(question), len(names))
            if found is not None:
                return found
            self.say(f"Type numbers from 1 to {len(names)}, or just press Enter.")


def open_terminal() -> Terminal:
    """Give the terminal of this command.

    Raises:
        NotATerminal: Input or output is no terminal, so there is no person to ask.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise NotATerminal
    return Terminal(sys.stdin.readline, _show, _secret)


def open_prompt() -> Terminal:
    """Give the terminal for a passphrase; the result may go into a pipe or a file.

    Raises:
        NotATerminal: Nobody sees the question, or nobody can answer.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NotATerminal
    return Terminal(sys.stdin.readline, _show_aside, _secret)


def _show_aside(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _show(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _secret(question: str) -> str:
    """Refuse to read a passphrase that would be shown; our memory is shut to others first."""
    guard_memory()
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return getpass.getpass(question)
        except getpass.GetPassWarning as cause:
            raise NotATerminal from cause


def _numbers(answer: str, count: int) -> tuple[int, ...] | None:
    words = answer.replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() for word in words):
        return None
    found = tuple(dict.fromkeys(int(word) - 1 for word in words))
    return found if all(0 <= position < count for position in found) else None
