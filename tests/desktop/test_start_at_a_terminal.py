"""A person's whole way at a terminal: start, eight answers, pause, resume, stop."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.cli.virtual_desktop import VirtualDesktop
from tests.desktop.person import (
    ALLOW,
    RECORDER,
    answer_the_guide,
    environment,
    episodes,
    run,
    status,
    wait_for,
)
from tests.pty_driver import PtyDriver


@pytest.fixture(scope="module")
def desk() -> Iterator[VirtualDesktop]:
    with VirtualDesktop(1024, 768) as desktop:
        desktop.run("xterm", "-geometry", "80x24+20+20", "-T", "work")
        desktop.hands.window("work")
        yield desktop


@pytest.fixture
def env(desk: VirtualDesktop, own_home: Path) -> dict[str, str]:
    return environment(desk, own_home)


def test_start_pause_resume_stop_list_and_show(desk: VirtualDesktop, env: dict[str, str]) -> None:
    hands = desk.hands
    no_tray = {**env, "RECORDER_INDICATOR": "tray"}
    with PtyDriver([RECORDER, "start", "write a note", *ALLOW], no_tray) as person:
        answer_the_guide(person)
        person.expect("so this terminal shows it", 40.0)
        person.expect("Recording", 40.0)
        assert person.answers <= 8
        person.expect("● recording", 20.0)
        hands.activate(hands.window("work"))
        hands.type_text("echo hello\n", delay_ms=40)
        wait_for(lambda: int(str(status(env)["events"])) > 0)
        assert run(env, "status").returncode == 0

        assert run(env, "pause").returncode == 0
        person.expect("‖ paused (user)", 20.0)
        assert run(env, "status").returncode == 5
        before = status(env)["events"]
        hands.type_text("not for the record\n", delay_ms=20)
        assert run(env, "resume").returncode == 0
        assert int(str(status(env)["events"])) <= int(str(before)) + 2

        second = run(env, "start", "--foreground", *ALLOW)
        assert second.returncode == 3
        assert "already running" in second.stderr

        person.press(b"\x03")
        person.expect("Stopped after", 30.0)
        assert person.wait() == 0

    assert run(env, "status").returncode == 4
    assert run(env, "stop").returncode == 0
    assert run(env, "resume").returncode == 4
    listed = run(env, "list", "--json")
    assert listed.returncode == 0
    assert "01" in listed.stdout
    _in_the_background(env, no_tray)


def _in_the_background(env: dict[str, str], no_tray: dict[str, str]) -> None:
    """Start without a terminal: a window must show it, or nothing is recorded."""
    for unseen in (no_tray, {**env, "RECORDER_INDICATOR": "line"}):
        refused = run(unseen, "start", *ALLOW)
        assert refused.returncode == 24
        assert "--foreground" in refused.stderr
    begun = run(env, "start", *ALLOW)
    try:
        assert begun.returncode == 0, begun.stderr
        assert "A small window in the corner shows that it records" in begun.stdout
        assert "To pause: ctrl+alt+p, a click on it, recorder pause." in begun.stdout
        found = status(env)
        assert (found["state"], found["indicator"]) == ("recording", "window")
    finally:
        assert run(env, "stop").returncode == 0


def test_started_paused_it_records_after_a_resume_and_ends_with_its_indicator(
    desk: VirtualDesktop, env: dict[str, str]
) -> None:
    with PtyDriver([RECORDER, "start", "--paused", "--foreground", *ALLOW], env) as person:
        answer_the_guide(person)
        person.expect("Started paused", 40.0)
        person.expect("‖ paused (user)", 20.0)
        assert run(env, "status").returncode == 5
        assert run(env, "resume").returncode == 0
        person.expect("● recording", 40.0)
    wait_for(lambda: run(env, "status").returncode == 4)


def test_withdrawing_stops_before_it_returns_and_nothing_starts_again(
    desk: VirtualDesktop, env: dict[str, str]
) -> None:
    with PtyDriver([RECORDER, "start", "--foreground", *ALLOW], env) as person:
        answer_the_guide(person)
        person.expect("● recording", 40.0)
        assert run(env, "task", "begin", "write a note").returncode == 0
        assert run(env, "forget", "1m", "--yes").returncode == 0
        assert run(env, "apps", "deny", "xterm").returncode == 0
        wait_for(lambda: status(env)["app"] is None)
        assert run(env, "consent", "withdraw").returncode == 0
        assert run(env, "status").returncode == 4
        person.expect("Stopped after", 20.0)
    again = run(env, "start", "--foreground", *ALLOW)
    assert again.returncode == 20
    assert "consent give" in again.stderr


def test_it_records_by_pynput_where_asked_to(desk: VirtualDesktop, env: dict[str, str]) -> None:
    hands = desk.hands
    with PtyDriver(
        [RECORDER, "start", "--foreground", "--source", "pynput", *ALLOW], env
    ) as person:
        answer_the_guide(person)
        person.expect("● recording", 40.0)
        hands.activate(hands.window("work"))
        hands.type_text("echo hello\n", delay_ms=40)
        hands.click(60, 60)
        wait_for(lambda: int(str(status(env)["events"])) > 0)
        folder = Path(str(status(env)["folder"]))
        person.press(b"\x03")
        person.expect("Stopped after", 30.0)
    (episode,) = episodes(folder)
    assert episode.manifest is not None
    assert episode.manifest.capture.input_source == "pynput"
    kinds = {row["kind"] for row in episode.events.to_pylist()}
    assert kinds >= {"key_down", "key_up", "button_down", "button_up", "move"}


def test_status_can_be_watched_until_the_recording_ends(
    desk: VirtualDesktop, env: dict[str, str]
) -> None:
    with PtyDriver([RECORDER, "start", "--foreground", *ALLOW], env) as person:
        answer_the_guide(person)
        person.expect("● recording", 40.0)
        with PtyDriver([RECORDER, "status", "--watch"], env) as watcher:
            watcher.expect("State      recording")
            assert run(env, "pause").returncode == 0
            watcher.expect("State      paused (user)")
            person.press(b"\x03")
            person.expect("Stopped after", 30.0)
            watcher.expect("Not recording.")
            assert watcher.wait() == 4
