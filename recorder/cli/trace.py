"""`recorder trace`: what became of what was shared: collected, used, erased."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.opening import FolderOption, JsonOption, own_folder
from recorder.cli.progress import progress
from recorder.cli.settling import joined_if_sure, say_left, settle
from recorder.consent.notice_signature import is_study_id
from recorder.core.amounts import count_text
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode, RecorderError
from recorder.places import places
from recorder.sharing.drops import open_drop
from recorder.sharing.erasing import Erasure, erasures, note_answers
from recorder.sharing.known_as import known_as
from recorder.sharing.leaving import has_left
from recorder.sharing.replacing import ALL_TIMES
from recorder.sharing.rows import Fetched, Whose, fetch_rows, kept_rows
from recorder.sharing.shared import Shared, SharedFolder, studies_shared_with
from recorder.sharing.statements import Receipt, Use
from recorder.sharing.trace import (
    TracedBundle,
    erasure_state,
    traced_bundles,
    unknown_uses,
)

_MOST_NAMED: Final = 20
"""Rows that are left out, of which the names are shown; others can make any number of them."""
StudyOption = Annotated[str | None, typer.Option("--study", help="Of this study alone.")]


@dataclass(slots=True)
class Traced:
    """What is known of one study.

    Attributes:
        left_study: When the person left it, UTC; None while they are in it.
        owed: What is still to be done at a drop, and why it is not.
        unreached: Drops that could not be asked, and why.
        more: Answers that were not looked at: there are too many for one run.
        trouble: Why the study's chain cannot be relied on, and what to do.
    """

    study: str
    pseudonym: str
    bundles: list[TracedBundle] = field(default_factory=list)
    wishes: list[Erasure] = field(default_factory=list)
    strays: list[Use] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    owed: dict[str, str] = field(default_factory=dict)
    unreached: dict[str, str] = field(default_factory=dict)
    left_study: str | None = None
    more: int = 0
    trouble: RecorderError | None = None

    def own_ids(self, wish: Erasure) -> list[str]:
        """Give the person's own ids of what a wish names; the study's where none is known."""
        own = {one.study_episode_id: one.episode_id for one in self.bundles}
        return [own.get(one, one) for one in wish.notice.episodes]


def trace(
    *, study: StudyOption = None, folder: FolderOption = None, as_json: JsonOption = False
) -> int:
    """Show what became of what you shared: collected, used, erased.

    Fetches the study's signed answers and checks them against the key that you agreed to. Does
    what is still owed: brings notices to their place, takes bundles back.
    """
    where = own_folder(folder)
    names = studies_shared_with(where) if study is None else [study]
    each, found = EachAlone(), []
    with progress("Asking", len(names)) as step:
        for name in names:
            with each.trying(name):
                found.append(trace_study(where, name))
            step()
    for name, error in each.failed:
        output.say(f"{name}: {error}")
    now = datetime.now(UTC)
    payload: output.Payload = {"studies": [_payload(one, now) for one in found]}
    output.emit("trace", payload, as_json, lambda: _told(found, now))
    for one in found:
        _say_lacking(one)
    each.end()
    lacking = any(one.unreached or one.owed or one.more or one.trouble for one in found)
    return ExitCode.WARNINGS if lacking else ExitCode.OK


def trace_study(folder: Path, study: str) -> Traced:
    """Deliver what waits, fetch and check the answers, and give what is known.

    Raises:
        StudyUnknown, ConsentUntrusted: Nobody can tell whose answers they must be.
    """
    shared = list(SharedFolder(folder, study).all()) if is_study_id(study) else []
    known = known_as(folder, places().state, study, shared)
    whose = known.whose
    found = Traced(study, whose.pseudonym, trouble=known.trouble)
    reached = _ask_drops(folder, whose, _addresses(shared, erasures(folder, study)), found)
    found.owed = settle(folder, study)
    kept = kept_rows(folder, whose)
    found.left_out |= {**kept.left_out, **reached.left_out}
    receipts = [row for row in kept.new if isinstance(row, Receipt)]
    found.wishes = note_answers(folder, study, receipts)
    memory = SharedFolder(folder, study)
    shared, owed = list(memory.all()), {one.bundle_id for one in memory.owed()}
    found.bundles = traced_bundles(shared, kept.new, found.wishes, owed)
    joined = joined_if_sure(folder, study)
    if joined is not None and has_left(joined):
        found.left_study = joined.entry.record.event.event_time
    found.strays = unknown_uses(shared, kept.new)
    return found


def _say_lacking(found: Traced) -> None:
    """Say why it may not be all, and what to do."""
    if found.trouble is not None:
        output.say(f"{found.study}: {found.trouble}")
    for drop, why in found.unreached.items():
        output.say(f"{found.study}: this may be old, {drop} was not reached: {why}")
    if found.more:
        left = count_text(found.more, "answer")
        output.say(
            f"{found.study}: {left} in the drop left for the next time, more than are looked at "
            "in one run. If that stays so, somebody fills the drop: ask the study's contact"
        )
    say_left(found.owed)


def _addresses(shared: Iterable[Shared], wishes: Iterable[Erasure]) -> list[str]:
    """Give every drop that has or shall have something of ours, once each."""
    found = dict.fromkeys(one.drop for one in shared)
    found |= dict.fromkeys(drop for wish in wishes for drop in wish.drops)
    return list(found)


def _ask_drops(folder: Path, whose: Whose, addresses: Iterable[str], found: Traced) -> Fetched:
    """Fetch the rows in the drops."""
    reached = Fetched()
    for address in addresses:
        try:
            drop = open_drop(address)
            rows = fetch_rows(folder, drop, whose)
        except RecorderError as error:
            found.unreached[address] = error.message
            continue
        reached.left_out |= rows.left_out
        found.more += rows.more
    return reached


def _payload(found: Traced, now: datetime) -> output.Payload:
    return {
        "study": found.study,
        "pseudonym": found.pseudonym,
        "episodes": [
            {
                "episode_id": one.episode_id, "study_episode_id": one.study_episode_id,
                "bundle_id": one.bundle_id, "shared": one.shared, "state": one.state,
                "since": one.since, "code": one.code, "reason": one.reason,
                "uses": [_use(use) for use in one.uses],
            }
            for one in found.bundles
        ],
        "erasures": [_wish(wish, found, now) for wish in found.wishes],
        "other_uses": [_use(use) for use in found.strays],
        "left_study": found.left_study,
        "owed": found.owed,
        "left_out": found.left_out,
        "not_looked_at": found.more,
        "unreached": found.unreached,
        "trouble": str(found.trouble) if found.trouble else None,
    }  # fmt: skip


def _use(use: Use) -> output.Payload:
    names = {"dataset", "purpose", "recipient_role", "delete_by", "created"}
    return use.model_dump(mode="json", include=names)


def _wish(wish: Erasure, found: Traced, now: datetime) -> output.Payload:
    return {
        "notice_id": wish.notice.notice_id,
        "scope": wish.notice.scope,
        "episodes": found.own_ids(wish),
        "study_episodes": list(wish.notice.episodes),
        "ranges": [list(span) for span in wish.notice.ranges],
        "asked": wish.notice.created,
        "state": erasure_state(wish, now),
        "due": wish.due,
        "overdue_days": wish.overdue_days(now),
        "answered": wish.answered,
        "removed_bundles": wish.removed_bundles,
        "exports": list(wish.exports),
        "reason": wish.reason,
    }


def _told(found: list[Traced], now: datetime) -> str:
    if not found:
        return "Nothing was shared."
    return output.printable("\n\n".join(_study_told(one, now) for one in found))


def _study_told(found: Traced, now: datetime) -> str:
    lines = [f"Study {found.study}, where you are {found.pseudonym}"]
    lines += [f"  You left it {_day(found.left_study)}."] if found.left_study else []
    for one in found.bundles:
        lines.append(f"  {one.episode_id}  shared {_day(one.shared)}  {_state(one)}")
        lines.append(f"      the study calls it {one.study_episode_id}")
        lines += [f"      {_use_told(use)}" for use in one.uses]
    lines += [] if found.bundles else ["  Nothing was shared from this folder."]
    lines += [f"  Not remembered here: {_use_told(use)}" for use in found.strays]
    lines += [f"  {_wish_told(wish, found, now)}" for wish in found.wishes]
    left_out = [f"  Left out: {name} {why}" for name, why in found.left_out.items()]
    lines += left_out[:_MOST_NAMED]
    if len(left_out) > _MOST_NAMED:
        lines.append(f"  Left out: {len(left_out) - _MOST_NAMED} more; --json names them")
    return "\n".join(lines)


def _state(one: TracedBundle) -> str:
    if one.state == "refused":
        return f"refused {_day(one.since)} ({one.code}): {one.reason}"
    if one.state == "expired":
        return f"deleted {_day(one.since)} at the end of its time"
    return one.state if one.state in {"shared", "waiting"} else f"{one.state} {_day(one.since)}"


def _use_told(use: Use) -> str:
    return (
        f"used {_day(use.created)} in {use.dataset}, by {use.recipient_role}, for {use.purpose}; "
        f"goes by {_day(use.delete_by)}"
    )


def _wish_told(wish: Erasure, found: Traced, now: datetime) -> str:
    notice, state = wish.notice, erasure_state(wish, now)
    what = "everything" if notice.scope == "all" else ", ".join(found.own_ids(wish))
    if notice.ranges:
        what = f"an earlier version of {what}" if notice.ranges == ALL_TIMES else f"{what} in part"
    head = f"Erase {what}, asked {_day(notice.created)}: "
    if state == "done":
        had = f"; handed on before: {', '.join(wish.exports)}" if wish.exports else ""
        return f"{head}done {_day(wish.answered)}, {_recordings(wish.removed_bundles)} went{had}"
    if state == "refused":
        return f"{head}refused: {wish.reason}"
    if state == "overdue":
        return f"{head}{wish.overdue_days(now)} days overdue; ask the study's contact"
    left = (datetime.fromisoformat(wish.due) - now).days
    return f"{head}{state}, {left} days left"


def _recordings(count: int) -> str:
    return "1 recording" if count == 1 else f"{count} recordings"


def _day(when: str | None) -> str:
    return (when or "")[:10] or "not yet"
