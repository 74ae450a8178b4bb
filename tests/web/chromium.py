"""Debian's Chromium without a window, driven over its debugging pipe: no port, no library.

Messages are JSON, each ended by a zero byte, on descriptors 3 and 4 (Chromium's
`--remote-debugging-pipe`).
"""

import base64
import itertools
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

DEADLINE_S = 30.0
_LEFT = "navigated"
_FLAGS = (
    "--headless=new", "--no-sandbox", "--test-type", "--disable-dev-shm-usage", "--disable-gpu",
    "--no-first-run", "--no-default-browser-check", "--password-store=basic",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-breakpad", "--no-proxy-server", "--remote-debugging-pipe", "--hide-scrollbars",
)  # fmt: skip
Facts = dict[str, Any]
T = TypeVar("T")


class PageLeft(AssertionError):
    """The page went to another one before it answered."""


class ScriptFailed(AssertionError):
    """A script in the page raised."""


class Chromium:
    """One browser with a fresh profile and one page, for the length of the block."""

    def __init__(self, width_px: int = 1280, height_px: int = 900) -> None:
        self._size = (width_px, height_px)
        self._numbers = itertools.count(1)
        self._held = b""
        self._events: list[Facts] = []
        self._session = ""
        self._target = ""

    def __enter__(self) -> Self:
        self._profile = tempfile.mkdtemp(prefix="rec-web-")
        told, asked = os.pipe(), os.pipe()  # (read, write) each: to and from the browser
        width, height = self._size
        words = [
            "chromium", *_FLAGS, f"--user-data-dir={self._profile}",
            f"--window-size={width},{height}", "about:blank",
        ]  # fmt: skip
        line = f'exec "$@" 3<&{told[0]} 4>&{asked[1]}'
        self._process = subprocess.Popen(
            ["bash", "-c", line, "chromium", *words], pass_fds=(told[0], asked[1]),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": self._profile}, start_new_session=True,
        )  # fmt: skip
        os.close(told[0])
        os.close(asked[1])
        self._to, self._from = told[1], asked[0]
        self.open_tab()
        return self

    def __exit__(self, *_why: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._to)
        os.close(self._from)
        shutil.rmtree(self._profile, ignore_errors=True)

    def open_tab(self) -> None:
        """Open a page and talk to that one from now on; the one before is closed."""
        if self._target:
            self._call("Target.closeTarget", targetId=self._target, session=False)
        self._events.clear()
        target = self._call("Target.createTarget", url="about:blank", session=False)["targetId"]
        self._target = target
        found = self._call("Target.attachToTarget", targetId=target, flatten=True, session=False)
        self._session = found["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")

    def go(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        self._events = [e for e in self._events if e.get("method") != "Page.loadEventFired"]
        failed = self._call("Page.navigate", url=url).get("errorText")
        if failed:
            raise AssertionError(failed)
        self.wait_event("Page.loadEventFired")

    def run(self, script: str) -> Any:  # noqa: ANN401 - JSON
        """Give the value of an expression; promises are awaited.

        Raises:
            ScriptFailed: It raised.
        """
        found = self._call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True,
            userGesture=True,
        )  # fmt: skip
        if "exceptionDetails" in found:
            details = found["exceptionDetails"]
            raise ScriptFailed(details.get("exception", {}).get("description") or details["text"])
        return found["result"].get("value")

    def wait(self, script: str, what: str = "") -> None:
        """Wait until an expression is true."""
        until(lambda: self._tried(f"!!({script})"), what or script)

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press and release a key, by its name in the DOM; `modifiers` as in the protocol."""
        text = {"Enter": "\r", "Space": " "}.get(key, key if len(key) == 1 else "")
        name = " " if key == "Space" else key
        code = _CODES.get(key, ord(name.upper()) if len(name) == 1 else 0)
        shared: Facts = {"key": name, "modifiers": modifiers, "windowsVirtualKeyCode": code}
        self._call("Input.dispatchKeyEvent", type="keyDown", text=text, **shared)
        self._call("Input.dispatchKeyEvent", type="keyUp", **shared)

    def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        for character in text:
            self.press("Space" if character == " " else character)

    def click(self, selector: str) -> None:
        """Click the middle of an element, which is scrolled into view."""
        x, y = self.place(selector)
        self.mouse("mousePressed", x, y)
        self.mouse("mouseReleased", x, y)

    def place(self, selector: str) -> tuple[float, float]:
        """Give the middle of an element in the viewport."""
        found = self.run(
            "(async () => { const drawn = () => new Promise((go) => requestAnimationFrame(go));"
            "await drawn(); await drawn();"  # input before the first picture of a page is dropped
            f"const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
            "return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        return found[0], found[1]

    def mouse(self, kind: str, x: float, y: float) -> None:
        """Send one mouse event at a place of the viewport."""
        held = 0 if kind == "mouseReleased" else 1
        button = "none" if kind == "mouseMoved" and not held else "left"
        self._call(
            "Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, buttons=held,
            clickCount=1,
        )  # fmt: skip

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag from one place of the viewport to another."""
        self.mouse("mousePressed", *start)
        for part in range(1, 5):
            at = [a + (b - a) * part / 4 for a, b in zip(start, end, strict=True)]
            self.mouse("mouseMoved", at[0], at[1])
        self.mouse("mouseReleased", *end)

    def look_like(self, *, dark: bool = False, still: bool = False, zoom: float = 1.0) -> None:
        """Set light or dark, reduced motion, and zoom: the viewport in CSS pixels shrinks."""
        self._call(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
                {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
            ],
        )
        width, height = self._size
        self._call(
            "Emulation.setDeviceMetricsOverride", width=round(width / zoom),
            height=round(height / zoom), deviceScaleFactor=zoom, mobile=False,
        )  # fmt: skip

    def shoot(self, path: Path, *, whole: bool = False) -> None:
        """Write a picture of the page, PNG."""
        found = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(found["data"]))

    def cookies(self) -> list[Facts]:
        """Give the browser's cookies."""
        found: list[Facts] = self._call("Network.getAllCookies")["cookies"]
        return found

    def complaints(self) -> list[str]:
        """Give what the browser logged as an error: scripts, policy, network."""
        self._call("Runtime.evaluate", expression="0")
        found = []
        for event in self._events:
            told = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(told["exceptionDetails"].get("exception", told)))
            elif event.get("method") == "Log.entryAdded" and told["entry"]["level"] == "error":
                found.append(told["entry"]["text"])
        return found

    def forget(self) -> None:
        """Forget what the browser complained about."""
        self._call("Runtime.evaluate", expression="0")
        self._events.clear()

    def wait_event(self, method: str) -> Facts:
        """Wait for an event of the browser; gives its parameters."""

        def look() -> Facts | None:
            for at, event in enumerate(self._events):
                if event.get("method") == method:
                    del self._events[at]
                    params: Facts = event["params"]
                    return params or {"": ""}
            self._receive(0.2)
            return None

        return until(look, method)

    def _tried(self, script: str) -> Any:  # noqa: ANN401 - JSON
        try:
            return self.run(script)
        except (ScriptFailed, PageLeft):
            return None

    def _call(self, method: str, *, session: bool = True, **params: object) -> Facts:
        number = next(self._numbers)
        message: Facts = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")

        def answered() -> Facts | None:
            for at, event in enumerate(self._events):
                if event.get("id") == number:
                    return self._events.pop(at)
            self._receive(0.2)
            return None

        answer = until(answered, method)
        if "error" in answer:
            failed = PageLeft if _LEFT in answer["error"]["message"] else AssertionError
            raise failed(f"{method}: {answer['error']['message']}")
        result: Facts = answer["result"]
        return result

    def _receive(self, seconds: float) -> None:
        ready, _, _ = select.select([self._from], [], [], seconds)
        if not ready:
            return
        data = os.read(self._from, 1 << 20)
        if not data:
            raise AssertionError("Chromium ended")
        *whole, self._held = (self._held + data).split(b"\0")
        self._events += [json.loads(text) for text in whole]


_CODES = {
    "Enter": 13, "Tab": 9, "Escape": 27, "Space": 32, "ArrowLeft": 37, "ArrowUp": 38,
    "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35, "Delete": 46,
}  # fmt: skip


def until(look: Callable[[], T | None], what: str) -> T:
    """Look until there is something; gives it."""
    end_s = time.monotonic() + DEADLINE_S
    while time.monotonic() < end_s:
        found = look()
        if found:
            return found
    raise AssertionError(f"waited in vain for {what}")
