"""Calls on the accessibility bus, each with a deadline; AT-SPI 2 over dbus-fast.

Source: https://gitlab.gnome.org/GNOME/at-spi2-core, xml/*.xml; role and state numbers are
those of atspi-constants.h.
"""

from typing import Any, Final

from recorder.capture.platforms.bus_calls import PROPERTIES, BusCalls, Ref
from recorder.core.geometry import Rect

ROLE_PASSWORD: Final = 40
STATE_EDITABLE: Final = 7
STATE_FOCUSED: Final = 12
STATE_SHOWING: Final = 25
RELATION_EMBEDS: Final = 13
ROOT_PATH: Final = "/org/a11y/atspi/accessible/root"
REGISTRY: Final = "org.a11y.atspi.Registry"
_NULL_PATH: Final = "/org/a11y/atspi/null"
_TO_ITS_END: Final = -1
CALL_TIMEOUT_S: Final = 0.15
_ATSPI: Final = "org.a11y.atspi."
_RULE: Final = "(aiia{ss}iaiiasib)"
_ALL: Final = 1
_ANY: Final = 2
_CANONICAL: Final = 1
_TRAVERSE: Final = True


class Calls(BusCalls):
    """Typed calls on the connected accessibility bus."""

    timeout_s = CALL_TIMEOUT_S

    async def pid(self, name: str) -> int:
        """Give the process behind a bus name."""
        return int((await self.bus_call("GetConnectionUnixProcessID", "s", name))[0])

    async def children(self, ref: Ref) -> list[Ref]:
        """Give an object's children."""
        (found,) = await self.call(ref, f"{_ATSPI}Accessible.GetChildren")
        return [(str(name), str(path)) for name, path in found]

    async def name(self, ref: Ref) -> str:
        """Give an object's name."""
        (found,) = await self.call(ref, f"{PROPERTIES}.Get", "ss", f"{_ATSPI}Accessible", "Name")
        return str(found.value)

    async def role(self, ref: Ref) -> int:
        """Give an object's role; names differ between toolkits, numbers do not."""
        return int((await self.call(ref, f"{_ATSPI}Accessible.GetRole"))[0])

    async def states(self, ref: Ref) -> int:
        """Give an object's states as one bit set."""
        (words,) = await self.call(ref, f"{_ATSPI}Accessible.GetState")
        return sum(int(word) << 32 * index for index, word in enumerate(words))

    async def extents(self, ref: Ref) -> Rect:
        """Give an object's rectangle on the screen."""
        (found,) = await self.call(ref, f"{_ATSPI}Component.GetExtents", "u", 0)
        return Rect(*(int(value) for value in found))

    async def at_point(self, ref: Ref, x: int, y: int) -> Ref | None:
        """Give the object at a pixel inside another one, None when there is none."""
        found = await self.call(ref, f"{_ATSPI}Component.GetAccessibleAtPoint", "iiu", x, y, 0)
        name, path = found[0]
        return None if path == _NULL_PATH or not name else (str(name), str(path))

    async def parent(self, ref: Ref) -> Ref | None:
        """Give the object around another one, None when there is none."""
        (found,) = await self.call(ref, f"{PROPERTIES}.Get", "ss", f"{_ATSPI}Accessible", "Parent")
        name, path = found.value
        return None if path == _NULL_PATH or not name else (str(name), str(path))

    async def text(self, ref: Ref) -> str:
        """Give an object's text."""
        (found,) = await self.call(ref, f"{_ATSPI}Text.GetText", "ii", 0, _TO_ITS_END)
        return str(found)

    async def embedded(self, ref: Ref) -> Ref | None:
        """Give the document that a browser's frame shows, None when there is none."""
        (relations,) = await self.call(ref, f"{_ATSPI}Accessible.GetRelationSet")
        for kind, targets in relations:
            if kind == RELATION_EMBEDS and targets:
                return str(targets[0][0]), str(targets[0][1])
        return None

    async def url(self, document: Ref) -> str:
        """Give a document's address: "URI" of Chromium, "DocURL" of Firefox."""
        (found,) = await self.call(document, f"{_ATSPI}Document.GetAttributes")
        return str(found.get("URI") or found.get("DocURL") or "")

    async def with_role(self, ref: Ref, role: int, most: int) -> list[Ref]:
        """Give the descendants of a role; needs the Collection interface."""
        words = [0, 0, 0, 0]
        words[role // 32] = 1 << role % 32
        return await self._matches(ref, [[0, 0], _ALL, {}, _ALL, words, _ANY], most)

    async def focused(self, ref: Ref) -> Ref | None:
        """Give the descendant that has the focus; needs the Collection interface."""
        states = [1 << STATE_FOCUSED, 0]
        found = await self._matches(ref, [states, _ALL, {}, _ALL, [0, 0, 0, 0], _ALL], 1)
        return found[0] if found else None

    async def _matches(self, ref: Ref, rule: list[Any], most: int) -> list[Ref]:
        full = [*rule, [], _ALL, False]
        (found,) = await self.call(
            ref, f"{_ATSPI}Collection.GetMatches", f"{_RULE}uib", full, _CANONICAL, most, _TRAVERSE
        )
        return [(str(name), str(path)) for name, path in found]
