"""`recorder review` as a person starts it: link, unlocking, a second one, Ctrl-C."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from recorder.cli.demo_agent import make_demo_home
from recorder.core.own_page import OWN_PATH
from recorder.places import places
from tests.web.site import FROM_PAGE, NAVIGATED

WORDS = ("review", "--no-browser", "--json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give a folder with real keys, and its passphrase."""
    empty = {"PATH": os.defpath, "DISPLAY": ":0", "DBUS_SESSION_BUS_ADDRESS": "", "LANG": "C"}
    home = make_demo_home(tmp_path_factory.mktemp("keys"), empty)
    return home.folder, home.passphrase.text


@contextmanager
def started(folder: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "recorder.cli.main", *WORDS, "--folder", str(folder), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline() or "{}")
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "recorder.cli.main", *WORDS, "--folder", str(folder), *words],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def ask(
    address: str, method: str, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    host, port = address.removeprefix("http://").partition("/")[0].split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def test_the_link_opens_the_page_and_the_passphrase_its_content(folder: tuple[Path, str]) -> None:
    path, passphrase = folder
    with started(path) as (process, told):
        assert told["schema"] == "recorder.review/1"
        base = told["address"].partition("/recorder")[0]
        assert told["address"].startswith(f"http://127.0.0.1:{base.rpartition(':')[2]}{OWN_PATH}")
        link = told["link"].removeprefix(base)
        status, headers, _ = ask(base, "GET", link, NAVIGATED)
        assert status == 303
        home = headers["location"]
        sent = {**FROM_PAGE, "Cookie": headers["set-cookie"].partition(";")[0]}
        assert ask(base, "GET", home, sent)[0] == 423
        more = {**sent, "Origin": base, "Content-Type": "application/json"}
        body = json.dumps({"passphrase": passphrase}).encode()
        assert ask(base, "POST", f"{home}api/unlock", more, body)[0] == 200
        status, _, page = ask(base, "GET", home, sent)
        assert status == 200
        assert b"Nothing is recorded yet" in page
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 0
        assert "The review page is closed" in said
        assert "Traceback" not in said


def test_a_second_page_says_where_the_first_one_is(folder: tuple[Path, str]) -> None:
    with started(folder[0]) as (_, told):
        done = run(folder[0])
        assert done.returncode == 3
        assert told["address"] in json.loads(done.stdout)["error"]
        assert "token" not in done.stdout
        noted = places().state / "review.lock"
        assert noted.stat().st_mode & 0o777 == 0o600
        assert "token" not in noted.read_text()
    with started(folder[0]) as (_, told):
        assert told["link"]


def test_what_cannot_be_shown_is_a_sentence(folder: tuple[Path, str], tmp_path: Path) -> None:
    done = run(folder[0], "last")
    assert (done.returncode, json.loads(done.stdout)["error"]) == (2, "There is no such episode")
    assert run(folder[0], "../..").returncode == 2
    assert run(tmp_path / "nothing").returncode == 10
