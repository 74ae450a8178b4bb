"""The recorder's own page, shown to a running recorder: no pixel, title or key of it is kept."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import mss
import mss.tools
import pytest

from recorder.cli.demo_agent import DemoAgent, DemoHome
from recorder.cli.demo_check import fold, read_pictures
from recorder.cli.demo_scene import MARKER, Scene
from recorder.cli.demo_secrets import Secret
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_processes import DesktopSilent, wait_until
from recorder.cli.virtual_programs import serve_folder
from recorder.core.losses import Losses
from recorder.core.own_page import OWN_HOST, OWN_PATH, OWN_TITLE
from recorder.episodes.identity import owners
from tests.desktop.person import RECORDER
from tests.desktop.recordings import home_on, newest, order
from tests.desktop.test_scope_sites import (
    go_to,
    keys_and_counts_behind_the_gate,
    leaks_of,
    new_secret,
    page,
)
from tests.unit.episodes.studio import Studio, add, focus, moves, opening

_BROWSER = {"left": 920, "top": 60, "width": 980, "height": 900}
_SITE = "Allowed neighbour"
_ELSEWHERE = (1200, 700)
_LOOK_S = 0.8
"""How long a person looks before going on; longer than a screen takes to settle."""
_UNLOCKED = f"[0-9]:[0-9].*{OWN_TITLE}"
_ANSWER_S = 15.0
_OPENS_S = 60.0
_DAY_NS = 86_400_000_000_000


@pytest.fixture
def shown() -> Secret:
    """What stands on the page, and in its title."""
    return new_secret("own page")


@pytest.fixture
def home(scene: Scene, root: Path, shown: Secret) -> DemoHome:
    """A home in whose folder an older recording holds the word."""
    found = home_on(scene.desktop, root / "home")
    studio = Studio(found.folder)
    studio.recipients = owners(found.folder)
    writer = studio.begin(time.time_ns() - _DAY_NS)
    window = replace(focus(1), app_name=shown.text, window_title=f"{shown.text} {shown.text}")
    add(writer, context=[*opening(), window], events=moves(2, 5))
    writer.close(Losses())
    return found


@pytest.fixture
def link(scene: Scene, home: DemoHome) -> Iterator[str]:
    """Give the link of a real `recorder review` of that recording."""
    server = scene.desktop.run(
        RECORDER, "review", "last", "--no-browser", "--json", "--folder", str(home.folder),
        output=subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    yield str(json.loads(server.stdout.readline())["link"])
    scene.desktop.end(server)


def _reads(desktop: VirtualDesktop, word: str) -> bool:
    """Tell whether a person would read the word in the browser now."""
    with mss.MSS(display=desktop.display) as camera:
        seen = camera.grab(_BROWSER)
    png = mss.tools.to_png(seen.rgb, seen.size)
    return png is not None and fold(word) in fold(read_pictures([png])[0])


def _unlock(desktop: VirtualDesktop, passphrase: str) -> None:
    """Type the passphrase; again where the field was not there yet and took half of it."""
    until_s = time.monotonic() + _OPENS_S
    while desktop.hands.find(_UNLOCKED) is None:
        assert time.monotonic() < until_s, "the page stays locked"
        desktop.hands.type_text(f"{passphrase}\n")
        with suppress(DesktopSilent):
            desktop.hands.window(_UNLOCKED, _ANSWER_S)


def test_the_review_page_is_in_no_recording(
    scene: Scene, home: DemoHome, shown: Secret, link: str
) -> None:
    desktop, hands = scene.desktop, scene.desktop.hands
    base = serve_folder(desktop, {"site.html": page(_SITE, MARKER)})
    neighbour = f"{base.replace('localhost', '127.0.0.1')}site.html"
    with DemoAgent(home, order(apps=("xterm", "chromium:127.0.0.1"))) as one:
        go_to(desktop, scene.browser, neighbour)
        hands.window(_SITE)
        hands.click(*_ELSEWHERE)
        time.sleep(_LOOK_S)

        go_to(desktop, scene.browser, link)
        hands.window(f"Locked.*{OWN_TITLE}", _OPENS_S)
        wait_until("the lock", lambda: _reads(desktop, "Passphrase"), _OPENS_S)
        _unlock(desktop, home.passphrase.text)
        wait_until("the page", lambda: _reads(desktop, shown.text), _OPENS_S)
        hands.click(*_ELSEWHERE)
        hands.key("Right", "Right", "Left")
        hands.scroll(2)

        go_to(desktop, scene.browser, neighbour)
        hands.window(_SITE)
        hands.activate(scene.terminal)
        for _ in range(2):
            hands.type_text(f"echo the {MARKER}\n")
            time.sleep(_LOOK_S)
        one.stop()
        episode = newest(home)
    passphrase = Secret("passphrase", home.passphrase.text, home.passphrase.text)
    told = str(episode.context.to_pylist())
    assert leaks_of(episode, [shown, passphrase]) == []
    assert _SITE in told, "its neighbour on the same host is recorded"
    assert not any(word in told for word in (OWN_HOST, OWN_PATH, OWN_TITLE))
    assert keys_and_counts_behind_the_gate(episode)[0] == 0
    assert "excluded_begin" in episode.events.column("kind").to_pylist()
