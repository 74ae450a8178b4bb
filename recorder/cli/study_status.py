"""`recorder study status`: what is signed, and what came of it so far."""

from pathlib import Path
from typing import Final

from recorder.cli import output
from recorder.cli.study_opening import tell_damaged
from recorder.consent.notice_signature import fingerprint
from recorder.consent.recipients import roles
from recorder.core.amounts import count_text, size_text
from recorder.core.each_alone import EachAlone
from recorder.research.collection import Collection, CollectionOfAnother, utc_now
from recorder.research.studies import NoticeUnsigned, Study
from recorder.research.totals import Totals, totals

_NS_PER_HOUR: Final = 3_600_000_000_000
_STATES: Final = {
    "signed": "version {version} is signed",
    "edited": "version {version} is signed; notice.md was edited since: recorder study sign",
    "unsigned": "not signed yet: recorder study lint, then recorder study sign",
}


def show_status(study: Study, collection: Path | None, *, as_json: bool) -> int:
    """Print how a study stands, and its collection where one is named; gives the exit code.

    Raises:
        CollectionUnknown, CollectionOfAnother: The folder is no collection of this study.
    """
    draft, known = study.draft(), study.notices()
    try:
        terms = study.terms
        state = "signed" if draft.sha256 == study.notice.sha256 else "edited"
    except NoticeUnsigned:
        terms, state = draft.terms, "unsigned"
    payload: output.Payload = {
        "study": study.id, "created": study.created, "notice": state, "version": terms.version,
        "notices": sorted(known), "key": study.audience,
        "fingerprint": fingerprint(study.audience), "recipients": list(roles(terms)),
        "drop": terms.drop, "retention_days": terms.retention_days,
        "erasure_due_days": terms.erasure_due_days,
    }  # fmt: skip
    lines = [
        f"Study {study.id} of {terms.controller.name}, made {study.created[:10]}",
        f"  Notice: {_STATES[state].format(version=terms.version)}; {len(known)} signed so far",
        f"  Key: {fingerprint(study.audience)}",
        f"  Goes to: {', '.join(roles(terms))}",
        f"  Drop: {terms.drop or 'participants choose'}",
        f"  Kept for {terms.retention_days} days; erased within {terms.erasure_due_days} days",
    ]
    damaged = EachAlone()
    if collection is not None:
        found = totals(_of(study, collection), known, utc_now(), damaged)
        payload["collection"] = _counts(found)
        lines.extend(_told(found))
    output.emit("study-status", payload, as_json, output.printable("\n".join(lines)))
    return tell_damaged(damaged)


def _of(study: Study, folder: Path) -> Collection:
    mine = Collection.open(folder.expanduser())
    if mine.study != study.id:
        raise CollectionOfAnother(folder, mine.study)
    return mine


def _counts(found: Totals) -> dict[str, object]:
    return {
        "participants": found.participants,
        "left": found.left,
        "sessions": found.sessions,
        "bytes": found.size_bytes,
        "hours": found.duration_ns / _NS_PER_HOUR,
        "erasures": found.erasures,
        "erasures_open": found.erasures_open,
        "expired": found.expired,
        "next_end": None if found.next_end is None else found.next_end.isoformat(),
    }


def _told(found: Totals) -> list[str]:
    people = count_text(found.participants, "participant")
    people += f", {count_text(found.sessions, 'session')}"
    hours = f"{found.duration_ns / _NS_PER_HOUR:.1f} hours"
    due = [f"{found.expired} due to be deleted: recorder collect or recorder erase does it"]
    if found.next_end is not None:
        due.append(f"the next one goes on {found.next_end.date()}")
    return [
        f"Collected: {people}, {hours}, {size_text(found.size_bytes)}",
        *([f"  Left the study: {count_text(found.left, 'participant')}"] if found.left else []),
        f"  Erasures: {found.erasures} done, {found.erasures_open} open",
        f"  Retention: {'; '.join(due if found.expired else due[1:]) or 'nothing is due'}",
    ]
