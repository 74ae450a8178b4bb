"""A fresh account by the real commands: first start, a table of its own, a dataset of a study."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from recorder.cli.demo_scene import MARKER, Scene
from recorder.cli.virtual_processes import wait_until
from recorder.core.errors import ExitCode
from tests import light_seal
from tests.contract.commands import Run, ran_json
from tests.contract.test_shared_and_erased import Both, opened_once  # noqa: F401 - a fixture
from tests.desktop.conftest import fresh
from tests.desktop.dialog import Dialog
from tests.pty_driver import PtyDriver
from tests.unit.research.loaders import datasets

_RECORDER = str(Path(sys.executable).parent / "recorder")
_PASSPHRASE = "correct horse battery"
_MOST_ANSWERS = 8
Answer = dict[str, object]


class Account:
    """A fresh account on the shared desktop, and what it did in a day."""

    def __init__(self, root: Path, scene: Scene) -> None:
        self.root = root
        shown = scene.desktop.environment
        kept = {name: shown[name] for name in ("PATH", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS")}
        folders = {"HOME": root / "home", "XDG_RUNTIME_DIR": root / "run"}
        for folder in folders.values():
            folder.mkdir(mode=0o700)
        self.environment = {**kept, **{name: str(path) for name, path in folders.items()}}
        self.secret = root / "passphrase"
        self.secret.write_text(_PASSPHRASE)
        self.secret.chmod(0o600)
        self.answers = 0
        self.dialog = Dialog(scene.desktop, "Order three boxes?")

    def run(self, *words: str) -> tuple[int, Answer]:
        """Run a command with --json; give its exit code and its object."""
        done = subprocess.run(
            [_RECORDER, *words, "--json"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout, done.stderr
        answer: Answer = json.loads(done.stdout)
        return done.returncode, answer

    def ok(self, *words: str) -> Answer:
        """Run a command that must succeed."""
        code, answer = self.run(*words)
        assert code == ExitCode.OK, answer
        return answer


@pytest.fixture(scope="module")
def account(opened: Scene) -> Iterator[Account]:
    """An account that recorded typing, a pause and the answer to a dialog."""
    root = Path(tempfile.mkdtemp(prefix="rec-"))
    account = Account(root, fresh(opened))
    _record(account, opened)
    yield account
    shutil.rmtree(root, ignore_errors=True)


def _record(account: Account, scene: Scene) -> None:
    command = [_RECORDER, "start", "Order boxes", "--for", "5m"]
    with PtyDriver([*command, "--allow-root", "--allow-ci"], env=account.environment) as person:
        _consent(person)
        wait_until("recording", lambda: account.run("status")[1].get("state") == "recording")
        account.answers = person.answers
        _work(scene)
        _pause_and_resume(account)
        _work(scene)
        account.dialog.say_yes()
        account.ok("task", "end", "--outcome", "done")
        stopped = account.ok("stop")
        assert person.wait() == 0
    assert stopped["state"] == "stopped"


def test_a_fresh_account_records_pauses_stops_and_reads(account: Account) -> None:
    assert account.answers <= _MOST_ANSWERS
    assert account.run("status")[0] == ExitCode.NOT_RUNNING
    _read(account)


def _consent(person: PtyDriver) -> None:
    person.answer("Folder for your recordings?")
    person.answer("Passphrase", _PASSPHRASE)
    person.answer("The same again:", _PASSPHRASE)
    for question in ("keys", "screen", "pointer", "window names"):
        person.answer(f"Store {question}?", "yes")
    shown = person.expect("Which?").splitlines()
    lines = [line for line in shown if "(xterm)" in line or "(zenity)" in line]
    person.send(" ".join(line.split()[0] for line in lines))


def _work(scene: Scene) -> None:
    scene.desktop.hands.activate(scene.terminal)
    scene.desktop.hands.type_text(f"echo boxes in the {MARKER}\n")
    scene.desktop.hands.click(300, 400)


def _pause_and_resume(account: Account) -> None:
    assert account.ok("pause")["state"] == "paused"
    assert account.run("status")[0] == ExitCode.PAUSED
    account.run("resume")
    wait_until("recording", lambda: account.run("status")[1].get("state") == "recording")


def _read(account: Account) -> None:
    unlock = ("--passphrase-file", str(account.secret))
    listed = account.ok("list")
    found = listed["episodes"]
    assert isinstance(found, list)
    assert len(found) == 1
    shown = account.ok("show", *unlock)
    assert "xterm" in json.dumps(shown)
    query = "select kind, count(*) as n from events group by kind order by kind"
    assert "key_down" in json.dumps(account.ok("sql", query, *unlock))
    out = account.root / "plain"
    account.ok("export", "last", "--to", str(out), *unlock)
    tables = {path.name: pq.read_table(path) for path in out.rglob("*.parquet")}
    events = next(table for name, table in tables.items() if "events" in name)
    keys = events.select(["kind", "key", "key_class"]).to_pylist()
    assert sum(row["kind"] == "key_down" for row in keys) > 10
    assert {row["key"] for row in keys if row["key_class"] == "char"} == {None}, "level class"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return lambda *words: ran_json(monkeypatch, capsys, *words)


@pytest.mark.usefixtures("opened_once")
def test_its_click_is_a_step_with_the_screen_before_it_in_a_dataset_of_a_study(
    account: Account, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (name for name in os.environ if name.startswith("XDG_")):
        monkeypatch.delenv(name)
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    both = Both(tmp_path, run, monkeypatch)
    both.words.write_text(_PASSPHRASE)
    both.folder = account.root / "home" / "Recorder"
    with light_seal.used():
        both.begin_study(both.study_folder)
    both.join()
    both.share("last")
    assert both.collect()["new"] == 1
    built = both.dataset("--split", "100,0,0")
    assert built["participants_told"] == 1
    steps = datasets.load_dataset(str(both.paper), split="train", streaming=True)
    pressed = [step for step in steps if account.dialog.is_on_yes(step["x_px"], step["y_px"])]
    (click,) = pressed
    assert (click["action_type"], click["button"], click["app_id"]) == ("click", "left", "zenity")
    assert click["instruction"] == "Order boxes"
    account.dialog.check_shown(np.asarray(click["image"].convert("RGB")))
