"""The privacy report of a study, for a data protection officer: parts in order."""

from datetime import datetime

from recorder import __version__
from recorder.consent.notice import NoticeTerms
from recorder.consent.recipients import roles
from recorder.core.each_alone import EachAlone
from recorder.research.collection import Collection
from recorder.research.data_map import data_map
from recorder.research.privacy_facts import (
    Measured,
    access_counts,
    consents,
    erasure_rows,
    measured_recall,
    refusals,
    use_rows,
)
from recorder.research.report_pages import Grid, Part
from recorder.research.studies import Study
from recorder.research.totals import Totals, totals
from recorder.sharing.statements import ErasureNotice

_NS_PER_HOUR = 3_600_000_000_000
_STATES = ("given", "narrowed", "withdrawn", "refused", "expired", "damaged")


def privacy_report(
    study: Study, collection: Collection, now: datetime, damaged: EachAlone
) -> list[Part]:
    """Give the report; every figure is computed from the files as they are.

    `damaged`: Notes bundles whose record cannot be read; only their number is reported.

    Raises:
        StudyUnusable, NoticeUnsigned: The study has no notice to report on.
    """
    terms = study.terms
    return [
        _about(study, terms, now),
        _purposes(terms),
        _consents(collection, now),
        _levels(collection, now),
        _kept(study, totals(collection, study.notices(), now, damaged), len(damaged.failed)),
        _uses(collection, now),
        _erasures(collection, terms),
        _refusals(collection),
        _accesses(collection),
        _detector(),
        *_data_map(),
    ]


def _about(study: Study, terms: NoticeTerms, now: datetime) -> Part:
    rows = (
        ("Controller", terms.controller.name),
        ("Contact", terms.controller.contact),
        ("Lawful basis", terms.lawful_basis),
        ("Impact assessment", terms.dpia),
        ("If somebody does not take part", terms.employment_effect),
        ("How to withdraw", terms.withdrawal),
        ("Notice in force", f"version {terms.version}, SHA-256 {study.notice.sha256}"),
        ("Notices signed so far", str(len(study.notices()))),
        ("Key of the study", study.audience),
    )
    told = (
        f"Made {now.isoformat(timespec='minutes')} from the files of the study and its collection."
    )
    return Part(f"Study {study.id}", (told,), Grid(("what", "as the signed notice says"), rows))


def _purposes(terms: NoticeTerms) -> Part:
    rows = [("purpose", one) for one in terms.purposes]
    rows += [("recipient", one) for one in roles(terms)]
    rows += [("apps and sites", one) for one in terms.apps]
    return Part("Purposes and recipients", (), Grid(("kind", "as the notice says"), tuple(rows)))


def _consents(collection: Collection, now: datetime) -> Part:
    found = consents(collection, now)
    rows = tuple((state, str(found.states[state]), str(found.entries[state])) for state in _STATES)
    told = (
        f"Participants: {sum(found.states.values())}. Each is counted once, by the last "
        "decision in the longest ledger that they sent; decisions are all lines of all ledgers."
    )
    return Part("Consents", (told,), Grid(("state", "participants", "decisions"), rows))


def _levels(collection: Collection, now: datetime) -> Part:
    found = consents(collection, now).levels
    rows = tuple(
        (stream, level, str(count))
        for stream, levels in found.items()
        for level, count in sorted(levels.items())
    )
    told = ("What participants whose consent is in force agreed to share.",)
    return Part("Streams and levels", told, Grid(("stream", "level", "participants"), rows))


def _kept(study: Study, held: Totals, damaged: int) -> Part:
    days = study.terms.retention_days
    end = held.next_end.date().isoformat() if held.next_end else "none has an end"
    rows = (
        ("participants", str(held.participants)),
        ("recordings", str(held.sessions)),
        ("hours", f"{held.duration_ns / _NS_PER_HOUR:.1f}"),
        ("megabytes, sealed", f"{held.size_bytes / 1e6:.1f}"),
        ("kept for", f"{days} days from arrival" if days else "no end is set"),
        ("should be gone by now", str(held.expired)),
        ("go within 30 days", str(held.soon)),
        ("next one goes", end),
        ("recordings whose record is damaged, not counted above", str(damaged)),
    )
    told = ("What is due is deleted by every run of recorder collect and recorder erase.",)
    return Part("What is held, and until when", told, Grid(("what", "figure"), rows))


