"""What a check tells of what it found, and the code of the worst."""

import pytest

from recorder.cli.checks.accessibility import _FOUND
from recorder.cli.checks.consented import clock_finding, consent_finding
from recorder.cli.checks.desk import platform_finding
from recorder.cli.checks.display import NEEDED, WANTED, extension_findings
from recorder.cli.checks.finding import Finding, Verdict, exit_code, fail, ok, warn
from recorder.cli.checks.folder import room_finding
from recorder.cli.checks.programs import multiplexer_finding
from recorder.cli.doctor import table
from recorder.core.errors import ExitCode
from recorder.core.ports import BusState

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
NOW = 1_795_000_000 * SECOND
RUNNING = (SECOND, 2 * SECOND)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([], ExitCode.OK),
        ([ok("a", "b")], ExitCode.OK),
        ([ok("a", "b"), warn("c", "d", "e")], ExitCode.WARNINGS),
        ([fail("a", "b", "c"), warn("c", "d", "e")], ExitCode.CHECKS_FAILED),
    ],
)
def test_the_worst_finding_decides_the_code(found: list[Finding], code: ExitCode) -> None:
    assert exit_code(found) is code


def test_whatever_is_not_well_has_a_fix() -> None:
    found = [
        *_FOUND.values(), *extension_findings(frozenset()), platform_finding("darwin"),
        multiplexer_finding(["tmux"]), room_finding(1, 500), room_finding(600, 500),
        room_finding(9000, 500, is_out_of_files=True), consent_finding(NOW + DAY, NOW),
        clock_finding(0, 0, RUNNING),
    ]  # fmt: skip
    for one in found:
        assert bool(one.fix) is (one.verdict is not Verdict.OK), one
        assert not one.told.endswith("."), one


def test_every_state_of_the_accessibility_bus_is_told() -> None:
    assert _FOUND.keys() == set(BusState)
    assert _FOUND[BusState.SILENT].verdict is Verdict.FAIL
    assert _FOUND[BusState.NO_SESSION_BUS].verdict is Verdict.WARN


@pytest.mark.parametrize("name", [*NEEDED, *WANTED])
def test_a_missing_extension_is_named_with_what_it_costs(name: str) -> None:
    (found,) = extension_findings(frozenset((NEEDED | WANTED).keys() - {name}))
    assert f"lacks {name}, so " in found.told
    assert found.verdict is (Verdict.FAIL if name in NEEDED else Verdict.WARN)


@pytest.mark.parametrize(
    ("free_mb", "verdict"),
    [(499, Verdict.FAIL), (500, Verdict.WARN), (1999, Verdict.WARN), (2000, Verdict.OK)],
)
def test_room_is_measured_against_the_floor(free_mb: int, verdict: Verdict) -> None:
    assert room_finding(free_mb, 500).verdict is verdict


@pytest.mark.parametrize(
    ("days", "verdict", "told"),
    [
        (300, Verdict.OK, "until 2027-09-14"),
        (14, Verdict.OK, "until"),
        (13, Verdict.WARN, "13 days from now"),
        (1, Verdict.WARN, "a day from now"),
        (0.5, Verdict.WARN, "less than a day"),
    ],
)
def test_consent_that_ends_soon_is_a_warning(days: float, verdict: Verdict, told: str) -> None:
    found = consent_finding(NOW + int(days * DAY), NOW)
    assert found.verdict is verdict
    assert told in found.told


@pytest.mark.parametrize(
    ("wall_ns", "newest_ns", "running_ns", "told"),
    [
        (0, 0, RUNNING, "cannot be 1970-01-01"),
        (NOW * 4, 0, RUNNING, "cannot be 2197-"),
        (NOW - 3 * DAY, NOW, RUNNING, "but it was 2026-11-18 before"),
        (NOW, NOW, (2 * SECOND, SECOND), "contradict each other"),
        (NOW, NOW, (0, None), "contradict each other"),
    ],
)
def test_a_clock_that_cannot_be_right_is_told(
    wall_ns: int, newest_ns: int, running_ns: tuple[int, int | None], told: str
) -> None:
    found = clock_finding(wall_ns, newest_ns, running_ns)
    assert found.verdict is Verdict.FAIL
    assert told in found.told


@pytest.mark.parametrize("newest_ns", [0, NOW, NOW + 100 * SECOND])
def test_a_clock_may_be_a_little_behind_the_ledger(newest_ns: int) -> None:
    assert clock_finding(NOW, newest_ns, RUNNING).verdict is Verdict.OK


def test_platforms_without_hardware_tests_are_named() -> None:
    assert platform_finding("linux").verdict is Verdict.OK
    assert platform_finding("darwin").told.startswith("macOS: its adapters are not yet verified")
    assert platform_finding("win32").told.startswith("Windows: ")


def test_running_multiplexers_are_named_once() -> None:
    assert multiplexer_finding([]).verdict is Verdict.OK
    assert multiplexer_finding(["screen", "tmux"]).told.startswith("screen and tmux run: ")


FOUND = [
    ok("platform", "Linux"), fail("folder", "It is gone", "plug it in"),
    ok("library numpy", "numpy 2"), ok("library mss", "mss 10"), warn("terminals", "tmux runs", "none"),
    fail("library duckdb", "duckdb 2 does not load", "install it"),
]  # fmt: skip


def test_the_table_has_problems_first_and_libraries_that_work_in_one_line() -> None:
    lines = table(FOUND, is_coloured=False).splitlines()
    assert [line.split()[0] for line in lines if line and not line.startswith(" ")][:5] == [
        "fail", "fail", "warn", "ok", "ok",
    ]  # fmt: skip
    assert [line.strip() for line in lines if "Fix: " in line] == [
        "Fix: plug it in", "Fix: install it", "Fix: none",
    ]  # fmt: skip
    assert any(line.endswith("numpy 2, mss 10") for line in lines)
    assert lines[-1] == "2 must be mended first; 1 more could be better."


def test_colour_adds_nothing_but_colour_and_what_is_told_cannot_steer_a_terminal() -> None:
    plain = table([warn("a", "told \x1b[2J", "b")], is_coloured=False)
    coloured = table([warn("a", "told \x1b[2J", "b")], is_coloured=True)
    assert "\x1b" not in plain
    assert coloured.replace("\x1b[33m", "").replace("\x1b[0m", "") == plain
    assert plain.endswith("You can record. 1 could be better.")
