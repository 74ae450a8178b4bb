"""Key symbols of X11 as characters and pynput's names, and dead keys.

Source: keysymdef.h of the X11 protocol headers. Old symbols of one script follow an
8-bit code page; newer ones carry their Unicode number.
"""

# ruff: noqa: RUF001 - the tables hold letters of many scripts
import unicodedata
from typing import Final

from recorder.core.events import KeyClass

MULTI_KEY: Final = 0xFF20
_UNICODE: Final = 0x01000000
_HIGHEST_UNICODE: Final = 0x0110FFFF
_KEYPAD_FIRST, _KEYPAD_LAST = 0xFFAA, 0xFFB9
_KEYPAD_EQUAL: Final = 0xFFBD
_LATIN_1 = (range(0x20, 0x7F), range(0xA0, 0x100))

_CODE_PAGES: Final = {
    0x01: "iso8859-2", 0x02: "iso8859-3", 0x03: "iso8859-4", 0x05: "iso8859-6",
    0x0C: "iso8859-8", 0x0D: "iso8859-11", 0x13: "iso8859-15",
}  # fmt: skip
_KOI8: Final = range(0x06C0, 0x0700)
_CYRILLIC: Final = dict(zip(range(0x06A1, 0x06C0), "ђѓёєѕіїјљњћќґўџ№ЂЃЁЄЅІЇЈЉЊЋЌҐЎЏ", strict=True))
_GREEK: Final = {
    **dict(zip(range(0x07A1, 0x07AC), "ΆΈΉΊΪ\0ΌΎΫ\0Ώ", strict=True)),
    0x07AE: "΅", 0x07AF: "―",
    **dict(zip(range(0x07B1, 0x07BC), "άέήίϊΐόύϋΰώ", strict=True)),
    **dict(zip(range(0x07C1, 0x07DA), "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣ\0ΤΥΦΧΨΩ", strict=True)),
    **dict(zip(range(0x07E1, 0x07FA), "αβγδεζηθικλμνξοπρσςτυφχψω", strict=True)),
}  # fmt: skip
_SINGLE: Final = {
    0x20AC: "€", 0x0AA9: "—", 0x0AAA: "–", 0x0AAE: "…", 0x0AC9: "™", 0x0AD0: "‘", 0x0AD1: "’",
    0x0AD2: "“", 0x0AD3: "”", 0x0AFD: "‚", 0x0AFE: "„", 0x0AE6: "•", 0x08FB: "←", 0x08FC: "↑",
    0x08FD: "→", 0x08FE: "↓",
}  # fmt: skip

_NAMES: Final = {
    0xFF08: "backspace", 0xFF09: "tab", 0xFF0D: "enter", 0xFF13: "pause", 0xFF14: "scroll_lock",
    0xFF15: "print_screen", 0xFF1B: "esc", 0xFF20: "compose", 0xFF50: "home", 0xFF51: "left",
    0xFF52: "up", 0xFF53: "right", 0xFF54: "down", 0xFF55: "page_up", 0xFF56: "page_down",
    0xFF57: "end", 0xFF58: "home", 0xFF61: "print_screen", 0xFF63: "insert", 0xFF65: "undo",
    0xFF66: "redo", 0xFF67: "menu", 0xFF68: "find", 0xFF6A: "help", 0xFF6B: "pause",
    0xFF7E: "alt_gr", 0xFF7F: "num_lock", 0xFF89: "tab", 0xFF8D: "enter", 0xFF95: "home",
    0xFF96: "left", 0xFF97: "up", 0xFF98: "right", 0xFF99: "down", 0xFF9A: "page_up",
    0xFF9B: "page_down", 0xFF9C: "end", 0xFF9D: "kp_begin", 0xFF9E: "insert", 0xFF9F: "delete",
    0xFFE1: "shift_l", 0xFFE2: "shift_r", 0xFFE3: "ctrl_l", 0xFFE4: "ctrl_r", 0xFFE5: "caps_lock",
    0xFFE6: "caps_lock", 0xFFE7: "alt_l", 0xFFE8: "alt_r", 0xFFE9: "alt_l", 0xFFEA: "alt_r",
    0xFFEB: "cmd_l", 0xFFEC: "cmd_r", 0xFFED: "cmd_l", 0xFFEE: "cmd_r", 0xFFFF: "delete",
    0xFE03: "alt_gr", 0xFE11: "alt_gr", 0xFE20: "tab", 0x1008FF11: "media_volume_down",
    0x1008FF12: "media_volume_mute", 0x1008FF13: "media_volume_up", 0x1008FF14: "media_play_pause",
    0x1008FF16: "media_previous", 0x1008FF17: "media_next", 0x1008FF31: "media_play_pause",
    0x1008FF57: "copy", 0x1008FF58: "cut", 0x1008FF6D: "paste",
    **{0xFFBE + number: f"f{number + 1}" for number in range(35)},
    **dict.fromkeys((0xFE08, 0xFE0A, 0xFE0C, 0xFE0E), "iso_group"),
}  # fmt: skip

