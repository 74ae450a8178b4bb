"""The review page as the tray's menu has the session bus start it: FOLDER on the command line.

It has no terminal: it ends ten minutes after it was last looked at, or with the session.
"""

import sys
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Final

from recorder.cli import wiring
from recorder.cli.opening import own_folder
from recorder.cli.review_page import serve_page
from recorder.cli.review_service import bus_name
from recorder.core.errors import RecorderError
from recorder.core.ports import Activated
from recorder.places import places
from recorder.review.room import Room
from recorder.review.serve import ReviewOpen

_ASKED_S: Final = 30.0


def main(folder: Path) -> int:
    """Serve the page until nobody needs it; gives the exit code, which the bus tells on."""
    page = _Page()
    try:
        serve_page(own_folder(folder), page.begin, is_over=page.is_over)
    except ReviewOpen as error:
        _show_other(error.where)
    except RecorderError as error:
        return int(error.code)
    finally:
        page.close()
    return 0


class _Page:
    """The bus's hold on a page of this process."""

    def __init__(self) -> None:
        self._answering: Activated | None = None

    def begin(self, room: Room) -> None:
        """Answer the bus now that the page answers."""
        self._answering = _answer(lambda: _show(room))

    def is_over(self, room: Room) -> bool:
        """Tell whether nobody needs it any more."""
        return room.is_left or (self._answering is not None and self._answering.is_over)

    def close(self) -> None:
        """Let go of the bus."""
        if self._answering is not None:
            self._answering.close()


def _show(room: Room) -> bool:
    """Open the page in a browser, which may have forgotten that it came in before."""
    room.seen()
    room.door.renew()
    return webbrowser.open(room.door.link(room.port))


def _show_other(address: str) -> None:
    """Show the page of another process, begun at a terminal, to the browser that knows it."""
    answering = _answer(lambda: bool(address) and webbrowser.open(address))
    answering.wait(_ASKED_S)
    answering.close()


def _answer(show: Callable[[], bool]) -> Activated:
    return wiring.answering(bus_name(places()), show)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
