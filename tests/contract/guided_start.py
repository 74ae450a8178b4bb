"""Runs the guide at the real terminal with two windows open; tests drive it by pty."""

from collections.abc import Sequence

from recorder.cli import output
from recorder.cli.guide import OpenApp, guide
from recorder.cli.terminal import open_terminal
from recorder.core.errors import RecorderError
from recorder.places import places


class TwoWindows:
    """A list of allowed apps in memory."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def allowed(self) -> Sequence[str]:
        return self.entries

    def open_now(self) -> Sequence[OpenApp]:
        return [OpenApp("gedit", "Text editor"), OpenApp("xterm", "Terminal")]

    def allow(self, entries: Sequence[str]) -> None:
        self.entries.extend(entries)


def main() -> None:
    apps = TwoWindows()
    try:
        terminal = open_terminal()
        folder = guide(places(), terminal, apps)
    except RecorderError as error:
        output.fail(error)
    output.say(f"READY {folder} {apps.entries} ANSWERS {terminal.answers}")


if __name__ == "__main__":
    main()