_CLASSES: Final = {
    **dict.fromkeys(("space",), KeyClass.SPACE),
    **dict.fromkeys(("enter",), KeyClass.ENTER),
    **dict.fromkeys(("tab",), KeyClass.TAB),
    **dict.fromkeys(("backspace",), KeyClass.BACKSPACE),
    **dict.fromkeys(("", "dead", "unknown", "compose"), KeyClass.CHAR),
    **dict.fromkeys(
        ("up", "down", "left", "right", "home", "end", "page_up", "page_down", "insert", "delete",
         "kp_begin"), KeyClass.NAVIGATION,
    ),
    **dict.fromkeys(
        ("shift", "shift_l", "shift_r", "ctrl", "ctrl_l", "ctrl_r", "alt", "alt_l", "alt_r",
         "alt_gr", "cmd", "cmd_l", "cmd_r", "caps_lock", "num_lock", "iso_group"),
        KeyClass.MODIFIER,
    ),
}  # fmt: skip

_DEAD: Final = {
    0xFE50: "\u0300", 0xFE51: "\u0301", 0xFE52: "\u0302", 0xFE53: "\u0303", 0xFE54: "\u0304",
    0xFE55: "\u0306", 0xFE56: "\u0307", 0xFE57: "\u0308", 0xFE58: "\u030a", 0xFE59: "\u030b",
    0xFE5A: "\u030c", 0xFE5B: "\u0327", 0xFE5C: "\u0328", 0xFE5D: "\u0345", 0xFE60: "\u0323",
    0xFE61: "\u0309", 0xFE62: "\u031b", 0xFE63: "\u0338", 0xFE64: "\u0313", 0xFE65: "\u0314",
}  # fmt: skip
"""Dead keys as the combining mark that they put on the next letter."""
_DEAD_KEYS: Final = range(0xFE50, 0xFE94)
_SPACING: Final = {
    "\u0300": "`", "\u0301": "´", "\u0302": "^", "\u0303": "~", "\u0304": "¯", "\u0306": "˘",
    "\u0307": "˙", "\u0308": "¨", "\u030a": "°", "\u030b": "˝", "\u030c": "ˇ", "\u0327": "¸",
    "\u0328": "˛",
}  # fmt: skip
_STROKES: Final = {"o": "ø", "O": "Ø", "d": "đ", "D": "Đ", "l": "ł", "L": "Ł", "h": "ħ", "H": "Ħ"}


def character(keysym: int) -> str:
    """Give the character that a symbol prints, "" when it prints none."""
    if any(keysym in part for part in _LATIN_1):
        return chr(keysym)
    if _UNICODE + 0x20 <= keysym <= _HIGHEST_UNICODE:
        return _printable(keysym - _UNICODE)
    if _KEYPAD_FIRST <= keysym <= _KEYPAD_LAST or keysym == _KEYPAD_EQUAL:
        return chr(keysym - 0xFF80)
    return _legacy(keysym).strip("\0")


def key_name(keysym: int) -> str:
    """Give pynput's name of a symbol that is no text, "unknown" for an odd one."""
    if keysym in _DEAD_KEYS:
        return "dead"
    return _NAMES.get(keysym, "unknown")


def keysym_of(name: str) -> int:
    """Give the symbol of a letter, a digit or a key by pynput's name, 0 for an unknown one."""
    if len(name) == 1:
        return ord(name)
    return min((keysym for keysym, known in _NAMES.items() if known == name), default=0)


def class_of(name: str) -> KeyClass:
    """Give the class of a key by its name, "" being a printing key."""
    return _CLASSES.get(name, KeyClass.FUNCTION)


class Composer:
    """Joins dead keys with the letter that follows.

    A sequence that the table does not know, and what follows a Compose key, has no
    certain outcome: its letters are unknown rather than guessed.
    """

    _COMPOSE_LETTERS: Final = 2

    def __init__(self) -> None:
        self._mark = ""
        self._uncertain = 0

    def dead(self, keysym: int) -> str:
        """Take a dead key; gives a character when it completes the one before."""
        mark = _DEAD.get(keysym, "")
        before, self._mark = self._mark, mark
        if not mark:
            self._uncertain = 1
        if before and before == mark:
            self._mark = ""
            return _SPACING.get(mark, "")
        if before:
            self._uncertain = self._COMPOSE_LETTERS
        return ""

    def compose(self) -> None:
        """Take a Compose key: the letters of its sequence are unknown."""
        self._mark, self._uncertain = "", self._COMPOSE_LETTERS

    def letter(self, char: str) -> str:
        """Take a character; gives what is printed, "" when that is uncertain."""
        mark, self._mark = self._mark, ""
        if self._uncertain:
            self._uncertain -= 1
            return ""
        return _join(mark, char) if mark else char

    def interrupt(self) -> None:
        """Take any other key: it ends a sequence."""
        self._mark, self._uncertain = "", 0


def _join(mark: str, char: str) -> str:
    if char == " ":
        return _SPACING.get(mark, "")
    if mark == "\u0338" and char in _STROKES:
        return _STROKES[char]
    joined = unicodedata.normalize("NFC", char + mark)
    return joined if len(joined) == 1 else ""


def _legacy(keysym: int) -> str:
    if keysym in _KOI8:
        return bytes([keysym & 0xFF]).decode("koi8-r")
    page = _CODE_PAGES.get(keysym >> 8)
    if page is not None and keysym & 0xFF >= 0xA0:  # noqa: PLR2004 - upper half of the page
        return bytes([keysym & 0xFF]).decode(page, errors="ignore")
    return _CYRILLIC.get(keysym) or _GREEK.get(keysym) or _SINGLE.get(keysym, "")


def _printable(code_point: int) -> str:
    char = chr(code_point)
    return "" if unicodedata.category(char) in ("Cc", "Cs", "Cn", "Co") else char
