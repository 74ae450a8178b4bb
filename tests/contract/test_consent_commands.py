"""`recorder init` and `recorder consent`, as a person and as a script meet them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from recorder.cli.init import FolderWish, set_up
from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import NoConsent, NoticeChanged
from recorder.consent.gate import Gate, GateFiles
from recorder.consent.notice import default_notice_file
from recorder.consent.passphrase import Passphrase
from recorder.core.levels import KeyboardLevel, TargetsLevel
from recorder.places import places
from tests.pty_driver import PtyDriver

RECORDER = str(Path(sys.executable).parent / "recorder")
PASSPHRASE = "correct horse battery"


_XDG = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME", "XDG_DATA_HOME")


@pytest.fixture(scope="module")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a folder made as `init` makes it, once; tests get copies."""
    home = tmp_path_factory.mktemp("made") / "home"
    for name in _XDG:
        (home / name.lower()).mkdir(parents=True, mode=0o700)
    set_up(places(environment(home)), FolderWish(home / "Recorder", Passphrase(PASSPHRASE)))
    return home


@pytest.fixture(scope="module")
def agreed_home(made_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which the person said yes at the real command."""
    home = tmp_path_factory.mktemp("agreed") / "home"
    move_in(made_home, home)
    with agree(env=environment(home)) as person:
        assert person.wait() == 0
        assert PASSPHRASE not in person.output
    return home


@pytest.fixture
def folder(own_home: Path, made_home: Path) -> Path:
    """A folder nobody agreed to yet."""
    return move_in(made_home, own_home)


@pytest.fixture
def agreed(own_home: Path, agreed_home: Path) -> Path:
    """A folder with a standing yes."""
    return move_in(agreed_home, own_home)


def move_in(source: Path, home: Path) -> Path:
    """Copy a home; its folder pointer names the copy."""
    shutil.copytree(source, home, dirs_exist_ok=True)
    (home / "xdg_config_home" / "recorder" / "folder").write_text(f"{home / 'Recorder'}\n")
    return home / "Recorder"


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "HOME": str(home), **{n: str(home / n.lower()) for n in _XDG}}


def run(
    *words: str, typed: str = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [RECORDER, *words], input=typed, capture_output=True, text=True, check=False, env=env
    )


def agree(env: dict[str, str]) -> PtyDriver:
    """Say yes to everything at the real command; gives the driver."""
    person = PtyDriver([RECORDER, "consent", "give"], env)
    person.answer("Store keys?", "text")
    for question in ("screen", "pointer", "window names", "targets"):
        person.answer(f"Store {question}?", "yes")
    person.answer("Passphrase of your recordings:", PASSPHRASE)
    return person


def gate(folder: Path) -> Gate:
    return Gate(folder, places().state, SystemClock())


def test_agreeing_withdrawing_and_looking_back(agreed: Path) -> None:
    terms = gate(agreed).open().terms
    assert terms.levels.keyboard is KeyboardLevel.TEXT
    assert terms.levels.targets is TargetsLevel.ON
    shown = json.loads(run("consent", "show", "--json").stdout)
    assert shown["schema"] == "recorder.consent/1"
    assert shown["levels"]["keyboard"] == "text"
    assert run("consent", "verify").returncode == 0

    done = run("consent", "withdraw")
    assert done.returncode == 0
    assert "recorder delete --all" in done.stderr
    with pytest.raises(NoConsent, match="withdrew"):
        gate(agreed).open()
    assert run("consent", "show").returncode == 20
    found = json.loads(run("consent", "history", "--json").stdout)["entries"]
    assert [entry["state"] for entry in found] == ["given", "withdrawn"]


def test_a_changed_notice_is_shown_with_its_difference(agreed: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.md"
    changed.write_bytes(default_notice_file().read_bytes().replace(b"one year", b"two years"))
    with pytest.raises(NoticeChanged):
        Gate(agreed, places().state, SystemClock(), GateFiles(notice=changed)).open()
    code = (
        "from pathlib import Path; import recorder.cli.guide as guide;"
        f"guide.default_notice_file = lambda: Path({str(changed)!r});"
        "import sys; sys.argv = ['recorder', 'consent', 'give'];"
        "from recorder.cli.main import main; main()"
    )
    with PtyDriver([sys.executable, "-c", code]) as person:
        person.expect("The notice changed since you agreed:")
        shown = person.expect("Store keys?")
        assert "-Your yes ends after one year" in shown
        assert "+Your yes ends after two years" in shown


def test_nothing_but_a_person_at_a_terminal_can_agree(folder: Path) -> None:
    done = run("consent", "give", typed="yes\n" * 9)
    assert done.returncode == 20
    assert "Only a person at a terminal" in done.stderr
    for flag in ("--yes", "--levels", "--force", "--accept"):
        assert run("consent", "give", flag).returncode == 2
    with pytest.raises(NoConsent):
        gate(folder).open()


def test_a_wrong_passphrase_three_times_agrees_to_nothing(folder: Path) -> None:
    with PtyDriver([RECORDER, "consent", "give"]) as person:
        for question in ("keys", "screen", "pointer", "window names", "targets"):
            person.answer(f"Store {question}?", "yes")
        for _ in range(3):
            person.answer("Passphrase of your recordings:", "wrong one")
        assert person.wait(60) == 12
    with pytest.raises(NoConsent):
        gate(folder).open()


def test_the_full_text_and_every_choice_are_shown_on_request(folder: Path) -> None:
    with PtyDriver([RECORDER, "consent", "give"]) as person:
        person.answer("Store keys?", "?")
        shown = person.expect("Store keys?")
        assert "Stored at level class" in shown
        assert "EMAIL_1" in shown
        person.send("notice")
        assert "## What can go wrong" in person.expect("Store keys?")
        person.press(b"\x04")
        assert person.wait() == 130


class Agent(threading.Thread):
    """Listens on the control socket and answers every request alike."""

    def __init__(self, answer: bytes) -> None:
        super().__init__(name="fake-agent", daemon=True)
        path = places().socket
        path.parent.mkdir(parents=True, exist_ok=True)
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen()
        self.asked = b""
        self.answer = answer

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with connection, self.listener:
            self.asked = connection.recv(4096)
            connection.sendall(self.answer)


def test_withdrawing_stops_the_running_agent_before_it_returns(agreed: Path) -> None:
    agent = Agent(b'{"ok": true, "state": "stopped"}\n')
    agent.start()
    done = run("consent", "withdraw", "--json")
    agent.join(10)
    assert json.loads(agent.asked) == {"verb": "stop"}
    assert json.loads(done.stdout)["recording_stopped"] is True


def test_withdrawal_stands_even_when_the_agent_does_not_confirm(agreed: Path) -> None:
    agent = Agent(b"nonsense\n")
    agent.start()
    done = run("consent", "withdraw")
    agent.join(10)
    assert done.returncode == 7
    assert "Your consent is taken back" in done.stderr
    with pytest.raises(NoConsent):
        gate(agreed).open()


@pytest.mark.parametrize(("answer", "stays"), [("", True), ("yes", False)])
def test_withdrawing_offers_to_delete_the_recordings(
    agreed: Path, answer: str, *, stays: bool
) -> None:
    episode = agreed / "episodes" / "2026-11-21" / "01KAM5Q6Z0ABCDEFGHJKMNPQRS"
    episode.mkdir(parents=True)
    (episode / "key.age").write_bytes(b"sealed")
    with PtyDriver([RECORDER, "consent", "withdraw"]) as person:
        person.answer("Delete all your recordings as well?", answer)
        assert person.wait() == 0
        assert ("recorder delete --all" in person.output) is stays
    assert episode.exists() is stays
    with pytest.raises(NoConsent):
        gate(agreed).open()


def test_withdrawing_works_without_the_device_key(agreed: Path) -> None:
    (agreed / "keys" / "device.key").unlink()
    assert run("consent", "withdraw").returncode == 0
    with pytest.raises(NoConsent):
        gate(agreed).open()


def test_withdrawing_works_when_keys_and_ledger_are_damaged(agreed: Path) -> None:
    (agreed / "keys" / "user.pub").write_text("{")
    (agreed / "consent" / "ledger.jsonl").write_text("nonsense")
    assert run("consent", "withdraw").returncode == 0
    with pytest.raises(NoConsent):
        gate(agreed).open()


def test_a_folder_that_is_gone_is_named_and_withdrawing_makes_none(folder: Path) -> None:
    shutil.rmtree(folder)
    assert run("consent", "history").returncode == 10
    done = run("consent", "withdraw")
    assert done.returncode == 0
    assert "There is no folder" in done.stderr
    assert not folder.exists()


def test_verify_names_a_touched_ledger(agreed: Path) -> None:
    ledger = agreed / "consent" / "ledger.jsonl"
    ledger.write_bytes(ledger.read_bytes()[:-1] + b" \n")
    done = run("consent", "verify", "--json")
    assert done.returncode == 31
    assert json.loads(done.stdout)["ok"] is False


def test_the_notice_is_checked_by_lint(tmp_path: Path) -> None:
    assert run("consent", "lint").returncode == 0
    bad = tmp_path / "bad.md"
    bad.write_text("no front matter")
    assert run("consent", "lint", str(bad)).returncode == 30
