"""Sealed copies in a drop of what participants had erased: found by their names, else looked into.

A copy that was never collected is known by what its participant signed at its front.
"""

from io import BytesIO

from recorder.core.each_alone import EachAlone
from recorder.core.ids import ulid_wall_ns
from recorder.research.collection import Collection
from recorder.research.participants import Erased, Participant, moment
from recorder.research.quarantine import shown
from recorder.research.sources import Candidate, noting
from recorder.sharing.bundle_gate import FRONT_BYTES, Refused, manifest_in
from recorder.sharing.drops import Drop


def remove_copies(
    collection: Collection, drop: Drop, left: EachAlone, pseudonym: str | None = None
) -> int:
    """Take out of a drop what was erased, of one participant or of all; gives how many went.

    `left`: Notes each copy that could not be looked into or taken out.

    Raises:
        DropUnreachable: The drop cannot be used.
    """
    people: dict[str, Participant] = {}
    removed = 0
    below = f"{collection.study}/bundles" + (f"/{pseudonym}" if pseudonym else "")
    for name in list(drop.names(below, noting(left))):
        found = Candidate(name, drop)
        person = people.setdefault(found.key[0], collection.participant(found.key[0]))
        with left.trying(shown(name)):
            if found.bundle_id and _is_erased(collection, person, found):
                removed += drop.remove(name)
    return removed


def _is_erased(collection: Collection, person: Participant, found: Candidate) -> bool:
    """Tell whether a copy is of what its participant had erased."""
    erased, drop = person.erased, found.drop
    if erased == Erased() or drop is None:
        return False
    if collection.why_gone(*found.key) == "erased":
        return True
    everything = erased.everything
    if everything and ulid_wall_ns(found.bundle_id) <= moment(everything).timestamp() * 1e9:
        return True
    try:
        told = manifest_in(BytesIO(drop.head(found.name, FRONT_BYTES)))
    except Refused:
        return False
    return told.pseudonym == found.key[0] and erased.covers(told.episode_id, told.created)
