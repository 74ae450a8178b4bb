"""The text of the systemd unit: made from the template, and known again when nobody edited it."""

import hashlib
import sys
from pathlib import Path
from typing import Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.files import read_regular

UNIT: Final = "recorder.service"
WANTS: Final = "graphical-session.target.wants"
_PLACE: Final = "@COMMAND@"
_MARK: Final = "# Written by recorder autostart on, {}; change a line and it is yours.\n"
_LARGEST_BYTES: Final = 1 << 16
_UNTAKEN: Final = frozenset("\"\\$'")


class CommandUnnamable(RecorderError):
    """The path of the command cannot stand in a unit."""

    def __init__(self, command: Path) -> None:
        super().__init__(
            f"systemd cannot start {command}, because of the characters in its path",
            "install the recorder in another folder",
            ExitCode.NOT_PERMITTED,
        )


def unit_text(command: Path) -> str:
    """Give the unit that starts the command.

    Raises:
        CommandUnnamable: Its path holds what systemd would read otherwise.
    """
    text = str(command)
    if not command.is_absolute() or not text.isprintable() or _UNTAKEN & set(text):
        raise CommandUnnamable(command)
    template = _template().read_text(encoding="utf-8")
    return _marked(template.replace(_PLACE, '"' + text.replace("%", "%%") + '"'))


def is_untouched(path: Path) -> bool:
    """Tell whether a unit is one that `autostart on` wrote, of this version or another."""
    try:
        text = read_regular(path, _LARGEST_BYTES).decode()
    except (OSError, UnicodeDecodeError):
        return False
    return text == _marked(text.partition("\n")[2])


def own_command(called: str, interpreter: str = sys.executable) -> Path:
    """Give the absolute path of the `recorder` command.

    Args:
        called: How this process was called, `sys.argv[0]`.
        interpreter: Whose folder has it too, in a virtual environment.
    """
    path = Path(called).absolute()
    beside = Path(interpreter).parent / "recorder"
    return path if path.name == "recorder" and path.is_file() else beside


def _marked(body: str) -> str:
    return _MARK.format(hashlib.sha256(body.encode()).hexdigest()[:16]) + body


def _template() -> Path:
    """Give the path of the template: beside this file when installed, else in the checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / UNIT
    return packaged if packaged.is_file() else here.parent.parent / "config" / UNIT
