"""Starts a recording of the shared desktop and opens what it stored."""

import atexit
import shutil
import tempfile
import time
from pathlib import Path

from recorder.agent.order import DemoOrder
from recorder.cli.demo_agent import DemoAgent, DemoHome, make_demo_home
from recorder.cli.demo_scene import SCENE_APPS
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.core.levels import KeyboardLevel, ScreenLevel, TitlesLevel
from recorder.episodes.homes import episode_homes
from recorder.episodes.identity import unlock
from recorder.episodes.reader import Episode, open_episode

INPUT_KINDS = frozenset({"move", "button_down", "button_up", "scroll", "key_down", "key_up"})
KEY_KINDS = frozenset({"key_down", "key_up"})
Row = dict[str, object]
_KEYS: tuple[DemoHome, str] | None = None


def order(
    keyboard: KeyboardLevel = KeyboardLevel.TEXT,
    screen: ScreenLevel = ScreenLevel.REDACTED,
    apps: tuple[str, ...] = SCENE_APPS,
) -> DemoOrder:
    """Give what a test wants recorded."""
    return DemoOrder(keyboard=keyboard, screen=screen, titles=TitlesLevel.TITLE, apps=apps)


def recording(desktop: VirtualDesktop, root: Path, wanted: DemoOrder) -> DemoAgent:
    """Give an agent with a home of its own, not started."""
    return DemoAgent(home_on(desktop, root), wanted)


def home_on(desktop: VirtualDesktop, root: Path) -> DemoHome:
    """Give an empty home; all of a run have the keys of the first one, which take seconds."""
    global _KEYS  # noqa: PLW0603 - one set of keys a run
    if _KEYS is None:
        template = Path(tempfile.mkdtemp(prefix="rec-keys-"))
        atexit.register(shutil.rmtree, template, ignore_errors=True)
        made = make_demo_home(template, desktop.environment)
        _KEYS = (made, unlock(made.folder, made.passphrase.text))
    return make_demo_home(root, desktop.environment, like=_KEYS[0])


def episodes(home: DemoHome) -> list[Episode]:
    """Open all episodes of a home, oldest first."""
    assert _KEYS is not None
    identity = _KEYS[1]
    paths = episode_homes(home.folder)
    return [open_episode(path, folder=home.folder, identity=identity) for path in paths]


def newest(home: DemoHome) -> Episode:
    """Open the newest episode."""
    return episodes(home)[-1]


def rows(episode: Episode) -> list[Row]:
    """Give the events as dicts, in order."""
    found: list[Row] = episode.events.to_pylist()
    return found


def kinds(episode: Episode) -> list[str]:
    """Give the kinds of the events, in order."""
    return [str(row["kind"]) for row in rows(episode)]


def start_ns(episode: Episode) -> int:
    """Give the episode's start on CLOCK_MONOTONIC, from its first clock row."""
    found = episode.context.to_pylist()
    clock = next(row for row in found if row["kind"] == "clock")
    offset_ns = time.monotonic_ns() - time.time_ns()
    return int(clock["wall_ns"]) - int(clock["t_ns"]) + offset_ns


def number(value: object) -> int:
    """Give an integer field of a row."""
    assert isinstance(value, int)
    return value
