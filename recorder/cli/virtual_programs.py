"""Programs on a virtual desktop: a terminal, a password dialog, a browser with a page."""

import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_processes import DesktopSilent, require_programs

SCENE_PROGRAMS: Final = ("xterm", "zenity", "chromium")
Area = tuple[int, int, int, int]
"""Left, top, width, height in pixels."""

_CHROMIUM_FLAGS: Final = (
    "--no-sandbox",  # it refuses to start as root with it, and containers lack what it needs
    "--test-type",  # no bar that warns of the flag above
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--password-store=basic",
    "--force-renderer-accessibility",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-features=Translate,MediaRouter,OptimizationHints,PasswordManagerOnboarding",
    "--disable-save-password-bubble",
    "--no-proxy-server",
)
_PROMPT: Final = "$ "
_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 20px sans-serif; margin: 24px; background: #fff; color: #111 }}
label {{ display: block; height: 44px }} input {{ font: inherit; width: 460px }}
p {{ line-height: 1.7 }}
</style>
<h1>Order form</h1>
<label>Item <input id="item" autocomplete="off"></label>
<label>Password <input id="password" type="password" autocomplete="off"></label>
<button type="button" onclick="note.textContent = 'Order sent, thank you'">Send</button>
<p id="note">Not sent yet</p>
{paragraphs}
</html>"""
_PARAGRAPH: Final = (
    "<p>Section {number}: boxes leave the harbour on Tuesday, bicycles follow on Friday.</p>"
)


def require_scene_programs() -> None:
    """Check that terminal, dialog and browser are installed.

    Raises:
        ProgramMissing: Names all that are not, and the line that installs them.
    """
    require_programs(SCENE_PROGRAMS)


def open_terminal(desktop: VirtualDesktop, title: str, area: Area) -> int:
    """Open an xterm with a shell that keeps no history; give its window.

    Text is black on white at 12 points, so that recognition can read it.
    """
    startup = desktop.workspace / "shell"
    startup.write_text(f"PS1='{_PROMPT}'\nunset HISTFILE\n")
    desktop.run(
        "xterm", "-T", title, "-fa", "DejaVu Sans Mono", "-fs", "12", "-bg", "white", "-fg",
        "black", "-xrm", "XTerm*allowTitleOps:false",
        "-e", "bash", "--noprofile", "--rcfile", str(startup), "-i",
    )  # fmt: skip
    return _place(desktop, title, area)


def open_password_dialog(desktop: VirtualDesktop, title: str) -> subprocess.Popen[bytes]:
    """Open zenity's password dialog and wait until it shows."""
    dialog = desktop.run("zenity", "--password", "--title", title)
    desktop.hands.window(title)
    return dialog


def open_browser(
    desktop: VirtualDesktop, url: str, title: str, area: Area, *, private: bool = False
) -> int:
    """Open Chromium on a page, with accessibility on; give its window."""
    profile = desktop.workspace / f"chromium-{len(list(desktop.workspace.glob('chromium-*')))}"
    mode = ["--incognito"] if private else []
    desktop.run(
        "chromium", *_CHROMIUM_FLAGS, *mode, f"--user-data-dir={profile}",
        f"--window-position={area[0]},{area[1]}", f"--window-size={area[2]},{area[3]}", url,
    )  # fmt: skip
    return _place(desktop, title, area)


def serve_page(desktop: VirtualDesktop, title: str = "Order form", paragraphs: int = 40) -> str:
    """Serve a page with a text and a password field on this machine only; give its URL."""
    text = "".join(_PARAGRAPH.format(number=number) for number in range(1, paragraphs + 1))
    return serve_folder(desktop, {"index.html": _PAGE.format(title=title, paragraphs=text)})


def serve_folder(desktop: VirtualDesktop, pages: Mapping[str, str]) -> str:
    """Serve pages from a process of its own on a free port; give the URL.

    Raises:
        DesktopSilent: The server did not start.
    """
    folder = desktop.workspace / "pages"
    folder.mkdir(exist_ok=True)
    for name, page in pages.items():
        (folder / name).write_text(page)
    server = desktop.run(
        sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1",
        "--directory", str(folder), output=subprocess.PIPE,
    )  # fmt: skip
    line = server.stdout.readline().decode() if server.stdout else ""
    port = re.search(r"port (\d+)", line)
    if port is None:
        raise DesktopSilent("the start of the page server", 0)
    return f"http://localhost:{port[1]}/"


def _place(desktop: VirtualDesktop, title: str, area: Area) -> int:
    window = desktop.hands.window(title)
    desktop.hands.place(window, area[:2], area[2:])
    desktop.hands.activate(window)
    return window
