"""The folder fills up or goes away while recording: a visible pause, nothing lost before."""

import resource
import shutil
from pathlib import Path

from recorder.cli.demo_agent import DemoAgent
from recorder.cli.demo_check import find_in_files
from recorder.cli.demo_scene import MARKER, Scene
from recorder.cli.virtual_processes import family, wait_until
from tests.desktop.recordings import episodes, home_on, kinds, newest, order

_NO_LIMIT = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def test_a_full_disk_pauses_and_the_recording_goes_on_with_room(scene: Scene, root: Path) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        _work(scene)
        wait_until("events on disk", lambda: agent.ask("status")["events"])
        before = kinds(newest(agent.home))
        resource.prlimit(agent.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        _work(scene)
        wait_until("a pause for the disk", lambda: _reasons(agent) == ["disk"])
        assert family(agent.pid) == [agent.pid], "the capture processes end in a pause"
        resource.prlimit(agent.pid, resource.RLIMIT_FSIZE, _NO_LIMIT)
        wait_until("recording again", lambda: agent.ask("status")["state"] == "recording")
        _work(scene)
        agent.stop()
    episode = newest(agent.home)
    found = kinds(episode)
    assert found[: len(before)] == before
    assert [kind for kind in found if kind in {"pause", "resume"}] == ["pause", "resume"]
    assert [path for path in agent.home.folder.rglob("*") if path.suffix == ".tmp"] == []


def test_a_removed_folder_pauses_and_nothing_is_written_elsewhere(scene: Scene, root: Path) -> None:
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        _work(scene)
        wait_until("events on disk", lambda: agent.ask("status")["events"])
        shutil.rmtree(agent.home.folder)
        _work(scene)
        wait_until("a pause for the disk", lambda: _reasons(agent) == ["disk"])
    assert not agent.home.folder.exists(), "a folder that its owner removed is not made again"
    assert find_in_files(scene.secrets.all(), agent.home.searched) == []


def test_an_episode_that_is_swapped_for_a_link_is_not_followed(scene: Scene, root: Path) -> None:
    elsewhere = root / "elsewhere"
    elsewhere.mkdir()
    with DemoAgent(home_on(scene.desktop, root), order()) as agent:
        _work(scene)
        wait_until("events on disk", lambda: agent.ask("status")["events"])
        episode = episodes(agent.home)[-1].path
        episode.rename(root / "moved")
        episode.symlink_to(elsewhere)
        _work(scene)
        wait_until("a pause for the disk", lambda: _reasons(agent) == ["disk"])
    assert list(elsewhere.iterdir()) == []


def _work(scene: Scene) -> None:
    scene.desktop.hands.type_text(f"echo the {MARKER}\n")
    scene.desktop.hands.click(300, 400)


def _reasons(agent: DemoAgent) -> object:
    return agent.ask("status").get("reasons")
