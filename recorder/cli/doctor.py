"""`recorder doctor`: looks at everything that a recording needs, and says how to mend it."""

import itertools
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.agent.privileges import Allowed
from recorder.cli import output
from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, Verdict, exit_code
from recorder.cli.checks.inventory import CHECKS
from recorder.cli.checks.running import run_checks
from recorder.cli.fast import duration_s

_FOR_TESTS: Final = "As of recorder start."
_FIRST: Final = (Verdict.FAIL, Verdict.WARN, Verdict.OK)
_COLOURS: Final = {Verdict.FAIL: "\x1b[31m", Verdict.WARN: "\x1b[33m", Verdict.OK: "\x1b[32m"}
_PLAIN: Final = "\x1b[0m"
_LIBRARY: Final = "library "


def doctor(  # noqa: PLR0913 - one parameter per flag
    *,
    wait: Annotated[
        str, typer.Option("--wait", metavar="2s", help="How long a display, bus or disk may take.")
    ] = "2s",
    folder: Annotated[Path | None, typer.Option("--folder", help="The recording folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    allow_root: Annotated[bool, typer.Option("--allow-root", help=_FOR_TESTS)] = False,
    allow_ssh: Annotated[bool, typer.Option("--allow-ssh", help=_FOR_TESTS)] = False,
    allow_ci: Annotated[bool, typer.Option("--allow-ci", help=_FOR_TESTS)] = False,
) -> int:
    """Check all that a recording needs, and say how to mend what is wrong. Changes nothing.

    Leaves with 0 when all is well, 8 with warnings, 9 when something must be mended first.
    """
    allowed = Allowed(root=allow_root, ssh=allow_ssh, ci=allow_ci)
    where = None if folder is None else folder.expanduser().absolute()
    found = run_checks(CHECKS, Around(where, duration_s(wait), allowed))
    code = exit_code(found)
    payload: output.Payload = {"checks": [asdict(one) for one in found], "exit_code": int(code)}
    output.emit("doctor", payload, as_json, lambda: table(found, is_coloured=_is_coloured()))
    return code


def table(found: Sequence[Finding], *, is_coloured: bool) -> str:
    """Give the findings as a table, problems first; libraries that work share a line."""
    shown = sorted(_folded(found), key=lambda one: _FIRST.index(one.verdict))
    width = max((len(one.name) for one in shown), default=0)
    lines = list(itertools.chain.from_iterable(_rows(one, width, is_coloured) for one in shown))
    return "\n".join([*lines, "", _summary(found)])


def _folded(found: Sequence[Finding]) -> list[Finding]:
    """Give the findings with one for all libraries that work."""
    fine = [f for f in found if f.name.startswith(_LIBRARY) and f.verdict is Verdict.OK]
    if not fine:
        return list(found)
    told = ", ".join(one.told for one in fine)
    return [one for one in found if one not in fine] + [Finding("libraries", Verdict.OK, told)]


def _rows(one: Finding, width: int, is_coloured: bool) -> list[str]:  # noqa: FBT001 - as of table
    word = f"{one.verdict.value:<4}"
    if is_coloured:
        word = f"{_COLOURS[one.verdict]}{word}{_PLAIN}"
    rows = [f"{word}  {one.name:<{width}}  {output.printable(one.told)}"]
    if one.fix:
        rows.append(f"{'':{width + 8}}Fix: {output.printable(one.fix)}")
    return rows


def _summary(found: Sequence[Finding]) -> str:
    fails = sum(one.verdict is Verdict.FAIL for one in found)
    warns = sum(one.verdict is Verdict.WARN for one in found)
    if fails:
        also = f"; {warns} more could be better" if warns else ""
        return f"{fails} must be mended first{also}."
    if warns:
        return f"You can record. {warns} could be better."
    return "All is well. recorder start begins."


def _is_coloured() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
