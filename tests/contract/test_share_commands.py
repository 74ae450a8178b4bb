"""`recorder share`: shows what leaves, asks, sends it once, lists it and takes it back."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recorder.cli import output, share
from recorder.cli.share import rate
from recorder.sharing.bundle_gate import check_outer
from tests.contract.commands import ran, ran_json
from tests.contract.stores import BUCKET, s3_server
from tests.unit.sharing.desk import TEXT, Desk
from tests.unit.sharing.joining import NOW, Clock

Told = tuple[int, dict[str, Any], str]


class Shell:
    """The commands of a person who joined a study; the passphrase was asked already."""

    def __init__(
        self, desk: Desk, patch: pytest.MonkeyPatch, out: pytest.CaptureFixture[str]
    ) -> None:
        self.desk, self._patch, self._out = desk, patch, out

    def run(self, *words: str, as_json: bool = True) -> Told:
        """Run a command; human text is found under `text`."""
        given = (*words, "--folder", str(self.desk.person.folder))
        if as_json:
            return ran_json(self._patch, self._out, *given)
        code, text, said = ran(self._patch, self._out, *given)
        return code, {"text": text}, said


@pytest.fixture
def shell(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:  # fmt: skip
    desk = Desk(tmp_path, monkeypatch)
    monkeypatch.setattr(share, "unlock_folder", lambda *_: desk.person.identity)
    monkeypatch.setattr(share, "SystemClock", lambda: Clock(NOW + 1))
    monkeypatch.setattr(share, "places", lambda: _Places(desk.person.state))
    desk.person.join(desk.study, TEXT)
    return Shell(desk, monkeypatch, capsys)


class _Places:
    def __init__(self, state: Path) -> None:
        self.state = state


@pytest.fixture(params=["folder", "s3"])
def drop(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    if request.param == "folder":
        yield str(tmp_path / "drop")
        return
    with s3_server() as found:
        for name, value in found.items():
            monkeypatch.setenv(name, value)
        yield f"s3://{BUCKET}/{tmp_path.name}"


def test_a_dry_run_tells_all_and_sends_nothing(shell: Shell, tmp_path: Path) -> None:
    episode = shell.desk.record()
    shell.desk.approve(episode)
    words = ("share", "--study", "typing-1", "--to", str(tmp_path / "drop"), "--dry-run")
    code, told, _ = shell.run(*words)
    assert code == 0
    (one,) = told["episodes"]
    assert one["episode_id"] == episode.episode_id
    assert one["apps"] == ["chromium:jira.example.com", "xterm"]
    assert "the lab <age1" in str(told["recipients"])
    _, human, _ = shell.run(*words, as_json=False)
    for word in ("1.0 min", "2 frames", "xterm", "the lab <age1", "kB", "30 days"):
        assert word in str(human["text"])
    assert list((tmp_path / "drop").iterdir()) == []
    assert shell.run("share", "list")[1]["shared"] == []


def test_what_is_shared_is_listed_once_and_taken_back(
    shell: Shell, drop: str, tmp_path: Path
) -> None:
    shell.desk.approve(shell.desk.record())
    words = ("share", "--study", "typing-1", "--to", drop)
    code, told, said = shell.run(*words)
    assert (code, "--yes" in said) == (2, True)
    code, told, said = shell.run(*words, "--yes", "--max-rate", "900MB/s")
    assert code == 0
    assert "Only these can read it" in said
    (one,) = told["shared"]
    assert "made-up" not in json.dumps(told) + said
    code, told, said = shell.run(*words, "--yes")
    assert (code, "shared already" in said) == (0, True)
    if drop.startswith("/"):
        (path,) = (tmp_path / "drop").rglob("*.tar")
        check_outer(path, shell.desk.study.expect())
    (listed,) = shell.run("share", "list")[1]["shared"]
    assert listed == one
    bundle_id = str(one["bundle_id"])
    code, told, _ = shell.run("share", "revoke", bundle_id, "--yes")
    assert (code, told["removed"]) == (0, True)
    _, human, _ = shell.run("share", "list", as_json=False)
    assert "taken back" in str(human["text"])
    _, human, _ = shell.run("share", "revoke", bundle_id, "--yes", as_json=False)
    assert "already" in str(human["text"])


def test_sample_pictures_are_those_that_would_leave(shell: Shell, tmp_path: Path) -> None:
    shell.desk.approve(shell.desk.record())
    words = ("share", "--study", "typing-1", "--to", str(tmp_path / "drop"))
    sheet = tmp_path / "sheet.png"
    assert shell.run(*words, "--samples", str(sheet))[0] == 2
    code, told, _ = shell.run(*words, "--dry-run", "--samples", str(sheet))
    assert (code, told["samples"]) == (0, str(sheet))
    assert sheet.stat().st_mode & 0o777 == 0o600
    assert sheet.read_bytes().startswith(b"\x89PNG")
    assert shell.run(*words, "--dry-run", "--samples", str(sheet))[0] == 2


@pytest.mark.parametrize(
    ("words", "code", "fix"),
    [
        (("--study", "other"), 20, "consent give --notice"),
        (("--study", "typing-1"), 2, "--to"),
        (("--study", "typing-1", "--to", "ftp://x/y"), 2, "s3://"),
        (("--study", "typing-1", "--to", "/nowhere/at/all"), 13, "is there"),
        (("--study", "typing-1", "--to", ".", "--max-rate", "fast"), 2, "2MB/s"),
        (("--study", "typing-1", "--to", ".", "last"), 2, "recorder approve"),
    ],
)
def test_bad_input_gets_a_sentence_a_code_and_the_fix(
    shell: Shell, words: tuple[str, ...], code: int, fix: str
) -> None:
    shell.desk.record()
    found, told, _ = shell.run("share", *words)
    assert (found, fix in str(told["fix"])) == (code, True)


def test_an_episode_beyond_the_consent_is_not_approved(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode = shell.desk.record()
    shell.desk.person.join(shell.desk.study, TEXT, ("xterm",))
    module = "recorder.cli.approve"
    monkeypatch.setattr(f"{module}.unlock_folder", lambda *_: shell.desk.person.identity)
    monkeypatch.setattr(f"{module}.places", lambda: _Places(shell.desk.person.state))
    words = ("approve", episode.episode_id, "--study", "typing-1", "--yes")
    code, told, _ = shell.run(*words)
    assert (code, "--range 0:00:00..0:00:30" in str(told["fix"])) == (33, True)
    code, told, _ = shell.run(*words, "--range", "0:00:00..0:00:30")
    assert (code, told["state"]) == (0, "valid")


def test_pictures_that_do_not_go_are_told_when_approving_and_before_sharing(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    episode = shell.desk.record()
    apps = ("xterm", "chromium:jira.example.com")
    shell.desk.person.join(shell.desk.study, TEXT, apps)
    module = "recorder.cli.approve"
    monkeypatch.setattr(f"{module}.unlock_folder", lambda *_: shell.desk.person.identity)
    monkeypatch.setattr(f"{module}.places", lambda: _Places(shell.desk.person.state))
    sentence = "2 pictures may also show windows of other programs, which was not noted: left out"
    words = ("approve", episode.episode_id, "--study", "typing-1", "--yes")
    code, told, _ = shell.run(*words, as_json=False)
    assert (code, sentence in str(told["text"])) == (0, True)
    dry = ("share", "--study", "typing-1", "--to", str(tmp_path / "drop"), "--dry-run")
    assert sentence in str(shell.run(*dry, as_json=False)[1]["text"])
    (one,) = shell.run(*dry)[1]["episodes"]
    assert (one["pictures_left_out"], one["rows"]["frames"]) == ({"unknown_context": 2}, 0)


@pytest.mark.parametrize(
    ("text", "bytes_per_s"), [("2MB/s", 2e6), ("500kB/s", 5e5), ("1.5 MB/s", 1.5e6), ("90B", 90)]
)
def test_a_rate_is_read_as_written(text: str, bytes_per_s: float) -> None:
    assert rate(text) == bytes_per_s


@pytest.mark.parametrize("text", ["", "0MB/s", "-1MB/s", "MB", "2TB/s", "1e9B"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(output.UsageError):
        rate(text)
