"""Repairs, the live line, refusals of place, crash lines, orders and the lead."""

import logging
import os
import socket
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from recorder.agent.children import clean_environment, log_for
from recorder.agent.crash import crash_line, silence_libraries
from recorder.agent.lead import AgentEnded, Lead, StartRefused, wait_for_recording
from recorder.agent.live_line import live_line
from recorder.agent.order import DemoOrder, Order
from recorder.agent.privileges import (
    Allowed,
    NoDisplay,
    Privileged,
    check_display,
    check_person,
)
from recorder.agent.repairs import Repairs
from recorder.core.errors import ExitCode

SECOND = 10**9


def test_a_dead_process_waits_longer_each_time_and_is_given_up_after_five() -> None:
    repairs = Repairs()
    waits = []
    for _ in range(4):
        assert repairs.died("input", 0)
        waits.append(next(ms for ms in range(0, 5000, 100) if repairs.due(ms * 1_000_000)))
    assert waits == [100, 200, 400, 800]
    assert not repairs.died("input", 0)


def test_deaths_of_long_ago_do_not_count() -> None:
    repairs = Repairs()
    assert all(repairs.died("screen", n * 61 * SECOND) for n in range(20))
    assert repairs.recent(19 * 61 * SECOND + 61 * SECOND) == ()


def test_the_live_line_says_what_is_recorded_and_fits() -> None:
    said: dict[str, object] = {
        "state": "recording", "elapsed_s": 3725.9, "app": "xterm", "events": 12, "frames": 3,
        "redactions": 1, "losses": {"screen": {"over_budget": 2, "gate_closed": 9}}, "degraded": {"no_atspi": "fix"},
    }  # fmt: skip
    line = live_line(said, 200)
    assert line == (
        "● recording  1:02:05  in xterm  12 events  3 frames  1 redactions  2 lost  ! no_atspi"
    )
    assert len(live_line(said, 40)) == 40


def test_the_live_line_says_paused_and_why() -> None:
    assert "‖ paused (disk)" in live_line({"state": "paused", "reasons": ["disk"]}, 100)


def test_an_app_id_cannot_write_control_codes() -> None:
    line = live_line({"state": "recording", "app": "a\x1b[2J\u202eb"}, 100)
    assert "\x1b" not in line
    assert "\u202e" not in line


@pytest.mark.parametrize(
    ("environment", "uid"),
    [({}, 0), ({"SSH_TTY": "/dev/pts/0"}, 1000), ({"SSH_CLIENT": "x"}, 1000), ({"CI": "1"}, 1000)],
)
def test_places_without_a_person_are_refused_unless_allowed(
    environment: Mapping[str, str], uid: int
) -> None:
    with pytest.raises(Privileged) as caught:
        check_person(environment, uid, Allowed())
    assert caught.value.code is ExitCode.PRIVILEGED
    check_person(environment, uid, Allowed(root=True, ssh=True, ci=True))


def test_an_own_desk_is_accepted() -> None:
    check_person({"CI": "false"}, 1000, Allowed())
    assert check_display({"DISPLAY": ":0.0"}, ()) == ":0.0"


def test_wayland_names_the_sessions_to_choose_or_says_there_is_none() -> None:
    wayland = {"DISPLAY": ":0", "XDG_SESSION_TYPE": "wayland"}
    with pytest.raises(NoDisplay, match="choose Openbox or Xfce at login"):
        check_display(wayland, ("Openbox", "Xfce"))
    with pytest.raises(NoDisplay, match="offers none"):
        check_display(wayland, ())


@pytest.mark.parametrize("display", ["", "host:0", "127.0.0.1:1", "0", ":", "unix:host:1"])
def test_a_display_elsewhere_is_refused(display: str) -> None:
    with pytest.raises(NoDisplay):
        check_display({"DISPLAY": display}, ())


def test_a_crash_line_holds_no_value() -> None:
    def look() -> str:
        return {"typed": ""}["hunter2"]

    with pytest.raises(KeyError) as caught:
        look()
    line = crash_line(caught.value)
    assert "hunter2" not in line
    assert line.startswith("KeyError at test_small_parts.py:")


def test_a_child_sees_few_variables() -> None:
    given = {"PATH": "/bin", "LC_ALL": "C", "SECRET_TOKEN": "x", "LD_PRELOAD": "y", "HOME": "/h"}
    seen = clean_environment(given | {"MALLOC_ARENA_MAX": "8"})
    ours = {name: seen.pop(name) for name in list(seen) if name.startswith("MALLOC_")}
    assert seen == {"PATH": "/bin", "LC_ALL": "C", "HOME": "/h"}
    assert ours["MALLOC_ARENA_MAX"] == "1"


def test_only_a_demonstration_brings_levels_and_apps() -> None:
    Order(folder="/f", display=":1", grant="demo", demo=DemoOrder())
    with pytest.raises(ValidationError):
        Order(folder="/f", display=":1", demo=DemoOrder())
    with pytest.raises(ValidationError):
        Order(folder="/f", display=":1", grant="demo")


def test_an_order_does_not_show_its_task() -> None:
    assert "secret" not in repr(Order(folder="/f", display=":1", task="secret"))


def test_a_lead_carries_lines_and_knows_when_the_other_end_is_gone() -> None:
    one, two = socket.socketpair()
    with Lead(one) as agent:
        with Lead(two) as shown:
            agent.send("status", {"events": 1})
            agent.send("ended", {})
            assert shown.receive(1.0) == {"event": "status", "events": 1}
            assert shown.receive(1.0) == {"event": "ended"}
            assert shown.receive(0.01) is None
            before = agent.is_gone
        assert (before, agent.is_gone) == (False, True)
        with pytest.raises(EOFError):
            agent.receive(1.0)


def test_a_refused_start_keeps_sentence_fix_and_code() -> None:
    one, two = socket.socketpair()
    with Lead(one) as agent, Lead(two) as shown:
        agent.send("error", {"error": "No", "fix": "ask", "code": 21})
        with pytest.raises(StartRefused, match=r"No\. Fix: ask") as caught:
            wait_for_recording(shown, 1.0)
    assert caught.value.code is ExitCode.NOTICE_CHANGED


def test_an_agent_that_goes_away_is_told() -> None:
    one, two = socket.socketpair()
    with Lead(two) as shown:
        Lead(one).close()
        with pytest.raises(AgentEnded):
            wait_for_recording(shown, 1.0)


def test_what_a_library_logs_is_told_without_its_words_and_once() -> None:
    root, ours = logging.getLogger(), logging.getLogger("recorder")
    before, said = list(root.handlers), list[str]()
    silence_libraries(said.append)
    try:
        for _ in range(3):
            try:
                int("secret")
            except ValueError:
                logging.getLogger("dbus_fast").exception("could not read %s", "secret")
        logging.getLogger("asyncio").warning("secret")
        logging.getLogger("asyncio").info("secret")
        ours.warning("told elsewhere")
    finally:
        root.handlers[:], ours.propagate = before, True
    assert said == ["dbus_fast ERROR ValueError", "asyncio WARNING"]


def test_a_child_starts_though_the_folder_of_the_log_is_gone(tmp_path: Path) -> None:
    for path in (tmp_path / "agent.log", tmp_path / "gone" / "agent.log"):
        descriptor = log_for(path)
        assert os.write(descriptor, b"ValueError at x.py:1\n") == 21
        os.close(descriptor)
    assert (tmp_path / "agent.log").read_text() == "ValueError at x.py:1\n"
    assert [path.name for path in tmp_path.iterdir()] == ["agent.log"]
