"""`recorder never`: words of one's own that are never stored."""

import contextlib
import sys
from collections.abc import Callable
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.never_file import read_entries, remove_files, write_entries
from recorder.cli.terminal import Left, Terminal, open_prompt
from recorder.core.errors import RecorderError
from recorder.places import places
from recorder.redaction.personal_words import Entry, UnusableWord, digests_of

app = typer.Typer(
    no_args_is_help=True,
    help=(
        "Keep words of your own out: names, a street, a project. They are painted out on the "
        "screen and masked in typed text and titles, in any case, with or without accents. "
        "Typed here or read from standard input, one a line; never taken from the command line."
    ),
)

_MOST_CHARS = 200
_MOST_WORDS = 2000
_MOST_BYTES = 1 << 20
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Folder = Annotated[str | None, typer.Option("--folder", help="Accepted everywhere.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Words = Annotated[list[str] | None, typer.Argument(hidden=True)]


class NotAsArgument(output.UsageError):
    """A word on a command line is seen by other programs and kept in the shell's history."""

    def __init__(self, verb: str) -> None:
        super().__init__(
            "Words are not taken from the command line, where others see them",
            f"recorder never {verb}, then type them; and take the line from your shell's history",
        )


class WordRefused(output.UsageError):
    """One of the words cannot be kept out; it is not repeated here."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(
            f"Word {number} cannot be used: {why}; nothing was changed",
            "give one to five words of three letters or more together, one entry a line",
        )


@app.command("add", epilog="Example: recorder never add < names.txt")
def add(words: Words = None, as_json: Json = False, folder: Folder = None) -> None:  # noqa: FBT002 - a flag
    """Add words; what is recorded from now on is without them."""
    _ = folder
    _change("add", words, lambda entries, given: entries | given, as_json=as_json)


@app.command("remove", epilog="Example: recorder never remove")
def remove(words: Words = None, as_json: Json = False, folder: Folder = None) -> None:  # noqa: FBT002 - a flag
    """Take words from the list; type them as they were added."""
    _ = folder
    _change("remove", words, lambda entries, given: entries - given, as_json=as_json)


@app.command("list", epilog="Example: recorder never list")
def list_words(as_json: Json = False, folder: Folder = None) -> None:  # noqa: FBT002 - a flag
    """Show how many there are; which ones, nobody can read from the list."""
    _ = folder
    _show(len(read_entries(places())[1]), None, as_json=as_json)


@app.command("clear", epilog="Example: recorder never clear")
def clear(yes: Yes = False, as_json: Json = False, folder: Folder = None) -> None:  # noqa: FBT002 - flags
    """Forget all of them."""
    _ = folder
    where = places()
    try:
        count = len(read_entries(where)[1])
    except RecorderError:
        count = 0
    output.confirm("Forget all personal words? They will be recorded again.", yes=yes)
    remove_files(where)
    _show(0, -count, as_json=as_json)


def _change(
    verb: str,
    words: list[str] | None,
    apply: Callable[[set[Entry], set[Entry]], set[Entry]],
    *,
    as_json: bool,
) -> None:
    if words:
        raise NotAsArgument(verb)
    where = places()
    key, before = read_entries(where)
    given = _read(key) if not sys.stdin.isatty() else _typed(key, open_prompt())
    after = apply(set(before), set(given))
    if len(after) > _MOST_WORDS:
        raise output.UsageError(f"The list holds at most {_MOST_WORDS} entries", "add fewer")
    if after != set(before):
        write_entries(where, key, after)
    _show(len(after), len(after) - len(before), as_json=as_json)


def _read(key: bytes) -> list[Entry]:
    """Give the digests of the words that were piped in.

    Raises:
        WordRefused: One of them cannot be used.
    """
    lines = [line.strip() for line in _piped().splitlines() if line.strip()]
    found: list[Entry] = []
    for number, word in enumerate(lines, 1):
        try:
            found.append(digests_of(key, word[:_MOST_CHARS]))
        except UnusableWord as cause:
            raise WordRefused(number, str(cause)) from cause
    return found


def _piped() -> str:
    """Give what was piped in; a letter that is read wrong would keep out another word.

    Raises:
        UsageError: It is no UTF-8 text, or too much.
    """
    data = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise output.UsageError("The words are more than 1 MB; nothing was changed", "add fewer")
    try:
        return data.decode()
    except UnicodeDecodeError as cause:
        raise output.UsageError(
            "The words are no UTF-8 text; nothing was changed",
            "save the list as UTF-8, such as: iconv -f ISO-8859-1 -t UTF-8 names.txt",
        ) from cause


def _typed(key: bytes, terminal: Terminal) -> list[Entry]:
    """Give the digests of the words that were typed; one that cannot be used is said at once."""
    found: list[Entry] = []
    with contextlib.suppress(Left):  # Ctrl-D ends the list as Enter does
        while word := terminal.secret("Word, not shown [Enter ends]:").strip():
            try:
                found.append(digests_of(key, word[:_MOST_CHARS]))
            except UnusableWord as cause:
                terminal.say(f"That word cannot be used: {cause}. The others stay.")
    return found


def _show(count: int, change: int | None, *, as_json: bool) -> None:
    """Show how many there are, after a change or, with None, without one."""

    def human() -> str:
        said = "Nothing changed. " if change == 0 else ""
        if change:
            said = f"{abs(change)} {'added' if change > 0 else 'taken out'}. "
        return f"{said}{count or 'No'} personal {'entry' if count == 1 else 'entries'}."

    output.emit("never", {"count": count, "change": change or 0}, as_json, human)
