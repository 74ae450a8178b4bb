"""Checks a ledger from files alone, for its owner and for an auditor."""

from dataclasses import dataclass

from recorder.consent.chain import LedgerView
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.ledger import LedgerPlace, kept_notice, read_ledger
from recorder.consent.records import OWN_CHAIN
from recorder.consent.studies import kept_signature_holds

NEXT_HEAD = "the chain ends where its head says"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    what: str
    ok: bool
    detail: str


def audit(place: LedgerPlace, *, with_head: bool = True) -> tuple[Finding, ...]:
    """Check signatures, chain, head and notices; never raises for what it finds.

    `with_head`: False for a copy of the folder without the owner's state folder, where
    the loss of the last lines cannot be seen.
    """
    try:
        view = read_ledger(place, with_head=False)
    except ConsentUntrusted as problem:
        return (Finding("signatures and chain", ok=False, detail=problem.what),)
    lines = f"{len(view.entries)} line(s)"
    found = [Finding("signatures and chain", ok=True, detail=lines)]
    found.append(_head(place) if with_head else Finding("head", ok=True, detail="not asked for"))
    found.extend(_notices(place, view))
    return tuple(found)


def _head(place: LedgerPlace) -> Finding:
    try:
        read_ledger(place)
    except ConsentUntrusted as problem:
        return Finding("head", ok=False, detail=problem.what)
    return Finding("head", ok=True, detail=NEXT_HEAD)


def _notices(place: LedgerPlace, view: LedgerView) -> list[Finding]:
    found = []
    for sha256 in dict.fromkeys(entry.notice_sha256 for entry in view.entries):
        try:
            kept_notice(place, sha256)
        except ConsentUntrusted as problem:
            found.append(Finding(f"notice {sha256[:12]}", ok=False, detail=problem.what))
        else:
            found.append(Finding(f"notice {sha256[:12]}", ok=True, detail="as it was shown"))
            found.extend(_signature(place, sha256))
    return found


def _signature(place: LedgerPlace, sha256: str) -> list[Finding]:
    """Check who wrote a study's notice; the one for oneself is signed by nobody."""
    if place.chain == OWN_CHAIN:
        return []
    holds = kept_signature_holds(place, sha256)
    detail = "signed by its controller" if holds else "not signed by its controller"
    return [Finding(f"notice {sha256[:12]}", ok=holds, detail=detail)]
