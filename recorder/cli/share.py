"""`recorder share`, `share list` and `share revoke`: what leaves, to whom, and what left.

The only command of a participant that reaches another place; a process of its own.
"""

import re
from pathlib import Path
from typing import Annotated, Final

import typer
from typer.core import TyperGroup

from recorder.cli import output
from recorder.cli.opening import (
    DryRunOption,
    FolderOption,
    JsonOption,
    PassphraseOption,
    YesOption,
    chosen_homes,
    names_to_complete,
    own_folder,
)
from recorder.cli.passphrases import unlock_folder
from recorder.cli.progress import progress
from recorder.cli.share_told import (
    list_line,
    plan_payload,
    plan_text,
    shared_payload,
    write_samples,
)
from recorder.cli.system_clock import SystemClock
from recorder.cli.trace import bring_waiting
from recorder.consent.keys import load_public_key
from recorder.consent.studies import find_joined
from recorder.core.errors import RecorderError
from recorder.places import places
from recorder.sharing.approval import Approval, approvals
from recorder.sharing.drops import CHUNK_BYTES, Drop, open_drop
from recorder.sharing.pace import Pace
from recorder.sharing.planning import Plan, Planned, plan_of
from recorder.sharing.sending import Sharing, alone, revoke, share
from recorder.sharing.shared import Shared, SharedFolder, find_shared, studies_shared_with

_RATE: Final = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([kMG]?)B(?:/s)?")
_UNITS: Final = {"": 1, "k": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_SEND: Final = "send"


class ShareGroup(TyperGroup):
    """`recorder share --study S` is `recorder share send --study S`."""

    usual = _SEND

    def parse_args(self, ctx: object, args: list[str]) -> list[str]:
        """Name the command that was left out."""
        first = args[0] if args else ""
        if first not in {*self.commands, "--help", "-h"}:
            args = [self.usual, *args]
        return super().parse_args(ctx, args)  # type: ignore[arg-type]  # typer's own context


app = typer.Typer(cls=ShareGroup, no_args_is_help=False)

StudyOption = Annotated[str, typer.Option("--study", help="The study's name.")]
IdsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="Episodes; all that are approved when none is named.", autocompletion=names_to_complete
    ),
]


