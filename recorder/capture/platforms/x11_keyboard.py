"""The keyboard map in force, read by libX11 through ctypes (xkbcommon needs a compiler).

The connection is opened for the reading and closed after it: libX11 ends the process
when a server dies under an open connection.
"""

import ctypes
from ctypes import POINTER, byref, c_char_p, c_int, c_ubyte, c_uint, c_ulong, c_void_p
from dataclasses import dataclass
from typing import Final

from recorder.capture.platforms.x11_connection import DisplayName
from recorder.core.events import Mods
from recorder.core.ports import SourceLost, SourceUnavailable

_XKB_KEY_TYPES_SYMS_MODIFIERS: Final = 0x7
_XKB_CORE_KEYBOARD: Final = 0x100
_SHIFT_STATE: Final = 1
_CONTROL_STATE: Final = 4
_MODIFIER_BITS: Final = 0xFF
_FIRST_FREE_MODIFIER: Final = 3
"""Mod1; shift, lock and control have fixed bits."""
_MODIFIERS: Final = 8
_ALT: Final = frozenset({0xFFE9, 0xFFEA, 0xFFE7, 0xFFE8})
_SUPER: Final = frozenset({0xFFEB, 0xFFEC})
_LEVEL_3: Final = frozenset({0xFE03, 0xFE11, 0xFF7E})
_EXIT_HANDLER: Final = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)


class _ModifierMap(ctypes.Structure):
    _fields_ = (("per_modifier", c_int), ("keycodes", POINTER(c_ubyte)))


@dataclass(frozen=True, slots=True)
class _Masks:
    """Bits of an event's state that stand for modifiers whose bit is not fixed."""

    alt: int = 8
    super_: int = 64
    altgr: int = 128


class X11Keyboard:
    """Key codes and states as symbols and modifiers; `load` again when the map changes."""

    def __init__(self, name: DisplayName) -> None:
        self._name = name
        self._lib = _libx11()
        self._map: int | None = None
        self._masks = _Masks()
        self._mods: dict[int, Mods] = {}
        self._keep_alive = _EXIT_HANDLER(lambda _display, _data: None)

    def load(self) -> None:
        """Read the map in force.

        Raises:
            SourceLost: The display does not answer.
        """
        display = self._lib.XOpenDisplay(self._name.libx11.encode())
        if not display:
            raise SourceLost(f"The X display {self._name.plain} went away")
        if hasattr(self._lib, "XSetIOErrorExitHandler"):
            self._lib.XSetIOErrorExitHandler(display, self._keep_alive, None)
        try:
            self._read(display)
        finally:
            self._lib.XCloseDisplay(display)

    def keysym(self, keycode: int, state: int) -> int:
        """Give the symbol of a key under the modifiers and group in `state`; 0 for none."""
        keysym = c_ulong()
        # Asked for the modifiers left over too, libX11 reads the closed connection.
        self._lib.XkbTranslateKeyCode(self._map, keycode, state, None, byref(keysym))
        return keysym.value

    def mods(self, state: int) -> Mods:
        """Give the modifiers that a state tells as held."""
        bits = state & _MODIFIER_BITS
        if bits not in self._mods:
            self._mods[bits] = self._read_mods(bits)
        return self._mods[bits]

    def _read_mods(self, state: int) -> Mods:
        held = Mods.SHIFT if state & _SHIFT_STATE else Mods.NONE
        if state & _CONTROL_STATE:
            held |= Mods.CTRL
        if state & self._masks.alt:
            held |= Mods.ALT
        if state & self._masks.super_:
            held |= Mods.SUPER
        if state & self._masks.altgr:
            held |= Mods.ALTGR
        return held

    def close(self) -> None:
        """Free the map; may be called twice."""
        if self._map:
            self._lib.XkbFreeKeyboard(self._map, 0, 1)
        self._map = None

    def _read(self, display: int) -> None:
        found = self._lib.XkbGetMap(display, _XKB_KEY_TYPES_SYMS_MODIFIERS, _XKB_CORE_KEYBOARD)
        if not found:
            raise SourceLost("The X display gives no keyboard map")
        self.close()
        self._map = found
        self._masks = self._read_masks(display)
        self._mods.clear()

    def _read_masks(self, display: int) -> _Masks:
        modifier_map = self._lib.XGetModifierMapping(display)
        if not modifier_map:
            return _Masks()
        try:
            size = modifier_map.contents.per_modifier
            codes = modifier_map.contents.keycodes[: size * _MODIFIERS]
        finally:
            self._lib.XFreeModifiermap(modifier_map)
        alt = super_ = altgr = 0
        for modifier in range(_FIRST_FREE_MODIFIER, _MODIFIERS):
            keycodes = codes[modifier * size : (modifier + 1) * size]
            keysyms = {self.keysym(code, 0) for code in keycodes if code}
            alt |= (1 << modifier) if keysyms & _ALT else 0
            super_ |= (1 << modifier) if keysyms & _SUPER else 0
            altgr |= (1 << modifier) if keysyms & _LEVEL_3 else 0
        return _Masks(alt & ~altgr, super_ & ~(alt | altgr), altgr)


def _libx11() -> ctypes.CDLL:
    try:
        lib = ctypes.CDLL("libX11.so.6")
    except OSError as cause:
        raise SourceUnavailable("libX11 is missing", "install libx11-6") from cause
    lib.XOpenDisplay.restype = c_void_p
    lib.XOpenDisplay.argtypes = [c_char_p]
    lib.XCloseDisplay.argtypes = [c_void_p]
    lib.XkbGetMap.restype = c_void_p
    lib.XkbGetMap.argtypes = [c_void_p, c_uint, c_uint]
    lib.XkbFreeKeyboard.argtypes = [c_void_p, c_uint, c_int]
    lib.XkbTranslateKeyCode.argtypes = [
        c_void_p, c_ubyte, c_uint, POINTER(c_uint), POINTER(c_ulong),
    ]  # fmt: skip
    lib.XGetModifierMapping.restype = POINTER(_ModifierMap)
    lib.XGetModifierMapping.argtypes = [c_void_p]
    lib.XFreeModifiermap.argtypes = [POINTER(_ModifierMap)]
    if hasattr(lib, "XSetIOErrorExitHandler"):
        lib.XSetIOErrorExitHandler.argtypes = [c_void_p, _EXIT_HANDLER, c_void_p]
    return lib
