"""Secrets typed into real programs are in no byte, table or picture of a recording."""

import threading
from pathlib import Path
from random import SystemRandom

from recorder.cli.demo_evidence import search
from recorder.cli.demo_scene import MARKER, Scene
from recorder.cli.virtual_processes import family
from recorder.core.levels import KeyboardLevel
from tests.desktop.recordings import KEY_KINDS, newest, order, recording, rows

_RANDOM = SystemRandom()


def test_no_typed_secret_is_left_anywhere(scene: Scene, root: Path) -> None:
    with recording(scene.desktop, root, order(KeyboardLevel.TEXT)) as agent:
        scene.work_in_terminal()
        scene.answer_dialog()
        scene.fill_page()
        agent.stop()
        episode = newest(agent.home)
    checked = search(agent.home, episode, scene.secrets.all())
    assert checked.leaks == ()
    assert checked.pictures_read > 0, "the check could not read a single picture"

    found = rows(episode)
    assert _keys_while_secure(found) == 0
    assert sum(row["kind"] == "secure_begin" for row in found) >= 3
    assert MARKER in "".join(_printed(found))
    marks = {str(row["entity"]).rpartition("_")[0] for row in found if row["entity"]}
    assert marks >= {"EMAIL", "CARD"}


def test_no_typed_secret_and_no_character_is_left_at_level_class_after_a_kill(
    scene: Scene, root: Path, *, soak: bool
) -> None:
    for number in range(10 if soak else 1):
        agent = recording(scene.desktop, root / str(number), order(KeyboardLevel.CLASS))
        agent.start()
        killer = threading.Timer(_RANDOM.uniform(5, 14), agent.kill)
        killer.start()
        scene.work_in_terminal()
        scene.answer_dialog()
        killer.join()
        episode = newest(agent.home)
        checked = search(agent.home, episode, scene.secrets.all())
        assert checked.leaks == ()
        found = rows(episode)
        assert any(row["key_class"] == "char" for row in found)
        assert _printed(found) == []


def test_each_process_is_hardened(scene: Scene, root: Path) -> None:
    with recording(scene.desktop, root, order()) as agent:
        processes = family(agent.pid)
        assert len(processes) == 3
        for pid in processes:
            status = Path(f"/proc/{pid}/status").read_text()
            fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
            assert fields["Seccomp"] == "2"
            assert fields["NoNewPrivs"] == "1"
            assert fields["Umask"] == "0077"
            limits = Path(f"/proc/{pid}/limits").read_text()
            core = next(line for line in limits.splitlines() if line.startswith("Max core"))
            assert core.split()[4:6] == ["0", "0"]
        agent.stop()


def _keys_while_secure(found: list[dict[str, object]]) -> int:
    secure, count = False, 0
    for row in found:
        if row["kind"] in {"secure_begin", "secure_end"}:
            secure = row["kind"] == "secure_begin"
        count += secure and row["kind"] in KEY_KINDS
    return count


def _printed(found: list[dict[str, object]]) -> list[str]:
    """Give the characters typed without a modifier that are there to be read."""
    return [
        str(row["key"])
        for row in found
        if row["kind"] == "key_down"
        and row["key_class"] == "char"
        and row["key"]
        and not row["mods"]
    ]