@app.command(_SEND, epilog="Example: recorder share --study typing-1 --to ~/drop --dry-run")
def send(  # noqa: PLR0913 - one parameter an option
    episode_ids: IdsArgument = None,
    *,
    study: StudyOption,
    to: Annotated[
        str | None, typer.Option(help="A folder, s3://bucket/… or gs://…; else as the notice says.")
    ] = None,
    dry_run: DryRunOption = False,
    samples: Annotated[
        Path | None, typer.Option(help="With --dry-run: a PNG with some of the frames, 0600.")
    ] = None,
    max_rate: Annotated[
        str | None, typer.Option(help="Send no faster, such as 2MB/s or 500kB/s.")
    ] = None,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Share what you approved for a study; shows exactly what leaves, then asks.

    Sealed on this computer to the recipients that the study's notice names.
    """
    where, pace = own_folder(folder), Pace(rate(max_rate))
    if samples is not None and not dry_run:
        raise output.UsageError("--samples needs --dry-run", "recorder share --help")
    joined = find_joined(where, places().state, study)
    joined.in_force(SystemClock())
    drop = _drop(to or joined.notice.terms.drop)
    if not dry_run:
        bring_waiting(where, study)
    found = _approved(where, study, episode_ids or [])
    with alone(SharedFolder(where, study)):
        if found:
            sharing = Sharing(where, joined, unlock_folder(where, passphrase_file), SystemClock())
            with progress("Looking", len(found)) as step:
                looks = samples is not None
                plan = plan_of(sharing, found, step, named=bool(episode_ids), pictures=looks)
        else:
            plan = Plan(())
        for one in plan.left_out:
            output.say(f"{one.episode_id}: left out: {one.why}")
        if dry_run or not plan.planned:
            told = {"dry_run": dry_run, **plan_payload(joined, drop.url, plan)}
            if samples is not None:
                told["samples"] = write_samples(plan, samples)
            output.emit("share", told, as_json, lambda: plan_text(joined, drop.url, plan))
            return
        output.say(plan_text(joined, drop.url, plan))
        output.confirm("Share this?", yes=yes, declined="Nothing was shared")
        done = _send(sharing, plan.planned, drop, pace)
    output.emit(
        "share", {"dry_run": False, "shared": [shared_payload(one) for one in done]}, as_json,
        f"Shared {len(done)} with {study}. recorder share list shows them.",
    )  # fmt: skip


@app.command("list", epilog="Example: recorder share list --study typing-1")
def list_shared(
    *,
    study: Annotated[str | None, typer.Option(help="Of this study alone.")] = None,
    folder: FolderOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what was shared, when and where to; no passphrase."""
    where = own_folder(folder)
    studies = [one for one in studies_shared_with(where) if study in {None, one}]
    found = [one for name in studies for one in SharedFolder(where, name).all()]
    payload: output.Payload = {"shared": [shared_payload(one) for one in found]}
    human = "\n".join(map(list_line, found)) or "Nothing was shared."
    output.emit("share-list", payload, as_json, human)


@app.command("revoke", epilog="Example: recorder share revoke 01KAJ1C8SNQ4M2V7Y0B3D5F6G8")
def revoke_shared(
    wanted: Annotated[str, typer.Argument(help="A bundle's id, or its episode's.")],
    *,
    folder: FolderOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Take a bundle back from where it was put, and its approval with it.

    What the researcher collected already is reached by an erasure notice alone:
    recorder consent withdraw --study S --erase.
    """
    where = own_folder(folder)
    one = find_shared(where, wanted)
    question = f"Take {one.bundle_id} back from {one.drop}, and the approval with it?"
    output.confirm(question, yes=yes, declined="Nothing was taken back")
    with alone(SharedFolder(where, one.study)):
        was_there = revoke(where, one)
    payload: output.Payload = {"bundle_id": one.bundle_id, "study": one.study, "removed": was_there}
    output.emit("share-revoke", payload, as_json, _revoked_text(one, was_there=was_there))


def rate(text: str | None) -> float | None:
    """Give the bytes a second of `2MB/s`; None for None.

    Raises:
        UsageError: It is no rate, or nothing would move.
    """
    if text is None:
        return None
    found = _RATE.fullmatch(text.strip())
    bytes_per_s = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if bytes_per_s < 1:
        raise output.UsageError(f"{text!r} is no rate", "write it as 2MB/s or 500kB/s")
    return bytes_per_s


def _drop(address: str | None) -> Drop:
    if address is None:
        raise output.UsageError(
            "The study's notice names no place to share to", "add --to FOLDER or --to s3://bucket"
        )
    return open_drop(address)


def _approved(folder: Path, study: str, ids: list[str]) -> list[Approval]:
    """Give the approvals for the study: of the named episodes, or all."""
    found = list(approvals(folder, load_public_key(folder, "user"), study))
    if not ids:
        return found
    by_id = {one.episode_id: one for one in found}
    names = [home.name for home in chosen_homes(folder, ids)]
    for name in names:
        if name not in by_id:
            raise output.UsageError(
                f"{name} is not approved for {study}", f"recorder approve {name} --study {study}"
            )
    return [by_id[name] for name in dict.fromkeys(names)]


def _send(sharing: Sharing, planned: tuple[Planned, ...], drop: Drop, pace: Pace) -> list[Shared]:
    """Share one after the other; what was sent stays sent when a later one fails."""
    pieces = sum(-(-one.contents.size_bytes // CHUNK_BYTES) for one in planned)
    done: list[Shared] = []
    with progress("Sharing", pieces) as step:

        def sent(size_bytes: int) -> None:
            pace.spend(size_bytes)
            step()

        try:
            for one in planned:
                done.append(share(sharing, one.approval, one.contents, drop, sent))  # noqa: PERF401 - each counts
        except RecorderError:
            output.say(f"{len(done)} of {len(planned)} were shared; the same command goes on.")
            raise
    return done


def _revoked_text(one: Shared, *, was_there: bool) -> str:
    if was_there:
        return f"{one.bundle_id} was taken back; nobody has it from there any more."
    return (
        f"{one.bundle_id} was not there any more: the researcher may have collected it.\n"
        f"To have it deleted there: recorder consent withdraw --study {one.study} --erase"
    )
