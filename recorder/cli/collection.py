"""`recorder collection list|verify|access-log`: what a collection holds, and who opened it."""

from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.opening import JsonOption
from recorder.cli.study_opening import tell_damaged
from recorder.cli.verify_shared import verify_shared
from recorder.core.amounts import count_text
from recorder.core.each_alone import EachAlone
from recorder.research.access import accesses
from recorder.research.collection import Collection, Held
from recorder.research.quarantine import quarantined

_NS_PER_HOUR: Final = 3_600_000_000_000
app = typer.Typer(no_args_is_help=True)
CollectionArgument = Annotated[Path, typer.Argument(help="The folder of recorder collect --into.")]


@app.command("list", epilog="Example: recorder collection list ~/typing-1-data")
def list_bundles(collection: CollectionArgument, *, as_json: JsonOption = False) -> int:
    """Show participants and what is held of each; with --json every bundle.

    Ends with 9 when a bundle's record is damaged; it is named on stderr.
    """
    mine = Collection.open(collection)
    damaged = EachAlone()
    if as_json:
        payload: output.Payload = {
            "study": mine.study,
            "bundles": [_row(one) for one in mine.bundles(damaged=damaged)],
            "refused": [x.model_dump(mode="json", by_alias=True) for x in quarantined(collection)],
            "damaged": damaged.told(),
        }
        output.emit("collection-list", payload, as_json, "")
    else:
        output.emit("collection-list", {}, as_json, _text(mine, damaged))
    return tell_damaged(damaged)


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


def _text(mine: Collection, damaged: EachAlone) -> str:
    lines = []
    for pseudonym, held in groupby(mine.bundles(damaged=damaged), lambda one: one.pseudonym):
        found = _Sum()
        for one in held:
            found.add(one)
        lines.append(
            f"{pseudonym}  {count_text(found.episodes, 'episode')}  "
            f"{found.duration_ns / _NS_PER_HOUR:.1f} hours  last {found.last}"
        )
    refused = sum(1 for _ in quarantined(mine.folder))
    lines.append(f"{count_text(len(lines), 'participant')}, {refused} refused.")
    return "\n".join(lines)


@dataclass(slots=True)
class _Sum:
    """What is held of one participant."""

    episodes: int = 0
    duration_ns: int = 0
    last: str = ""

    def add(self, held: Held) -> None:
        self.episodes += 1
        self.duration_ns += held.duration_ns
        self.last = max(self.last, held.arrived.date().isoformat())
