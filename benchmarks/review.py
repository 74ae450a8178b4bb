"""What the review page costs on a made-up day: times as a browser would wait, and memory."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.own_day import PASSPHRASE, make_day

STEPS: Final = 300
_FROM_PAGE: Final = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
_BY_HAND: Final = {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}


@dataclass
class Visitor:
    """Asks as the page does."""

    port: int
    base: str
    cookie: str = ""

    def ask(self, path: str, body: object = None, question: str = "") -> tuple[float, bytes]:
        """Give how many seconds an answer took, and the answer."""
        began_s = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {**_FROM_PAGE, "Cookie": self.cookie}
        data = None if body is None else json.dumps(body).encode()
        kind = "application/json"
        if question:
            data, kind = f"q={question}".encode(), "application/x-www-form-urlencoded"
        if data is not None:
            headers |= {"Content-Type": kind, "Origin": f"http://127.0.0.1:{self.port}"}
        connection.request("GET" if data is None else "POST", f"{self.base}/{path}", data, headers)
        answer = connection.getresponse()
        found = answer.read()
        connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise SystemExit(f"{path}: {answer.status} {found[:200]!r}")
        return time.perf_counter() - began_s, found

    def enter(self, link: str) -> None:
        """Use the link."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", link.partition(str(self.port))[2], headers=_BY_HAND)
        self.cookie = str(connection.getresponse().headers["set-cookie"]).partition(";")[0]
        connection.close()


def main() -> None:
    """Make the day, serve it, ask, print one line a figure."""
    with tempfile.TemporaryDirectory(prefix="rec-day-") as root:
        folder = Path(root) / "Recorder"
        sys.stderr.write("Writing a day of eight hours …\n")
        make_day(folder)
        _measure(Path(root), folder)


def _measure(root: Path, folder: Path) -> None:
    began_s = time.perf_counter()
    environment = {**os.environ, "HOME": str(root), "XDG_STATE_HOME": str(root / "state")}
    server = subprocess.Popen(
        [
            sys.executable, "-m", "recorder.cli.main",
            "review", "--no-browser", "--json", "--folder", str(folder),
        ],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    try:
        line = server.stdout.readline() if server.stdout else b"{}"
        told = json.loads(line)
        port = int(re.search(r":(\d+)/", told["link"])[1])  # type: ignore[index]  # it has one
        visitor = Visitor(port, told["address"].partition(str(port))[2].rstrip("/"))
        visitor.enter(told["link"])
        _tell("shell, from the command", time.perf_counter() - began_s, 1.5)
        _visit(visitor)
        _memory(server.pid)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _visit(visitor: Visitor) -> None:
    visitor.ask("api/unlock", {"passphrase": PASSPHRASE})
    home = visitor.ask("")[1].decode()
    day = _first(r"day/([\d-]+)", home)
    episode = _first(r"episode/(\w{26})", home)
    _tell("overview of the day, first time", visitor.ask(f"day/{day}")[0], 2.0)
    _tell("player at once after the overview", visitor.ask(f"episode/{episode}")[0], None)
    _tell("search, first time", visitor.ask("search", question="report")[0], 1.0)
    _tell("search again", visitor.ask("search", question="ZANZIBAR")[0], 1.0)
    _steps(lambda path: visitor.ask(f"api/episode/{episode}/{path}"))


def _steps(ask: Callable[[str], tuple[float, bytes]]) -> None:
    """Step through the day, moment and picture one after the other."""
    total = json.loads(ask("moments?count=1")[1])["total"]
    times = []
    for index in range(0, total, max(1, total // STEPS)):
        moment_s, data = ask(f"moment/{index}")
        picture_s, _ = ask(f"frame/{json.loads(data)['frame']['frame_id']}")
        times.append(moment_s + picture_s)
    times.sort()
    _tell("next frame, p50", times[len(times) // 2], None)
    _tell("next frame, p95", times[int(len(times) * 0.95)], 0.05)


def _memory(pid: int) -> None:
    status = Path(f"/proc/{pid}/status").read_text()
    peak_mb = int(_first(r"VmHWM:\s+(\d+)", status)) / 1024
    print(f"| peak memory | 400 MB | {peak_mb:.0f} MB |")


def _tell(what: str, seconds: float, bound_s: float | None) -> None:
    bound = "" if bound_s is None else f"{bound_s:g} s"
    print(f"| {what} | {bound} | {seconds:.3f} s |")


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise SystemExit(f"{pattern} is not there")
    return found[1]


if __name__ == "__main__":
    main()
