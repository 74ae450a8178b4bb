"""`recorder demo`: real programs, the whole product, and a check of its promises.

It consents for nobody: its grant opens only the virtual display that it starts itself.
It is also the one place besides the tests that may run as root, since nobody's desktop
is touched.
"""

import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from recorder.agent.order import DemoOrder
from recorder.cli import output
from recorder.cli.demo_agent import DemoAgent, DemoHome, make_demo_home
from recorder.cli.demo_copy import OutputTaken, write_copy
from recorder.cli.demo_evidence import Evidence, gather
from recorder.cli.demo_report import Report
from recorder.cli.demo_scene import SCENE_APPS, Scene, open_scene
from recorder.cli.demo_secrets import make_secrets
from recorder.cli.virtual_desktop import VirtualDesktop
from recorder.cli.virtual_programs import require_scene_programs
from recorder.core.errors import ExitCode
from recorder.core.levels import KeyboardLevel, TitlesLevel

_ORDER = DemoOrder(keyboard=KeyboardLevel.TEXT, titles=TitlesLevel.TITLE, apps=SCENE_APPS)


@dataclass(frozen=True, slots=True)
class _Played:
    pause_ms: float
    facts: Mapping[str, object]


def demo(
    out: Annotated[
        Path, typer.Option(help="Where the plain redacted copy goes; replaced when it is one.")
    ] = Path("demo-output"),
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,  # noqa: FBT002 - typer's way
    folder: Annotated[
        Path | None, typer.Option(help="Accepted everywhere; a demonstration brings its own.")
    ] = None,
) -> None:
    """Record real programs on a virtual display and show what was kept."""
    _ = folder
    began_s = time.monotonic()
    OutputTaken.check(out)
    require_scene_programs()
    root = Path(tempfile.mkdtemp(prefix="recorder-demo-"))
    try:
        with VirtualDesktop() as desktop:
            secrets = make_secrets()
            home = make_demo_home(root, desktop.environment)
            output.say("Opening a terminal and a browser on a virtual display …")
            played = _record(home, open_scene(desktop, secrets))
        output.say("Looking for what was typed in every file, table and picture …")
        report = _report(out, gather(home, secrets.all()), played, began_s)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    output.emit("demo", report.payload(), json, report.text)
    if report.failures:
        raise typer.Exit(int(ExitCode.CHECKS_FAILED))


def _record(home: DemoHome, scene: Scene) -> _Played:
    """Play the scene in front of a real agent, with a pause in it."""
    with DemoAgent(home, _ORDER, task="Order two bicycles") as agent:
        output.say("Recording half a minute of work with secrets in it …")
        scene.work_in_terminal()
        scene.answer_dialog()
        asked_s = time.monotonic()
        agent.ask("pause")
        pause_ms = (time.monotonic() - asked_s) * 1000
        scene.work_unseen()
        agent.ask("resume")
        scene.fill_page()
        scene.move_windows()
        return _Played(pause_ms, agent.stop())


def _report(out: Path, evidence: Evidence, played: _Played, began_s: float) -> Report:
    write_copy(out, evidence.episode)
    return Report(
        stored=evidence.stored,
        checked=evidence.checked,
        losses=evidence.losses,
        pause_ms=played.pause_ms,
        out=out,
        took_s=time.monotonic() - began_s,
    )
