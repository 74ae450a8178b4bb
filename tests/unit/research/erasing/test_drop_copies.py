"""Sealed copies in drops go when their participant had them erased, and no others."""

import pytest

from recorder.core.each_alone import EachAlone
from recorder.research.drop_copies import remove_copies
from recorder.research.erasing import erase_for
from recorder.sharing.drop_errors import DropUnreachable
from recorder.sharing.erasing import Scope
from recorder.sharing.folder_drop import FolderDrop
from tests.unit.research.erasing.lab import FIRST, SECOND, Lab, notice
from tests.unit.sharing.shared_study import STUDY, Participant


def test_copies_in_other_drops_and_of_what_was_never_collected_go(
    lab: Lab, person: Participant, other: Participant
) -> None:
    gone, kept = lab.hold(person, FIRST), lab.hold(person, SECOND)
    theirs = lab.hold(other, FIRST)
    copies = [lab.hand_over(one) for one in (gone, kept, theirs)]
    never = lab.home / "never.tar"
    again = person.bundle(never, FIRST)
    name = f"{STUDY}/bundles/{again.pseudonym}/{again.bundle_id}.tar"
    lab.drop.put(name, never)
    lab.drop.put(name.replace(again.bundle_id, "odd"), b"no bundle")
    erase_for(lab.office, notice(person, Scope((FIRST,))), None)
    failed = EachAlone()
    assert remove_copies(lab.collection, lab.drop, failed) == 2
    assert failed.failed == []
    assert [path.exists() for path in copies] == [False, True, True]
    assert not (lab.drop_folder / name).exists()
    assert remove_copies(lab.collection, lab.drop, failed) == 0


def test_a_stranger_cannot_have_anothers_copy_taken_for_erased(
    lab: Lab, person: Participant, other: Participant
) -> None:
    lab.hold(person, FIRST)
    erase_for(lab.office, notice(person, Scope((FIRST,))), None)
    strange = lab.home / "strange.tar"
    told = other.bundle(strange, FIRST)
    name = f"{STUDY}/bundles/{person.joined.pseudonym}/{told.bundle_id}.tar"
    lab.drop.put(name, strange)
    assert remove_copies(lab.collection, lab.drop, EachAlone()) == 0
    assert (lab.drop_folder / name).exists()


def test_a_copy_that_may_not_be_deleted_is_told_to_both(
    lab: Lab, person: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = lab.hand_over(lab.hold(person, FIRST))

    def denied(_drop: FolderDrop, _name: str) -> bool:
        raise DropUnreachable("d", "access denied")

    with monkeypatch.context() as patch:
        patch.setattr(FolderDrop, "remove", denied)
        done = lab.erase(person)
    assert done.left_in_drop == (str(copy.relative_to(lab.drop_folder)),)
    assert done.receipt is not None
    assert "copy is left" in done.receipt.reason
    assert lab.held == []
    assert remove_copies(lab.collection, lab.drop, EachAlone()) == 1
    assert not copy.exists()