def _uses(collection: Collection, now: datetime) -> Part:
    rows = tuple(
        (
            row.use.created[:10], row.use.dataset, row.use.purpose, row.use.recipient_role,
            row.use.delete_by[:10] + _late(row.use.delete_by, now), str(row.participants),
            str(row.bundles), str(row.told),
        )
        for row in use_rows(collection)
    )  # fmt: skip
    heads = (
        "date", "dataset", "purpose", "recipient", "delete by", "participants", "recordings",
        "signed rows",
    )  # fmt: skip
    told = (f"Uses: {len(rows)}. Each participant in one is told of it in a signed row.",)
    return Part("Uses", told, Grid(heads, rows))


def _late(delete_by: str, now: datetime) -> str:
    return " (over)" if delete_by[:10] < now.date().isoformat() else ""


def _erasures(collection: Collection, terms: NoticeTerms) -> Part:
    found = list(erasure_rows(collection))
    rows = tuple(
        (
            one.notice.created[:10],
            _asked(one.notice), _length(days),
            str(len(one.bundles)), str(one.shards), ", ".join(one.exports) or "none",
        )
        for one, days in found
    )  # fmt: skip
    late = sum(days is None or days > terms.erasure_due_days for _, days in found)
    heads = ("asked", "what", "done after", "recordings", "shards", "handed on before")
    told = (
        f"Asked for: {len(rows)}. The notice promises {terms.erasure_due_days} days. Later than "
        f"that, or not done yet: {late}."
    )
    return Part("Erasures", (told,), Grid(heads, rows))


def _asked(notice: ErasureNotice) -> str:
    if notice.scope == "all":
        return "everything"
    count = len(notice.episodes)
    part = " in part" if notice.ranges else ""
    return f"1 episode{part}" if count == 1 else f"{count} episodes"


def _length(days: float | None) -> str:
    if days is None:
        return "not done"
    return f"{days:.1f} days" if days >= 1 else f"{days * 24:.1f} hours"


def _refusals(collection: Collection) -> Part:
    found = refusals(collection)
    rows = tuple((str(code), why, str(count)) for (code, why), count in sorted(found.items()))
    told = (f"Refused bundles: {sum(found.values())}. Nothing of them is used.",)
    return Part("Refusals", told, Grid(("code", "reason", "bundles"), rows))


def _accesses(collection: Collection) -> Part:
    found = access_counts(collection)
    rows = tuple((action, why, str(count)) for (action, why), count in sorted(found.items()))
    told = ("How often a bundle was opened or deleted; recorder collection access-log has each.",)
    return Part("Accesses", told, Grid(("action", "purpose", "times"), rows))


def _detector() -> Part:
    clean, by_kind = measured_recall()
    rows = tuple(_recall(one) for one in (clean, *by_kind))
    told = (
        f"Personal data and secrets are taken out before anything is stored, by recorder "
        f"{__version__} or the version that a recording names inside its seal. It misses some: "
        "these are the shares that it found, with their 95 % intervals, of made-up lines that "
        "were kept apart while the rules were written."
    )
    return Part("Redaction", (told,), Grid(("kind", "found", "interval", "cases"), rows))


def _recall(one: Measured) -> tuple[str, ...]:
    interval = f"{one.low:.1%} to {one.high:.1%}"
    return one.kind.lower().replace("_", " "), f"{one.share:.1%}", interval, str(one.cases)


def _data_map() -> list[Part]:
    return [
        Part(
            f"Data map: {table}",
            (f"Columns of the table {table} as it is shared; only approved rows are.",),
            Grid(
                ("column", "type", "what it holds"),
                tuple((one.name, one.kind, one.meaning.replace("`", "")) for one in columns),
            ),
        )
        for table, columns in data_map().items()
    ]
