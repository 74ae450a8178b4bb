"""`recorder collection list|verify|access-log`: what a collection holds, and who opened it."""

from collections import defaultdict
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.opening import JsonOption
from recorder.cli.verify_shared import verify_shared
from recorder.core.amounts import count_text
from recorder.research.access import accesses
from recorder.research.collection import Collection, Held
from recorder.research.quarantine import quarantined

_NS_PER_HOUR: Final = 3_600_000_000_000
app = typer.Typer(no_args_is_help=True)
CollectionArgument = Annotated[Path, typer.Argument(help="The folder of recorder collect --into.")]


@app.command("list", epilog="Example: recorder collection list ~/typing-1-data")
def list_bundles(collection: CollectionArgument, *, as_json: JsonOption = False) -> None:
    """Show participants and what is held of each; with --json every bundle."""
    mine = Collection.open(collection)
    by_person: dict[str, list[Held]] = defaultdict(list)
    for held in mine.bundles():
        by_person[held.pseudonym].append(held)
    refused = list(quarantined(collection))
    payload: output.Payload = {
        "study": mine.study,
        "bundles": [_row(one) for found in by_person.values() for one in found],
        "refused": [one.model_dump(mode="json", by_alias=True) for one in refused],
    }
    output.emit("collection-list", payload, as_json, lambda: _text(by_person, len(refused)))


@app.command(epilog="Example: recorder collection verify ~/typing-1-data --study typing-1")
def verify(
    collection: CollectionArgument,
    *,
    study: Annotated[Path, typer.Option("--study", help="The study's folder.")],
    as_json: JsonOption = False,
) -> int:
    """Check signatures, digests, ledgers and consent of all that is held, without a key."""
    return verify_shared(collection, study, as_json=as_json)


@app.command("access-log", epilog="Example: recorder collection access-log ~/typing-1-data")
def access_log(collection: CollectionArgument, *, as_json: JsonOption = False) -> None:
    """Show who opened or deleted what, when and why."""
    Collection.open(collection)
    rows = list(accesses(collection))
    payload: output.Payload = {"rows": [row.model_dump(mode="json", by_alias=True) for row in rows]}
    lines = (f"{r.time}  {r.who}  {r.action}  {r.bundle_id}  {r.purpose}" for r in rows)
    output.emit(
        "access-log",
        payload,
        as_json,
        lambda: output.printable("\n".join(lines)) or "Nothing was opened or deleted yet.",
    )


def _row(held: Held) -> dict[str, object]:
    return {
        "pseudonym": held.pseudonym,
        "episode_id": held.episode_id,
        "bundle_id": held.bundle_id,
        "created": held.manifest.created,
        "arrived": held.arrived.isoformat(),
        "duration_s": held.duration_ns / 1e9,
        "bytes": held.path.stat().st_size,
    }


def _text(by_person: dict[str, list[Held]], refused: int) -> str:
    lines = []
    for pseudonym, found in by_person.items():
        hours = sum(held.duration_ns for held in found) / _NS_PER_HOUR
        last = max(held.arrived for held in found).date()
        lines.append(
            f"{pseudonym}  {count_text(len(found), 'episode')}  {hours:.1f} hours  last {last}"
        )
    lines.append(f"{count_text(len(by_person), 'participant')}, {refused} refused.")
    return "\n".join(lines)
