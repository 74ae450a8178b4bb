"""Every bad bundle is refused under its own code and reason, and the good ones beside it come.

`pytest tests/contract/test_refusals.py -rP` prints the table.
"""

from pathlib import Path

from recorder.core.errors import ExitCode
from recorder.research.quarantine import Quarantined, quarantined
from tests.unit.research.bundles import Lab
from tests.unit.research.hostile import BAD
from tests.unit.research.strangers import CASES, World
from tests.unit.sharing.joining import make_study


def _put(world: World) -> dict[str, tuple[int, Path]]:
    """Put every bad bundle into the drop; gives the code that each must have, and its path."""
    found = {name: (case.code, case.make(world)) for name, case in CASES.items()}
    for name, bad in BAD.items():
        person = world.person()
        joined = person.join(world.lab.study, bad.levels, bad.apps)
        found[name] = (bad.code, world.put(person.sender(joined), bad.make()))
    return found


def test_each_bad_bundle_has_its_code_and_reason(tmp_path: Path) -> None:
    world = World(Lab.make(tmp_path, make_study()), tmp_path / "persons")
    good = [world.put(world.sender()) for _ in range(3)]
    wanted = _put(world)
    report = world.lab.collect(jobs=2)
    rows = {row.name: row for row in quarantined(world.collection.folder)}
    held = {one.bundle_id for one in world.collection.bundles()}
    print(f"\n{'case':46} code reason")  # noqa: T201 - the table is for people
    wrong = []
    for name, (code, path) in wanted.items():
        row = rows.get(str(path.relative_to(world.lab.drop)))
        print(f"{name:46} {_told(row)}")  # noqa: T201 - as above
        if row is None or row.code != code:
            wrong.append((name, code, _told(row)))
    assert not wrong
    assert all(path.stem in held for path in good)
    assert held.isdisjoint(path.stem for _, path in wanted.values())
    assert report.tally.states["failed"] == 0
    assert {code for code, _ in wanted.values()} >= set(range(ExitCode.FORMAT, ExitCode.LIMITS + 1))


def _told(row: Quarantined | None) -> str:
    return "not refused" if row is None else f"{row.code}   {row.reason}"
