"""Places on a virtual desktop into which the campaign types, one value after the other."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from benchmarks.cases.typing import Do, Manner, Step, script
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_hands import Hands
from recorder.cli.virtual_programs import Area, open_browser, open_terminal, serve_folder

APPS: Final = ("xterm", "zenity", "chromium:localhost")
LABELS: Final = {
    "EMAIL": "E-mail", "CARD": "Card number", "IBAN": "IBAN", "PHONE": "Phone", "SECRET": "API key",
    "IP": "IP address", "MAC": "MAC address", "SSN": "Social security number", "TAX_ID": "Tax ID",
    "CRYPTO": "Wallet", "PASSWORD": "Password", "PERSON": "Full name", "ADDRESS": "Address",
    "BIRTH_DATE": "Date of birth", "ACCOUNT": "Account number",
}  # fmt: skip
"""The fifteen kinds, and what stands beside their fields."""
_MANNERS: Final = (Manner.PLAIN, Manner.TYPOS, Manner.CARET, Manner.SELECTS)
_TERMINAL: Final[Area] = (10, 30, 620, 560)
_BROWSER: Final[Area] = (640, 30, 630, 740)
_LOOK_S: Final = 0.9
_KEY_MS: Final = 18
_SHELL: Final = "Campaign terminal"
_DIALOG: Final = "Campaign entry"
_FORM: Final = "Campaign form"
_KEYS: Final = {"backspace": "BackSpace", "left": "Left", "right": "Right", "end": "End"}


@dataclass(frozen=True, slots=True)
class Planned:
    """A value to be typed.

    Attributes:
        kind: One of `LABELS`.
        text: What is typed; the value alone.
        place: "terminal", "dialog", "form" or "page".
        is_labelled: Whether its label is beside it or typed before it.
        manner: How it is typed.
    """

    kind: str
    text: str
    place: str
    is_labelled: bool
    manner: Manner = Manner.PLAIN

    @property
    def label(self) -> str:
        """What stands beside the field, a word without meaning when nothing does."""
        return LABELS[self.kind] if self.is_labelled else "Entry"


@dataclass(frozen=True, slots=True)
class Typed:
    """A value and when it was typed, CLOCK_MONOTONIC."""

    planned: Planned
    began_ns: int
    ended_ns: int


def manner_of(chance: random.Random) -> Manner:
    """Draw a manner that every program understands."""
    return chance.choice(_MANNERS)


class Place(Protocol):
    """Types a list of values into one kind of program."""

    def __call__(self, desktop: VirtualDesktop, todo: Sequence[Planned]) -> list[Typed]:
        """Type them and give what was typed when."""
        ...


def type_in_terminal(desktop: VirtualDesktop, todo: Sequence[Planned]) -> list[Typed]:
    """Type comments into a shell, the label before the value."""
    hands = desktop.hands
    window = open_terminal(desktop, _SHELL, _TERMINAL)
    hands.activate(window)
    hands.type_text("set +H; clear\n", _KEY_MS)
    done = []
    for planned in todo:
        began_ns = time.monotonic_ns()
        hands.type_text(f"# {planned.label}: " if planned.is_labelled else "# ", _KEY_MS)
        _type(hands, planned)
        hands.key("Return")
        done.append(_ended(planned, began_ns))
    hands.close(window)
    hands.wait_gone(_SHELL)
    return done


def type_in_dialogs(desktop: VirtualDesktop, todo: Sequence[Planned]) -> list[Typed]:
    """Type each value into a dialog of its own."""
    done = []
    for planned in todo:
        began_ns = time.monotonic_ns()
        dialog = desktop.run("zenity", "--entry", "--title", _DIALOG, "--text", planned.label)
        desktop.hands.activate(desktop.hands.window(_DIALOG))
        time.sleep(_LOOK_S)
        _type(desktop.hands, planned)
        done.append(_ended(planned, began_ns))
        desktop.hands.key("Return")
        desktop.hands.wait_gone(_DIALOG)
        desktop.end(dialog)
    return done


def type_in_form(desktop: VirtualDesktop, todo: Sequence[Planned]) -> list[Typed]:
    """Type the values into GTK forms of five entries, going on by tab."""
    done: list[Typed] = []
    for start in range(0, len(todo), 5):
        part = todo[start : start + 5]
        entries = [f"--add-entry={planned.label}" for planned in part]
        form = desktop.run("zenity", "--forms", "--title", _FORM, "--text", "Details", *entries)
        desktop.hands.activate(desktop.hands.window(_FORM))
        time.sleep(_LOOK_S)
        done += _tab_through(desktop.hands, part)
        desktop.end(form)
        desktop.hands.wait_gone(_FORM)
    return done


def type_in_page(desktop: VirtualDesktop, todo: Sequence[Planned]) -> list[Typed]:
    """Type the values into the fields of a page, going on by tab."""
    fields = "".join(
        f"<p>{planned.label if planned.is_labelled else ''} <input size=44{' autofocus' * (not at)}></p>"
        for at, planned in enumerate(todo)
    )
    page = (
        "<!doctype html><meta charset=utf-8><title>Campaign page</title>"
        f"<body style='font:16px sans-serif'><h3>The harbour office</h3>{fields}"
    )
    url = serve_folder(desktop, {"index.html": page})
    window = open_browser(desktop, url, "Campaign page", _BROWSER)
    time.sleep(_LOOK_S * 2)
    done = _tab_through(desktop.hands, todo)
    desktop.hands.close(window)
    return done


PLACES: Final[dict[str, Place]] = {
    "terminal": type_in_terminal, "dialog": type_in_dialogs, "form": type_in_form,
    "page": type_in_page,
}  # fmt: skip


def _tab_through(hands: Hands, todo: Sequence[Planned]) -> list[Typed]:
    done = []
    for planned in todo:
        began_ns = time.monotonic_ns()
        _type(hands, planned)
        done.append(_ended(planned, began_ns))
        hands.key("Tab")
    return done


def _ended(planned: Planned, began_ns: int) -> Typed:
    """Look at what was typed, as a person does, longer than a screen takes to settle."""
    time.sleep(_LOOK_S)
    return Typed(planned, began_ns, time.monotonic_ns())


def _type(hands: Hands, planned: Planned) -> None:
    for step in script(planned.text, planned.manner, random.Random(planned.text)):  # noqa: S311 - repeatable
        _do(hands, step)


def _do(hands: Hands, step: Step) -> None:
    if step.do is Do.TYPE:
        hands.type_text(step.text, _KEY_MS)
    elif step.times:
        name = _KEYS[step.text]
        hands.key(*[f"shift+{name}" if step.do is Do.SELECT else name] * step.times)
