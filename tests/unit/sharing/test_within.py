"""Which windows a list of apps covers; what sends slower than asked."""

import pytest

from recorder.sharing.pace import Pace
from recorder.sharing.within import covers


@pytest.mark.parametrize(
    ("apps", "app", "host", "is_covered"),
    [
        (("*",), "xterm", "", True),
        (("*",), "", "", False),
        (("XTerm ",), "xterm", "", True),
        (("xterm",), "xterm2", "", False),
        (("chromium",), "chromium", "any.example", True),
        (("chromium:a.example",), "chromium", "a.example", True),
        (("chromium:a.example",), "chromium", "A.Example", True),
        (("chromium:a.example",), "chromium", "b.a.example", False),
        (("chromium:a.example",), "chromium", "", False),
        (("chromium:*.a.example",), "chromium", "b.a.example", True),
        (("chromium:*.a.example",), "chromium", "a.example", True),
        (("chromium:*.a.example",), "chromium", "ba.example", False),
        (("*:a.example",), "firefox", "a.example", True),
        (("*:a.example",), "xterm", "", False),
        ((), "xterm", "", False),
    ],
)
def test_a_window_is_covered_by_its_app_and_its_site(
    apps: tuple[str, ...], app: str, host: str, *, is_covered: bool
) -> None:
    assert covers(apps, app, host) is is_covered


class Stopwatch:
    """Time that passes only while one sleeps."""

    def __init__(self) -> None:
        self.now_s = 5.0

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


def test_sending_takes_as_long_as_the_rate_asks_for() -> None:
    watch = Stopwatch()
    pace = Pace(1_000, watch.now, watch.sleep)
    for _ in range(10):
        pace.spend(500)
    assert watch.now_s == pytest.approx(10.0)
    watch.now_s += 60
    pace.spend(500)
    assert watch.now_s == pytest.approx(70.0)


def test_without_a_rate_nobody_waits() -> None:
    watch = Stopwatch()
    Pace(None, watch.now, watch.sleep).spend(10**9)
    assert watch.now_s == 5.0
