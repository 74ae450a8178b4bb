"""Totals count what is held, whose time is over, and which erasures wait for an answer."""

from datetime import timedelta

from recorder.consent.studies import Joined
from recorder.core.each_alone import EachAlone
from recorder.research.erasing import ERASURES, AppliedErasure
from recorder.research.totals import Totals, totals
from recorder.sharing.statements import ErasureNotice
from tests.unit.research.bundles import AT, SECOND, Lab, new_id
from tests.unit.sharing.joining import Person

_KEPT = timedelta(days=30)


def count(lab: Lab, later: timedelta = timedelta()) -> Totals:
    notice = lab.study.notice
    return totals(lab.collection, {notice.sha256: notice}, AT + later, EachAlone())


def test_an_empty_collection_amounts_to_nothing(lab: Lab) -> None:
    assert count(lab) == Totals(0, 0, 0, 0, 0, 0, 0, 0, 0, None)


def test_sessions_people_and_time_are_counted_until_they_are_due(
    lab: Lab, person: Person, joined: Joined
) -> None:
    for _ in range(2):
        lab.share(person, joined)
    lab.collect()
    size_bytes = sum(one.path.stat().st_size for one in lab.collection.bundles())
    assert count(lab) == Totals(1, 0, 2, 10 * SECOND, size_bytes, 0, 0, 0, 2, AT + _KEPT)
    late = count(lab, _KEPT)
    assert (late.expired, late.soon, late.next_end) == (2, 0, None)


def test_an_erasure_is_open_until_it_is_answered(lab: Lab, joined: Joined) -> None:
    user, device = joined.public_keys()
    notice = ErasureNotice(
        notice_id=new_id(), study=lab.name, pseudonym=joined.pseudonym, audience="ab" * 32,
        user_key=user.public, device_key=device.public, scope="all", ledger_head="ab" * 32,
        created=AT.isoformat(),
    )  # fmt: skip
    place = lab.collection.folder / ERASURES / joined.pseudonym
    place.mkdir(parents=True)
    begun = AppliedErasure(notice=notice, arrived=AT.isoformat())
    (place / f"{notice.notice_id}.json").write_text(begun.model_dump_json(by_alias=True))
    assert (count(lab).erasures, count(lab).erasures_open) == (0, 1)
