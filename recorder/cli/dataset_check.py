"""`recorder dataset check`: leaks, late pictures, changed files, consent that ended."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.dataset_export import CollectionOption, DatasetArgument
from recorder.cli.opening import JsonOption
from recorder.cli.progress import progress
from recorder.cli.system_clock import SystemClock
from recorder.core.amounts import count_text
from recorder.core.errors import ExitCode
from recorder.research.collection import Collection, CollectionOfAnother
from recorder.research.datasets import Dataset, Drawn, read_dataset
from recorder.research.exports.handing import listed_in
from recorder.research.looking.checking import Asked, check
from recorder.research.looking.consent_faults import Basis
from recorder.research.looking.faults import Fault
from recorder.research.looking.folder import DatasetFolder
from recorder.research.looking.stats import drawn_of
from recorder.research.studies import Study
from recorder.sharing.bundle_gate import Expect

_NS_PER_S: Final = 1_000_000_000


def check_dataset(
    dataset: DatasetArgument,
    *,
    collection: CollectionOption = None,
    study: Annotated[
        Path | None, typer.Option("--study", help="The study's folder: is consent valid still?")
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Check splits for leaks, pictures, rows and files; with a study also consent and erasures.

    The exit code is that of the first fault, as of recorder verify.
    """
    if study is not None and collection is None:
        raise output.UsageError("Consent is checked in a collection", "add --collection FOLDER")
    found = DatasetFolder.open(dataset)
    at = listed_in(found.place, collection)
    listed = None if at is None else read_dataset(at)
    drawn = drawn_of(found, listed)
    by = "participant" if drawn is None else drawn.split_by
    basis = None if study is None or collection is None else _basis(collection, study)
    with ExitStack() as stack:
        step = stack.enter_context(progress("Checking"))
        faults = list(check(found, Asked(by, listed, basis, step)))
    payload: output.Payload = {
        "ok": not faults,
        "listed": listed is not None,
        "split_by": by,
        "consent_checked": basis is not None,
        "faults": [{"code": int(one.code), "found": one.told, "fix": one.fix} for one in faults],
    }
    unsaid = _unsaid(collection, listed, drawn, has_basis=basis is not None)
    output.emit("dataset-check", payload, as_json, lambda: _told(faults, unsaid))
    return faults[0].code if faults else ExitCode.OK


def _basis(collection: Path, study: Path) -> Basis:
    opened, mine = Study.open(study), Collection.open(collection)
    if mine.study != opened.id:
        raise CollectionOfAnother(collection, mine.study)
    now_ns = SystemClock().wall_ns()
    now = datetime.fromtimestamp(now_ns // _NS_PER_S, UTC)
    return Basis(mine, Expect(opened.id, opened.audience, opened.notices(), now_ns), now)


def _unsaid(
    collection: Path | None, listed: Dataset | None, drawn: Drawn | None, *, has_basis: bool
) -> list[str]:
    """Say what was not checked."""
    found = []
    if listed is None:
        why = "add --collection" if collection is None else f"{collection} lists none there"
        found.append(f"Its files were not compared with a list: {why}.")
    if drawn is None:
        found.append("How its splits were drawn is not known: each participant must be in one.")
    if not has_basis:
        found.append("Consent was not checked: add --collection and --study.")
    return found


def _told(faults: list[Fault], unsaid: list[str]) -> str:
    lines = [f"{one.told}. Fix: {one.fix}." for one in faults]
    told = f"{count_text(len(faults), 'fault')}." if faults else "No fault found."
    return output.printable("\n".join([*lines, *unsaid, told]))
