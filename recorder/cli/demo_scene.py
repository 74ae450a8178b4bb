"""The scene of the demonstration: half a minute of ordinary work with secrets in it."""

import time
from dataclasses import dataclass
from typing import Final

from recorder.cli.demo_secrets import SceneSecrets
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_programs import (
    Area,
    open_browser,
    open_password_dialog,
    open_terminal,
    serve_page,
)

TERMINAL_TITLE: Final = "Work terminal"
PAGE_TITLE: Final = "Order form"
DIALOG_TITLE: Final = "Unlock the safe"
MARKER: Final = "harbour"
"""A harmless word on the screen; reading it back shows that the check can read."""
SCENE_APPS: Final = ("xterm", "zenity", "chromium:localhost")
"""What the demonstration records."""

_TERMINAL: Final[Area] = (30, 60, 860, 560)
_BROWSER: Final[Area] = (920, 60, 980, 900)
_ITEM_FIELD: Final = (315, 202)
_PASSWORD_FIELD: Final = (315, 246)
_BUTTON: Final = (52, 289)
"""Places on the page, relative to the browser's window."""
_TITLE_BAR_PX: Final = 18
_LOOK_S: Final = 0.8
"""How long a person looks before going on; longer than a screen takes to settle."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The opened programs, ready to be worked with."""

    desktop: VirtualDesktop
    secrets: SceneSecrets
    terminal: int
    browser: int

    def work_in_terminal(self) -> None:
        """Type commands, an address, a card number, a key and an unseen password."""
        hands = self.desktop.hands
        hands.activate(self.terminal)
        for line in (
            f"echo boxes in the {MARKER}",
            f"echo write to {self.secrets.email.text} today",
            f"echo card {self.secrets.card.text}",
            f"export API_KEY={self.secrets.api_key.text}",
        ):
            hands.type_text(line + "\n")
            time.sleep(_LOOK_S)
        self.type_unseen_password()

    def type_unseen_password(self) -> None:
        """Let the shell ask for a password, which it does not show."""
        hands = self.desktop.hands
        hands.type_text("read -s answer\n")
        time.sleep(_LOOK_S)
        hands.type_text(self.secrets.shell_password.text + "\n")
        time.sleep(_LOOK_S)

    def answer_dialog(self) -> None:
        """Type a password into a dialog."""
        open_password_dialog(self.desktop, DIALOG_TITLE)
        time.sleep(_LOOK_S)
        self.desktop.hands.type_text(self.secrets.dialog_password.text)
        time.sleep(_LOOK_S)
        self.desktop.hands.key("Return")
        self.desktop.hands.wait_gone(DIALOG_TITLE)

    def fill_page(self) -> None:
        """Fill the page's fields, send it, read on."""
        hands = self.desktop.hands
        hands.activate(self.browser)
        self._click_on_page(_ITEM_FIELD)
        hands.type_text("two blue bicycles")
        self._click_on_page(_PASSWORD_FIELD)
        hands.type_text(self.secrets.page_password.text)
        time.sleep(_LOOK_S)
        self._click_on_page(_BUTTON)
        time.sleep(_LOOK_S)
        hands.scroll(8)
        time.sleep(_LOOK_S)
        hands.scroll(-8)

    def move_windows(self) -> None:
        """Drag the terminal by its title bar and go to and fro between the windows."""
        hands = self.desktop.hands
        hands.activate(self.terminal)
        left, top, width, _ = _TERMINAL
        grip = (left + width // 2, top + _TITLE_BAR_PX // 2)
        hands.drag(grip, (grip[0] + 20, grip[1] + 190))
        time.sleep(_LOOK_S)
        hands.activate(self.browser)
        time.sleep(_LOOK_S)
        hands.activate(self.terminal)
        hands.type_text(f"echo the {MARKER} is empty\n")
        time.sleep(_LOOK_S)

    def work_unseen(self) -> None:
        """Work on while the recording is paused."""
        self.desktop.hands.activate(self.terminal)
        self.desktop.hands.type_text("echo this is not recorded\n")

    def _click_on_page(self, place: tuple[int, int]) -> None:
        left, top, _, _ = self.desktop.hands.geometry(self.browser)
        self.desktop.hands.glide(left + place[0], top + place[1])
        self.desktop.hands.click(left + place[0], top + place[1])
        time.sleep(_LOOK_S)


def open_scene(desktop: VirtualDesktop, secrets: SceneSecrets) -> Scene:
    """Open the terminal and the browser with its page."""
    browser = open_browser(desktop, serve_page(desktop, PAGE_TITLE), PAGE_TITLE, _BROWSER)
    terminal = open_terminal(desktop, TERMINAL_TITLE, _TERMINAL)
    return Scene(desktop, secrets, terminal, browser)
