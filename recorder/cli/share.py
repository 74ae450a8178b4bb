"""`recorder share`, `share list` and `share revoke`: what leaves, to whom, and what left.

The only command of a participant that reaches another place; a process of its own.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
from recorder.cli.revoking import question, revoke, revoked_payload, revoked_told, to_revoke
from recorder.cli.settling import fetch_from, say_left, settle
from recorder.cli.share_told import (
    list_line,
    plan_payload,
    plan_text,
    replaced_payload,
    replaced_text,
    shared_payload,
    write_samples,
)
from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import ConsentUntrusted, NoConsent
from recorder.consent.keys import load_public_key
from recorder.consent.studies import StudyUnknown, find_joined
from recorder.core.errors import ExitCode, RecorderError
from recorder.places import places
from recorder.sharing.approval import Approval, approvals
from recorder.sharing.drops import CHUNK_BYTES, Drop, open_drop
from recorder.sharing.pace import Pace
from recorder.sharing.planning import Plan, Planned, plan_of
from recorder.sharing.replacing import earlier_ones
from recorder.sharing.sending import Sharing, share, still_agreed
from recorder.sharing.shared import (
    Shared,
    SharedFolder,
    alone,
    find_shared,
    studies_shared_with,
)

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


ToOption = Annotated[
    str | None, typer.Option(help="A folder, s3://bucket/… or gs://…; else as the notice says.")
]
SamplesOption = Annotated[
    Path | None, typer.Option(help="With --dry-run: a PNG with some of the frames, 0600.")
]
RateOption = Annotated[str | None, typer.Option(help="Send no faster, such as 2MB/s or 500kB/s.")]


@app.command(_SEND, epilog="Example: recorder share --study typing-1 --to ~/drop --dry-run")
def send(  # noqa: PLR0913 - one parameter an option
    episode_ids: IdsArgument = None,
    *,
    study: StudyOption,
    to: ToOption = None,
    dry_run: DryRunOption = False,
    samples: SamplesOption = None,
    max_rate: RateOption = None,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Share what you approved for a study; shows exactly what leaves, then asks.

    Sealed on this computer to the recipients that the study's notice names.
    """
    where, bytes_per_s = own_folder(folder), rate(max_rate)
    if samples is not None and not dry_run:
        raise output.UsageError("--samples needs --dry-run", "recorder share --help")
    joined = find_joined(where, places().state, study)
    joined.in_force(SystemClock())
    drop = _drop(to or joined.notice.terms.drop)
    if not dry_run:
        say_left(settle(where, study))
    found = _approved(where, study, episode_ids or [])
    with _stopping_if_left(where, study), alone(SharedFolder(where, study)):
        identity = unlock_folder(where, passphrase_file) if found else ""
        sharing = Sharing(where, joined, identity, SystemClock())
        plan = _planned(sharing, found, named=bool(episode_ids), pictures=samples is not None)
        earlier = _earlier(sharing, plan, fetch=not dry_run) if plan.planned else []
        told = plan_text(joined, drop.url, plan)
        told += replaced_text(earlier, sharing.collected) if earlier else ""
        if dry_run or not plan.planned:
            payload = {"dry_run": dry_run, **plan_payload(joined, drop.url, plan)}
            payload |= {"replaces": replaced_payload(earlier)}
            if samples is not None:
                payload["samples"] = write_samples(plan, samples)
            output.emit("share", payload, as_json, told)
            return
        output.say(told)
        output.confirm("Share this?", yes=yes, declined="Nothing was shared")
        done = _send(sharing, plan.planned, drop, bytes_per_s)
    if earlier:
        say_left(settle(where, study))
    output.emit(
        "share", {"dry_run": False, "shared": [shared_payload(one) for one in done]}, as_json,
        f"Shared {len(done)} with {study}. recorder trace shows what becomes of it.",
    )  # fmt: skip


def _planned(sharing: Sharing, found: Sequence[Approval], *, named: bool, pictures: bool) -> Plan:
    """Look at what is approved; says what is left out."""
    if not found:
        return Plan(())
    with progress("Looking", len(found)) as step:
        plan = plan_of(sharing, found, step, named=named, pictures=pictures)
    for one in plan.left_out:
        output.say(f"{one.episode_id}: left out: {one.why}")
    return plan


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
    owed = {one.bundle_id for name in studies for one in SharedFolder(where, name).owed()}
    human = "\n".join(list_line(one, owed) for one in found) or "Nothing was shared."
    output.emit("share-list", payload, as_json, human)


@app.command("revoke", epilog="Example: recorder share revoke 01KAJ1C8SNQ4M2V7Y0B3D5F6G8")
def revoke_shared(
    wanted: Annotated[str, typer.Argument(help="An episode's id, or one bundle's.")],
    *,
    study: Annotated[str | None, typer.Option(help="From this study alone.")] = None,
    folder: FolderOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> int:
    """Take an episode back from where it was put, and its approval with it.

    Every bundle of it, however often it was shared. What the researcher collected already is
    reached by asking to erase it: recorder unshare. Ends with 8 when a place could not be reached.
    """
    where = own_folder(folder)
    found = find_shared(where, wanted, study)
    bundles = to_revoke(where, found)
    if not bundles:
        day = max(one.revoked or "" for one in found)[:10]
        told = f"That was taken back on {day} already. recorder trace shows what became of it."
        output.emit("share-revoke", {"removed": False, "bundles": []}, as_json, told)
        return ExitCode.OK
    output.confirm(question(bundles), yes=yes, declined="Nothing was taken back")
    done = revoke(where, bundles, wanted)
    output.emit("share-revoke", revoked_payload(done), as_json, revoked_told(done))
    return ExitCode.WARNINGS if any(one.came == "owed" for one in done) else ExitCode.OK


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


def _earlier(sharing: Sharing, plan: Plan, *, fetch: bool) -> list[Shared]:
    """Give what was sent before of the planned episodes, with other content."""
    found = [
        old
        for one in plan.planned
        for old in earlier_ones(sharing.memory, one.approval.episode_id, one.contents.sha256)
        if old.state == "sent"
    ]
    if found and fetch:
        fetch_from(sharing.memory, {one.drop for one in found})
    return found


@contextmanager
def _stopping_if_left(folder: Path, study: str) -> Iterator[None]:
    """Take back what was sent where the person left the study meanwhile."""
    try:
        yield
    except (NoConsent, ConsentUntrusted, StudyUnknown):
        output.say("Stopped. What was sent and not collected is taken back.")
        say_left(settle(folder, study))
        raise


def _send(
    sharing: Sharing, planned: tuple[Planned, ...], drop: Drop, bytes_per_s: float | None
) -> list[Shared]:
    """Share one after the other; what was sent stays sent when a later one fails."""
    pieces = sum(-(-one.contents.size_bytes // CHUNK_BYTES) for one in planned)
    pace = Pace(bytes_per_s, look=still_agreed(sharing))
    done: list[Shared] = []
    with progress("Sharing", pieces) as step:

        def sent(size_bytes: int) -> None:
            pace.spend(size_bytes)
            step()

        try:
            for one in planned:
                done.append(share(sharing, one.approval, one.contents, drop, sent))  # noqa: PERF401 - each counts
        except (NoConsent, ConsentUntrusted, StudyUnknown):
            raise
        except (RecorderError, KeyboardInterrupt):
            output.say(f"{len(done)} of {len(planned)} were shared; the same command goes on.")
            raise
    return done
