"""A real agent that records a virtual desktop of ours; also for tests and benchmarks.

Everything it needs lies under one temporary root: home, settings, state, socket, folder.
"""

import os
import secrets
import shutil
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from recorder.agent import client
from recorder.agent.lead import AgentEnded, Lead, StartRefused, launch, wait_for_recording
from recorder.agent.order import NOTHING, DemoOrder, Order, Watch
from recorder.cli.virtual_processes import family, stat_fields, wait_until
from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.keys import create_signing_keys
from recorder.consent.passphrase import Passphrase
from recorder.core.ids import ulid
from recorder.episodes.identity import create_identity, owners
from recorder.files import private_folder
from recorder.places import Places, places

Facts = dict[str, object]
_START_S: Final = 20.0
_ANSWER_S: Final = 30.0
_STOP_S: Final = 60.0
_READ_S: Final = 0.1
_FOLDERS: Final = (
    "HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoHome:
    """Where one demonstration keeps everything.

    Attributes:
        root: Private temporary folder.
        folder: The recordings' folder, encrypted to a fresh identity.
        passphrase: Made up; opens the folder.
        environment: Of the agent and of commands that talk to it.
    """

    root: Path
    folder: Path
    passphrase: Passphrase
    environment: Mapping[str, str]

    @property
    def places(self) -> Places:
        """Its settings, state and socket."""
        return places(self.environment)

    @property
    def searched(self) -> tuple[Path, ...]:
        """Every folder in which the recorder may have left something."""
        return (self.root,)


def make_demo_home(
    root: Path, desktop: Mapping[str, str], like: DemoHome | None = None
) -> DemoHome:
    """Make the folders and a recordings' folder with keys of its own.

    Args:
        root: An empty private folder with a short path.
        desktop: The virtual desktop's environment.
        like: Copy this home's keys instead of making new ones, which takes a second.
    """
    own = {name: str(private_folder(root / name.lower())) for name in _FOLDERS}
    kept = {name: desktop[name] for name in ("PATH", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LANG")}
    folder = root / "recordings"
    if like is None:
        passphrase = Passphrase(secrets.token_hex(12))
        _make_keys(folder, passphrase)
    else:
        passphrase = like.passphrase
        shutil.copytree(like.folder, folder, ignore=shutil.ignore_patterns("episodes"))
    return DemoHome(root, folder, passphrase, {**kept, **own})


def _make_keys(folder: Path, passphrase: Passphrase) -> None:
    folder_id = ulid(time.time_ns(), secrets.token_bytes(10))
    make_folder(folder, FolderFile(folder_id=folder_id, plain=False, secret="passphrase"))  # noqa: S106 - where it is
    create_identity(folder, passphrase)
    create_signing_keys(folder, owners(folder))


class DemoAgent:
    """One recording by a real agent, from `start` to `stop` or `kill`.

    Args:
        home: Where it keeps everything.
        order: Levels and apps of the demonstration.
        task: What is said to be done.
        watch: For what it pauses by itself; for nothing unless a test says so.
        paused: Start it paused.
    """

    def __init__(
        self,
        home: DemoHome,
        order: DemoOrder,
        task: str | None = None,
        watch: Watch = NOTHING,
        *,
        paused: bool = False,
    ) -> None:
        self.home = home
        self.pid = 0
        self._order = order
        self._task = task
        self._watch = watch
        self._paused = paused
        self._lead: Lead | None = None
        self._over = threading.Event()
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_why: object) -> None:
        self.close()

    def start(self) -> Facts:
        """Start the agent and wait until it records, or waits; gives its first facts.

        Raises:
            RecorderError: It says why it cannot.
        """
        found = self.home.places
        for folder in (found.state, found.config, found.runtime):
            private_folder(folder)
        order = Order(
            folder=str(self.home.folder), display=self.home.environment["DISPLAY"],
            task=self._task, paused=self._paused, grant="demo", demo=self._order,
            watch=self._watch,
        )  # fmt: skip
        with _environment(self.home.environment):
            self._lead = launch(order, found.log)
        try:
            facts = wait_for_recording(self._lead, _START_S)
        except (AgentEnded, StartRefused):
            self.close()
            raise
        self.pid = int(found.lock.read_text())
        self._over.clear()
        self._reader = threading.Thread(target=self._read, args=(self._lead,), name="lead")
        self._reader.start()
        return facts

    def ask(self, verb: str, **more: object) -> Facts:
        """Send one request to the control socket and give the last line of the answer.

        Raises:
            RecorderError: It does not run, does not answer or refuses.
        """
        return client.ask(self.home.places.socket, {"verb": verb, **more}, _ANSWER_S)

    def stop(self) -> Facts:
        """Stop it and wait until everything is written; gives its last facts."""
        facts = client.ask(self.home.places.socket, {"verb": "stop"}, _STOP_S)
        self.close()
        return facts

    def kill(self) -> None:
        """Kill the agent and its capture processes at once, as a crash would."""
        for pid in family(self.pid):
            _kill(pid)
        self.close()

    def kill_agent_only(self) -> None:
        """Kill the agent and leave its capture processes to notice."""
        _kill(self.pid)
        self.close()

    def close(self) -> None:
        """Let go of the agent, which ends when its indicator is gone."""
        if self._reader is not None:
            self._over.set()
            self._reader.join()
            self._reader = None
        if self._lead is not None:
            self._lead.close(_STOP_S)
            self._lead = None
        if self.pid:
            wait_until("the end of the agent", lambda: not _lives(self.pid), _STOP_S)
            self.pid = 0

    def _read(self, lead: Lead) -> None:
        """Read what the agent reports, as an indicator does: a full pipe would slow it down."""
        while not self._over.is_set():
            try:
                lead.receive(_READ_S)
            except EOFError:
                return


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """Let children that start in the block see this environment and nothing else."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _lives(pid: int) -> bool:
    return stat_fields(pid)[:1] not in ([], ["Z"])


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
