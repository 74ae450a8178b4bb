"""Which bundles a study has collected, as the checked answers that are kept here say."""

from collections.abc import Iterable
from pathlib import Path

from recorder.consent.studies import Joined, answered_keys
from recorder.sharing.rows import Whose, kept_rows
from recorder.sharing.shared import Shared
from recorder.sharing.statements import Receipt


def collected_by(folder: Path, whose: Whose) -> dict[str, str]:
    """Give when each bundle was collected, UTC, by its id.

    Only what was fetched before is looked at: `recorder trace` fetches.
    """
    return {
        row.answers: row.created
        for row in kept_rows(folder, whose).new
        if isinstance(row, Receipt) and row.verdict == "collected"
    }


def whose_of(joined: Joined, shared: Iterable[Shared]) -> Whose:
    """Give whose answers count: those that the study's controller signed for this person.

    `shared`: What is remembered of sharing with it, perhaps under an earlier pseudonym.
    """
    names = dict.fromkeys([joined.pseudonym, *(one.pseudonym for one in shared)])
    return Whose(joined.study, joined.pseudonym, answered_keys(joined.place), tuple(names)[1:])
