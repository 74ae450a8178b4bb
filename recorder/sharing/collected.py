"""Which bundles a study has collected, as the checked answers that are kept here say."""

from pathlib import Path

from recorder.consent.errors import ConsentUntrusted
from recorder.consent.studies import StudyUnknown
from recorder.sharing.known_as import known_as
from recorder.sharing.rows import Whose, kept_rows
from recorder.sharing.shared import SharedFolder
from recorder.sharing.statements import Receipt


def whose_answers(memory: SharedFolder, state: Path) -> Whose | None:
    """Give whose answers count in a study; None where nobody can tell."""
    try:
        return known_as(memory.folder, state, memory.study, list(memory.all())).whose
    except (StudyUnknown, ConsentUntrusted):
        return None


def collected_by(memory: SharedFolder, state: Path) -> dict[str, str]:
    """Give when each bundle was collected, UTC, by its id.

    Only what was fetched before is looked at: `recorder trace` fetches.
    """
    whose = whose_answers(memory, state)
    if whose is None:
        return {}
    return {
        row.answers: row.created
        for row in kept_rows(memory.folder, whose).new
        if isinstance(row, Receipt) and row.verdict == "collected"
    }
