"""A fresh account, from the first start to an exported table, by the real commands."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from recorder.cli.demo_scene import MARKER, Scene
from recorder.cli.virtual_processes import wait_until
from recorder.core.errors import ExitCode
from tests.pty_driver import PtyDriver

_RECORDER = str(Path(sys.executable).parent / "recorder")
_PASSPHRASE = "correct horse battery"
_MOST_ANSWERS = 8
Answer = dict[str, object]


class Account:
    """A fresh account on the shared desktop."""

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


@pytest.fixture
def account(root: Path, scene: Scene) -> Iterator[Account]:
    found = Account(root, scene)
    yield found
    found.run("stop")


def test_a_fresh_account_records_pauses_stops_and_reads(account: Account, scene: Scene) -> None:
    command = [_RECORDER, "start", "Order boxes", "--for", "5m"]
    with PtyDriver([*command, "--allow-root", "--allow-ci"], env=account.environment) as person:
        _consent(person)
        wait_until("recording", lambda: account.run("status")[1].get("state") == "recording")
        assert person.answers <= _MOST_ANSWERS
        _work(scene)
        _pause_and_resume(account)
        _work(scene)
        account.ok("task", "end", "--outcome", "done")
        stopped = account.ok("stop")
        assert person.wait() == 0
    assert stopped["state"] == "stopped"
    assert account.run("status")[0] == ExitCode.NOT_RUNNING
    _read(account)


def _consent(person: PtyDriver) -> None:
    person.answer("Folder for your recordings?")
    person.answer("Passphrase", _PASSPHRASE)
    person.answer("The same again:", _PASSPHRASE)
    for question in ("keys", "screen", "pointer", "window names"):
        person.answer(f"Store {question}?", "yes")
    shown = person.expect("Which?")
    line = next(line for line in shown.splitlines() if "(xterm)" in line)
    person.send(line.split()[0])


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
