"""Answers what panels ask of the tray item and its menu, and hears what is chosen.

Every answer is given at once from the face in force; what does not fit the interfaces is
left to the library, which says that there is no such method.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from recorder.capture.platforms.bus_calls import PROPERTIES
from recorder.capture.platforms.tray_interfaces import INTERFACES
from recorder.capture.platforms.tray_item import ITEM, ITEM_PATH, NEWS, item_properties
from recorder.capture.platforms.tray_menu import (
    CAPTURING,
    MENU,
    MENU_PATH,
    ROOT,
    Properties,
    choice_of,
    menu_properties,
    menu_rows,
)
from recorder.core.faces import Face

if TYPE_CHECKING:
    from dbus_fast import Message, Variant

_INTROSPECT: Final = ("org.freedesktop.DBus.Introspectable", "Introspect")
_MOST_EVENTS: Final = 32
"""Of one message; a panel sends one or two."""
Answer = tuple[str, list[Any]]
"""Signature and body of a reply."""


class TrayObjects:
    """The item and its menu, as they answer.

    Args:
        choose: Called with "pause", "resume", "forget", "review" or "stop", and whose call it was.
        on_icon_read: Called with who took the icon.
    """

    def __init__(
        self, choose: Callable[[str, str], None], on_icon_read: Callable[[str], None]
    ) -> None:
        self._choose = choose
        self._on_icon_read = on_icon_read
        self._face = Face("starting")
        self._sender = ""
        self._revision = 1
        self._fetched = 0
        self._methods: Final[dict[tuple[str, str, str], Callable[..., Answer | None]]] = {
            (ITEM, "Activate", "ii"): self._activate,
            (ITEM, "SecondaryActivate", "ii"): _nothing,
            (ITEM, "ContextMenu", "ii"): _nothing,
            (ITEM, "Scroll", "is"): _nothing,
            (ITEM, "ProvideXdgActivationToken", "s"): _nothing,
            (MENU, "GetLayout", "iias"): self._layout,
            (MENU, "GetGroupProperties", "aias"): self._group,
            (MENU, "GetProperty", "is"): self._row_property,
            (MENU, "Event", "isvu"): self._event,
            (MENU, "EventGroup", "a(isvu)"): self._events,
            (MENU, "AboutToShow", "i"): lambda _row: ("b", [self._is_newer]),
            (MENU, "AboutToShowGroup", "ai"): self._about_to_show,
        }

    def put_on(self, face: Face) -> list[tuple[str, str, str, Answer]]:
        """Take a new face; give the signals to send: path, interface, member, body."""
        old, self._face = self._face, face
        before, after = item_properties(old), item_properties(face)
        news = [
            (ITEM_PATH, ITEM, signal, _signal_body(name, after))
            for name, signal in NEWS.items()
            if before[name] != after[name]
        ]
        rows, changed = menu_rows(old), []
        for number, row in menu_rows(face).items():
            if row != rows[number]:
                changed.append([number, _variants(row)])
        if changed:
            self._revision += 1
            news.append(
                (MENU_PATH, MENU, "ItemsPropertiesUpdated", ("a(ia{sv})a(ias)", [changed, []]))
            )
        return news

    def answer(self, message: "Message") -> "Message | bool":
        """Give the reply to a call, True for one that wants none, False when it is not ours."""
        from dbus_fast import Message, MessageFlag, MessageType  # noqa: PLC0415

        if message.message_type is not MessageType.METHOD_CALL or message.path not in INTERFACES:
            return False
        found = self._answer(message)
        if found is None:
            return False
        if message.flags & MessageFlag.NO_REPLY_EXPECTED:
            return True
        return Message.new_method_return(message, *found)

    def _answer(self, message: "Message") -> Answer | None:
        path, interface, member = str(message.path), message.interface or "", message.member or ""
        self._sender = str(message.sender)
        if (interface, member) == _INTROSPECT:
            return "s", [INTERFACES[path]]
        if interface == PROPERTIES:
            return self._properties(path, member, message)
        method = self._methods.get((interface, member, message.signature))
        is_there = interface == (ITEM if path == ITEM_PATH else MENU)
        return method(*message.body) if method and is_there else None

    def _properties(self, path: str, member: str, message: "Message") -> Answer | None:
        """Answer Get and GetAll; nothing can be set."""
        of, interface = _properties_of(path, self._face)
        if not message.body or message.body[0] not in {interface, ""}:
            return None
        if (member, message.signature) == ("GetAll", "s"):
            self._was_read(of)
            return "a{sv}", [_variants(of)]
        if (member, message.signature) == ("Get", "ss") and message.body[1] in of:
            name = message.body[1]
            self._was_read({name: of[name]})
            return "v", [_variants(of)[name]]
        return None

    def _was_read(self, properties: Properties) -> None:
        if "IconPixmap" in properties:
            self._on_icon_read(self._sender)

    def _activate(self, _x: int, _y: int) -> Answer:
        """Pause on a left click; a click on a paused item does nothing."""
        if self._face.state in CAPTURING:
            self._choose("pause", self._sender)
        return "", []

    @property
    def _is_newer(self) -> bool:
        """Whether the menu changed since a panel fetched it."""
        return self._fetched != self._revision

    def _layout(self, parent: int, depth: int, _names: list[str]) -> Answer:
        from dbus_fast import Variant  # noqa: PLC0415

        self._fetched = self._revision
        rows = menu_rows(self._face)
        children = [
            Variant("(ia{sv}av)", [number, _variants(row), []])
            for number, row in rows.items()
            if number != ROOT and parent == ROOT and depth != 0
        ]
        return "u(ia{sv}av)", [
            self._revision,
            [parent, _variants(rows.get(parent, {})), children],
        ]

    def _group(self, numbers: list[int], _names: list[str]) -> Answer:
        rows = menu_rows(self._face)
        wanted = set(numbers) & set(rows) if numbers else set(rows)
        return "a(ia{sv})", [[[n, _variants(rows[n])] for n in rows if n in wanted]]

    def _row_property(self, number: int, name: str) -> Answer | None:
        row = _variants(menu_rows(self._face).get(number, {}))
        return ("v", [row[name]]) if name in row else None

    def _event(self, number: int, kind: str, _data: object, _at: int) -> Answer:
        choice = choice_of(number, self._face) if kind == "clicked" else None
        if choice is not None:
            self._choose(choice, self._sender)
        return "", []

    def _events(self, events: list[list[Any]]) -> Answer:
        for event in events[:_MOST_EVENTS]:
            self._event(*event)
        rows = menu_rows(self._face)
        return "ai", [[event[0] for event in events if event[0] not in rows]]

    def _about_to_show(self, numbers: list[int]) -> Answer:
        rows = menu_rows(self._face)
        known = [n for n in numbers if n in rows]
        return "aiai", [known if self._is_newer else [], [n for n in numbers if n not in rows]]


def _nothing(*_arguments: object) -> Answer:
    return "", []


def _properties_of(path: str, face: Face) -> tuple[Properties, str]:
    if path == ITEM_PATH:
        return item_properties(face), ITEM
    return menu_properties(), MENU


def _signal_body(name: str, properties: Properties) -> Answer:
    return ("s", [properties[name][1]]) if name == "Status" else ("", [])


def _variants(properties: Properties) -> "dict[str, Variant]":
    from dbus_fast import Variant  # noqa: PLC0415

    return {name: Variant(*typed) for name, typed in properties.items()}
