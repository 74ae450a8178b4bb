"""`recorder erase`: does what participants' erasure notices ask, and what retention says."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import DryRunOption, JsonOption, PassphraseOption, YesOption
from recorder.cli.progress import progress
from recorder.cli.study_opening import unlock_study
from recorder.core.amounts import count_text
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.research.collection import Collection, CollectionOfAnother, utc_now
from recorder.research.datasets import pay_owed
from recorder.research.erasing import AppliedErasure, Office
from recorder.research.erasure_runs import (
    ErasureTally,
    NoticeFile,
    audiences,
    erase_each,
    look_at_each,
    notices_in,
)
from recorder.research.outbox import Delivery, deliver
from recorder.research.retention import due, expire
from recorder.research.sources import open_sources
from recorder.research.studies import Study
from recorder.sharing.drops import Drop
from recorder.sharing.erasure_notice import CheckedNotice


@dataclass(slots=True)
class _Run:
    """What one run works on, and what it could not reach."""

    study: Study
    collection: Collection
    drops: list[Drop]
    notices: list[NoticeFile]
    failed: EachAlone


def erase(  # noqa: PLR0913 - one parameter an option
    collection: Annotated[Path, typer.Argument(help="The collection.")],
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Drops or notice files; else where its participants shared to."),
    ] = None,
    *,
    study: Annotated[Path, typer.Option("--study", help="The study's folder.")],
    dry_run: DryRunOption = False,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> int:
    """Erase what participants asked for, and what was kept for as long as the notice allows.

    Bundles, shards of datasets and caches go; a signed receipt goes back. recorder collect does
    the same on its way. Ends with 8 when a notice was refused, and with 13 when a drop could not
    be reached.
    """
    run = _opened(collection, study, sources or [])
    keys = [notice.terms.controller.keys for notice in run.study.notices().values()]
    to = audiences(keys, run.study.audience)
    asked = look_at_each(run.collection, to, run.notices)
    late = list(due(run.collection, run.study.notices(), utc_now()))
    if dry_run:
        output.emit("erase", _planned(asked, len(late)), as_json, lambda: _plan(asked, len(late)))
        return _tell_failed(run, ErasureTally())
    if asked or late:
        output.say(_plan(asked, len(late)))
        output.confirm("Erase this for good?", yes=yes)
    secrets = unlock_study(run.study, passphrase_file)
    with run.collection.held(), progress("Erasing", len(run.notices)) as step:
        office = Office(run.collection, to, secrets.sign.sign)
        tally = erase_each(office, run.notices, run.failed, step)
        gone = expire(run.collection, run.study.notices(), utc_now(), secrets.sign.sign)
        pay_owed(run.collection.folder, run.failed)
        delivery = deliver(run.collection, run.drops, run.failed)
    output.emit(
        "erase",
        {**_done(tally, delivery), "expired": len(gone), "failed": dict(_failed(run))},
        as_json,
        lambda: _told(tally, len(gone), delivery),
    )
    return _tell_failed(run, tally)


def _opened(folder: Path, study: Path, sources: Sequence[str]) -> _Run:
    """Open study, collection and drops, and look for notices.

    Raises:
        CollectionUnknown, CollectionOfAnother, StudyUnusable: There is nothing to work on.
        RecorderError: A source that was named cannot be used.
    """
    opened, mine = Study.open(study), Collection.open(folder)
    if mine.study != opened.id:
        raise CollectionOfAnother(folder, mine.study)
    failed = EachAlone()
    named = list(sources) or sorted({mine.participant(one).drop for one in mine.participants()})
    drops, files = [], []
    for source in filter(None, named):
        with failed.trying(source):
            some, single = open_sources([source])
            drops += some
            files += [NoticeFile(one.name, None) for one in single]
    for drop in drops:
        with failed.trying(drop.url):
            files += notices_in(drop, mine.study)
    return _Run(opened, mine, drops, files, failed)


def _tell_failed(run: _Run, tally: ErasureTally) -> int:
    """Say what could not be reached; gives the exit code."""
    for name, why in _failed(run):
        output.say(output.printable(f"{name}: {why}"))
    if run.failed.failed:
        return ExitCode.UNWRITABLE
    return ExitCode.WARNINGS if tally.refused else ExitCode.OK


def _failed(run: _Run) -> list[tuple[str, str]]:
    return [(name, error.message) for name, error in run.failed.failed]


def _planned(asked: Sequence[CheckedNotice], late: int) -> output.Payload:
    return {
        "dry_run": True,
        "notices": [
            one.notice.model_dump(
                mode="json", include={"notice_id", "pseudonym", "scope", "episodes", "created"}
            )
            for one in asked
        ],
        "due": late,
    }


def _plan(asked: Sequence[CheckedNotice], late: int) -> str:
    lines = [
        f"{one.notice.pseudonym} asks to erase "
        + ("everything" if one.notice.scope == "all" else ", ".join(one.notice.episodes))
        for one in asked
    ]
    lines += [f"{late} recordings were kept for as long as the notice allows"] if late else []
    return "\n".join(lines) or "Nobody asks for anything, and nothing is due."


def _done(tally: ErasureTally, delivery: Delivery) -> output.Payload:
    return {
        "dry_run": False,
        "erased": [_one(done) for done in tally.done],
        "known": tally.known,
        "refused": [
            {"name": one.name, "code": int(one.code), "reason": one.reason} for one in tally.refused
        ],
        "answers_sent": delivery.sent,
        "answers_waiting": delivery.waiting,
    }


def _one(done: AppliedErasure) -> output.Payload:
    return {
        "notice_id": done.notice.notice_id,
        "pseudonym": done.notice.pseudonym,
        "bundles": list(done.bundles),
        "shards": done.shards,
        "datasets_lost": list(done.datasets_lost),
        "exports": list(done.exports),
    }


def _told(tally: ErasureTally, expired: int, delivery: Delivery) -> str:
    lines = [f"{count_text(len(tally.done), 'notice')} done; done before: {tally.known}."]
    for done in tally.done:
        lines.append(
            f"  {done.notice.pseudonym}: {count_text(len(done.bundles), 'bundle')} and "
            f"{count_text(done.shards, 'shard')} of datasets gone"
        )
        lines += [f"    handed on before, which you have to call back: {x}" for x in done.exports]
        lines += [f"    dataset {x} went whole: its list is damaged" for x in done.datasets_lost]
    lines += [f"  refused, code {one.code:d}: {one.name}: {one.reason}" for one in tally.refused]
    lines += [f"{count_text(expired, 'recording')} went: their time was over."] if expired else []
    waiting = f", {delivery.waiting} wait for their drop" if delivery.waiting else ""
    lines.append(f"{count_text(delivery.sent, 'answer')} sent{waiting}.")
    return output.printable("\n".join(lines))
