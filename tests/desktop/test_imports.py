"""What the three processes of a real recording have imported: nothing that speaks a network."""

from dataclasses import replace
from pathlib import Path

from recorder.cli.demo_scene import Scene
from recorder.cli.virtual_processes import wait_until
from recorder.cli.wiring import FORBIDDEN_MODULES
from tests.desktop.recordings import order, recording

_TELL = """
import os, sys, threading, time

def tell(folder=os.path.dirname(__file__)):
    while True:
        time.sleep(0.2)
        kept = os.path.join(folder, "unfinished-%d" % os.getpid())
        with open(kept, "w") as file:
            print(sys.orig_argv[sys.orig_argv.index("-m") + 1], *sys.modules, file=file)
        os.replace(kept, os.path.join(folder, "modules-%d" % os.getpid()))

threading.Thread(target=tell, daemon=True).start()
"""


def imports(told: Path) -> dict[str, set[str]]:
    """Give the modules of each process by the name of its program."""
    found = {}
    for path in told.glob("modules-*"):
        program, *modules = path.read_text().split()
        found[program] = set(modules)
    return found


def test_no_process_of_a_recording_has_http_or_tls_in_memory(scene: Scene, root: Path) -> None:
    told = root / "told"
    told.mkdir()
    (told / "sitecustomize.py").write_text(_TELL)
    agent = recording(scene.desktop, root, order())
    agent.home = replace(
        agent.home, environment={**agent.home.environment, "PYTHONPATH": str(told)}
    )
    with agent:
        scene.desktop.hands.type_text("ls -l\n")
        wait_until("a frame", lambda: int(str(agent.ask("status")["frames"])) > 0, 30.0)
        wait_until("three processes", lambda: len(imports(told)) == 3, 10.0)
        found = imports(told)
    assert sorted(found) == [
        "recorder.cli.agent_process",
        "recorder.cli.input_process",
        "recorder.cli.screen_process",
    ]
    for modules in found.values():
        assert not modules & FORBIDDEN_MODULES
    assert not found["recorder.cli.input_process"] & {"numpy", "pyarrow", "pydantic", "tesserocr"}
    assert not found["recorder.cli.screen_process"] & {"pyarrow", "pydantic", "cryptography"}
    assert "tesserocr" not in found["recorder.cli.agent_process"]
