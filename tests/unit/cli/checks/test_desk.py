"""Where a recording must not begin is told before anybody tries."""

import os
from pathlib import Path

import pytest

from recorder.agent.privileges import Allowed
from recorder.cli.checks.around import Around
from recorder.cli.checks.desk import (
    look_at_own_places,
    look_at_person,
    look_at_recorder,
    look_at_session,
)
from recorder.cli.checks.finding import Verdict
from recorder.places import places

A_PERSON = 1000


@pytest.mark.parametrize(
    ("environment", "uid", "told"),
    [
        ({}, 0, "as root"),
        ({"SSH_TTY": "/dev/pts/1"}, A_PERSON, "over SSH"),
        ({"CI": "true"}, A_PERSON, "in CI"),
    ],
)
def test_an_account_that_start_refuses_is_told(
    environment: dict[str, str], uid: int, told: str
) -> None:
    (found,) = look_at_person(Around(environment=environment, uid=uid))
    assert found.verdict is Verdict.FAIL
    assert told in found.told
    allowed = Allowed(root=True, ssh=True, ci=True)
    (found,) = look_at_person(Around(environment=environment, uid=uid, allowed=allowed))
    assert found.verdict is Verdict.OK


@pytest.mark.parametrize(
    ("environment", "verdict", "told"),
    [
        ({"DISPLAY": ":0"}, Verdict.OK, "X11 session"),
        ({}, Verdict.FAIL, "There is no display"),
        ({"DISPLAY": "host:0"}, Verdict.FAIL, "another machine"),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, Verdict.FAIL, "Wayland"),
    ],
)
def test_a_session_is_judged_by_the_environment(
    environment: dict[str, str], verdict: Verdict, told: str
) -> None:
    (found,) = look_at_session(Around(environment=environment))
    assert found.verdict is verdict
    assert told in found.told


def test_on_wayland_the_sessions_to_choose_are_named(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        (tmp_path / "xsessions").mkdir()
        (tmp_path / "xsessions" / "a.desktop").write_text("[Desktop Entry]\nName=Plasma X11\n")
        patch.setenv("XDG_DATA_DIRS", str(tmp_path))
        (found,) = look_at_session(Around(environment={"WAYLAND_DISPLAY": "wayland-0"}))
        assert found.fix == "log out and choose Plasma X11 at login"
        patch.setenv("XDG_DATA_DIRS", str(tmp_path / "none"))
        (found,) = look_at_session(Around(environment={"WAYLAND_DISPLAY": "wayland-0"}))
        assert "offers none" in found.fix


def test_own_places_that_others_can_open_are_told() -> None:
    assert look_at_own_places(Around())[0].verdict is Verdict.OK
    state = places().state
    state.mkdir(mode=0o755, parents=True)
    state.chmod(0o755)
    (found,) = look_at_own_places(Around())
    assert found.fix == f"chmod 700 {state}"
    (found,) = look_at_own_places(Around(uid=os.geteuid() + 1))
    assert "belongs to someone else" in found.told


def test_without_an_agent_nothing_is_recorded() -> None:
    assert look_at_recorder(Around())[0].told == "Not recording"
