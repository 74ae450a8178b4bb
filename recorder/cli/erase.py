"""`recorder erase`: does what participants' erasure notices ask, and what retention says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.opening import ClockOption, DryRunOption, JsonOption, PassphraseOption, YesOption
from recorder.cli.progress import progress
from recorder.cli.study_opening import name_failures, unlock_study
from recorder.core.amounts import count_text
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.research.clock_doubt import ClockDoubtful, check_clock, note_run
from recorder.research.collection import Collection, CollectionOfAnother, utc_now
from recorder.research.dataset_erasing import pay_owed
from recorder.research.datasets import handed_on
from recorder.research.drop_copies import remove_copies
from recorder.research.erasing import AppliedErasure, Office
from recorder.research.erasure_runs import (
    ErasureTally,
    NoticeFile,
    audiences,
    erase_each,
    look_at_each,
    notices_in,
)
from recorder.research.outbox import Delivery, deliver, waiting
from recorder.research.retention import due, expire
from recorder.research.sources import noting, open_sources
from recorder.research.studies import Study
from recorder.sharing.drops import Drop
from recorder.sharing.erasure_notice import CheckedNotice


@dataclass(slots=True)
class _Run:
    """What one run works on, and what it could not reach.

    Attributes:
        is_clock_sure: What is over by the clock may go.
    """

    study: Study
    collection: Collection
    drops: list[Drop]
    notices: list[NoticeFile]
    failed: EachAlone
    is_clock_sure: bool = False


def erase(  # noqa: PLR0913 - one parameter an option
    collection: Annotated[Path, typer.Argument(help="The collection.")],
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Drops or notice files; else where its participants shared to."),
    ] = None,
    *,
    study: Annotated[Path, typer.Option("--study", help="The study's folder.")],
    clock_is_right: ClockOption = False,
    dry_run: DryRunOption = False,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> int:
    """Erase what participants asked for, and what was kept for as long as the notice allows.

    Bundles, shards of datasets and caches go, and the sealed copies in the drops; a signed
    receipt goes back. recorder collect does the same on its way. Ends with 8 when a notice was
    refused, with 9 when a file of the collection is damaged or the clock is in doubt, and with 13 when a drop could not be
    reached or a copy in it not be deleted.
    """
    run = _opened(collection, study, sources or [])
    run.is_clock_sure = clock_is_right or _is_clock_sure(run)
    keys = [notice.terms.controller.keys for notice in run.study.notices().values()]
    to = audiences(keys, run.study.audience)
    asked = look_at_each(run.collection, to, run.notices)
    late = _late(run)
    if dry_run:
        output.emit("erase", _planned(asked, late), as_json, lambda: _plan(asked, late))
        return _tell_failed(run, ErasureTally())
    if asked or late:
        output.say(_plan(asked, late))
        output.confirm("Erase this for good?", yes=yes)
    secrets = unlock_study(run.study, passphrase_file)
    with run.collection.held():
        done = _erase(run, Office(run.collection, to, secrets.sign.sign))
    payload = {**done.payload(), "failed": run.failed.told()}
    output.emit("erase", payload, as_json, done.text)
    return _tell_failed(run, done.tally)


def _is_clock_sure(run: _Run) -> bool:
    try:
        check_clock(run.collection.folder, utc_now(), run.collection.created)
    except ClockDoubtful as doubt:
        run.failed.note("clock", doubt)
        return False
    return True


def _late(run: _Run) -> int:
    """Give how many recordings are over."""
    if not run.is_clock_sure:
        return 0
    return sum(1 for _ in due(run.collection, run.study.notices(), utc_now(), run.failed))


def _erase(run: _Run, office: Office) -> "_Done":
    """Do it, then look through the drops, then answer."""
    mine, notices = run.collection, run.study.notices()
    with progress("Erasing", len(run.notices)) as step:
        tally = erase_each(office, run.notices, run.failed, step)
        gone = []
        if run.is_clock_sure:
            note_run(mine.folder, utc_now())
            gone = expire(mine, notices, utc_now(), office.sign, run.failed)
        pay_owed(mine.folder, run.failed)
    with progress("Looking through drops"):
        copies = _clean_drops(run)
    with progress("Answering", waiting(mine)) as step:
        delivery = deliver(mine, run.drops, run.failed, step)
    return _Done(tally, delivery, len(gone), copies, handed_on(mine.folder))


def _clean_drops(run: _Run) -> int:
    """Take the erased out of every drop that can be reached; gives how many copies went."""
    removed = 0
    for drop in run.drops:
        with run.failed.trying(drop.url):
            removed += remove_copies(run.collection, drop, run.failed)
    return removed


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
    named = list(sources) or sorted(_drops_of(mine, failed))
    drops, files = [], []
    for source in filter(None, named):
        with failed.trying(source):
            some, single = open_sources([source])
            drops += some
            files += [NoticeFile(one.name, None) for one in single]
    for drop in drops:
        with failed.trying(drop.url):
            files += notices_in(drop, mine.study, noting(failed))
    return _Run(opened, mine, drops, files, failed)


def _drops_of(mine: Collection, damaged: EachAlone) -> set[str]:
    """Give where participants shared to."""
    found: set[str] = set()
    for pseudonym in mine.participants():
        with damaged.trying(pseudonym):
            found.add(mine.participant(pseudonym).drop)
    return found


def _tell_failed(run: _Run, tally: ErasureTally) -> int:
    """Say what could not be reached; gives the exit code."""
    name_failures(run.failed.told())
    if run.failed.codes - {ExitCode.CHECKS_FAILED}:
        return ExitCode.UNWRITABLE
    if run.failed.codes:
        return ExitCode.CHECKS_FAILED
    return ExitCode.WARNINGS if tally.refused else ExitCode.OK


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


@dataclass(frozen=True, slots=True)
class _Done:
    """What a run did.

    Attributes:
        copies: Those that went from drops beside what the notices named.
        handed_on: Copies that were made of each dataset.
    """

    tally: ErasureTally
    delivery: Delivery
    expired: int
    copies: int
    handed_on: Mapping[str, Sequence[str]]

    def payload(self) -> output.Payload:
        return {
            "dry_run": False,
            "erased": [_one(done, self.handed_on) for done in self.tally.done],
            "known": self.tally.known,
            "refused": [
                {"name": one.name, "code": int(one.code), "reason": one.reason}
                for one in self.tally.refused
            ],
            "answers_sent": self.delivery.sent,
            "answers_waiting": self.delivery.waiting,
            "expired": self.expired,
            "copies_deleted": self.copies,
        }

    def text(self) -> str:
        tally, delivery = self.tally, self.delivery
        lines = [f"{count_text(len(tally.done), 'notice')} done; done before: {tally.known}."]
        for done in tally.done:
            lines += _told(done, self.handed_on)
        lines += [f"  refused, code {x.code:d}: {x.name}: {x.reason}" for x in tally.refused]
        if self.expired:
            lines.append(f"{count_text(self.expired, 'recording')} went: their time was over.")
        if self.copies:
            lines.append(f"{count_text(self.copies, 'more copy', 'more copies')} went from drops.")
        waiting = f", {delivery.waiting} wait for their drop" if delivery.waiting else ""
        lines.append(f"{count_text(delivery.sent, 'answer')} sent{waiting}.")
        return output.printable("\n".join(lines))


def _one(done: AppliedErasure, handed_on: Mapping[str, Sequence[str]]) -> output.Payload:
    return {
        "notice_id": done.notice.notice_id,
        "pseudonym": done.notice.pseudonym,
        "bundles": list(done.bundles),
        "shards": done.shards,
        "datasets_lost": list(done.datasets_lost),
        "exports": list(done.exports),
        "copies": [copy for name in done.exports for copy in handed_on.get(name, ())],
        "left_in_drop": list(done.left_in_drop),
    }


def _told(done: AppliedErasure, handed_on: Mapping[str, Sequence[str]]) -> list[str]:
    bundles, shards = count_text(len(done.bundles), "bundle"), count_text(done.shards, "shard")
    exports = [", ".join([f"dataset {name}", *handed_on.get(name, ())]) for name in done.exports]
    return [
        f"  {done.notice.pseudonym}: {bundles} and {shards} of datasets gone",
        *(f"    handed on before, which you have to call back: {x}" for x in exports),
        *(f"    dataset {x} went whole: its list is damaged" for x in done.datasets_lost),
        *(f"    left in the drop, for you to delete there: {x}" for x in done.left_in_drop),
    ]
