"""Secrets typed into real programs are in no byte, table or picture of a recording."""

import threading
from pathlib import Path
from random import SystemRandom

import pytest

from recorder.cli.demo_evidence import search
from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import family
from recorder.core.levels import KeyboardLevel
from tests.desktop.recordings import KEY_KINDS, newest, order, recording, rows

_RANDOM = SystemRandom()
_MASKED_KINDS = {"EMAIL", "CARD", "SECRET"}


@pytest.mark.parametrize("keyboard", [KeyboardLevel.CLASS, KeyboardLevel.TEXT])
def test_no_typed_secret_is_left_anywhere(
    scene: Scene, root: Path, keyboard: KeyboardLevel
) -> None:
    with recording(scene.desktop, root, order(keyboard)) as agent:
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
    printed = [
        row["key"]
        for row in found
        if row["kind"] == "key_down" and row["key_class"] == "char" and not row["mods"]
    ]
    if keyboard is KeyboardLevel.CLASS:
        assert set(printed) <= {None}
    else:
        assert "harbour" in "".join(str(key) for key in printed if key)
        marks = {str(row["entity"]).rpartition("_")[0] for row in found if row["entity"]}
        assert marks >= _MASKED_KINDS - {"SECRET"}


def test_no_typed_secret_is_left_after_a_kill(scene: Scene, root: Path, *, soak: bool) -> None:
    for number in range(10 if soak else 1):
        agent = recording(scene.desktop, root / str(number), order())
        agent.start()
        killer = threading.Timer(_RANDOM.uniform(3, 14), agent.kill)
        killer.start()
        scene.work_in_terminal()
        scene.answer_dialog()
        killer.join()
        checked = search(agent.home, newest(agent.home), scene.secrets.all())
        assert checked.leaks == ()


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
