"""`recorder verify` of a bundle or a collection: from files alone, without a key."""

from collections.abc import Iterator
from pathlib import Path

from recorder.cli import output
from recorder.cli.opening import LAST
from recorder.cli.progress import progress
from recorder.core.errors import ExitCode
from recorder.core.ids import is_ulid
from recorder.research.auditing import Basis, Finding, audit_bundle, audit_collection
from recorder.research.collection import Collection, CollectionOfAnother
from recorder.research.studies import Study


def is_shared(name: str) -> bool:
    """Tell whether a word names a bundle's file or a folder, and not an episode."""
    is_own = name == LAST or is_ulid(name)
    return not is_own and ("/" in name or name.endswith(".tar") or Path(name).exists())


def verify_shared(path: Path, study: Path | None, *, as_json: bool) -> int:
    """Check signatures, digests, ledgers and consent; gives the code of the first fault.

    Raises:
        UsageError: The study's folder was not named.
        StudyUnusable, CollectionUnknown, CollectionOfAnother: There is nothing to check.
        OSError: The file cannot be read.
    """
    if study is None:
        raise output.UsageError(
            "A bundle or collection is checked against its study", "add --study FOLDER"
        )
    opened = Study.open(study)
    basis = Basis(opened.id, opened.audience, opened.notices())
    found = list(_findings(path, basis))
    bad = [one for one in found if one.code is not ExitCode.OK]
    payload: output.Payload = {
        "study": opened.id,
        "checked": len(found),
        "ok": not bad,
        "faults": [{"name": one.name, "code": int(one.code), "found": one.told} for one in bad],
    }
    output.emit("verify", payload, as_json, lambda: _told(found, bad))
    return bad[0].code if bad else ExitCode.OK


def _findings(path: Path, basis: Basis) -> Iterator[Finding]:
    if not path.is_dir():
        yield audit_bundle(path, basis)[0]
        return
    mine = Collection.open(path)
    if mine.study != basis.study:
        raise CollectionOfAnother(path, mine.study)
    with progress("Checking", sum(1 for _ in path.glob("bundles/*/*/*.tar"))) as step:
        yield from audit_collection(mine, basis, step)


def _told(found: list[Finding], bad: list[Finding]) -> str:
    lines = [f"{one.name}  NOT GOOD, code {one.code:d}: {'; '.join(one.told)}" for one in bad]
    lines.append(f"{len(found) - len(bad)} of {len(found)} are as they were signed and agreed to.")
    return output.printable("\n".join(lines))
