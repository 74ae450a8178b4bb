"""A recording that is started paused holds nothing until it is resumed."""

from pathlib import Path

from recorder.capture.platforms.x11_clients import hooks_by_pid
from recorder.cli.demo_agent import DemoAgent
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_processes import family
from tests.desktop.recordings import home_on, order


def test_started_paused_no_process_captures_and_nothing_is_written_before_resume(
    desktop: VirtualDesktop, root: Path
) -> None:
    with DemoAgent(home_on(desktop, root), order(), paused=True) as agent:
        told = agent.ask("status")
        assert (told["state"], told["reasons"], told["episode"]) == ("paused", ["user"], None)
        assert family(agent.pid) == [agent.pid], "no process captures"
        assert agent.pid not in hooks_by_pid(desktop.display), "it does not know the display"
        assert not list(agent.home.folder.glob("episodes/*/*"))
        assert agent.ask("resume")["state"] == "recording"
        assert len(family(agent.pid)) == 3
        assert agent.stop()["episodes"]
