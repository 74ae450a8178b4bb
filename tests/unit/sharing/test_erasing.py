"""Erasure notices: how they are asked for, packed, checked and answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recorder.consent.keys import SigningKey
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import ulid
from recorder.sharing.erasing import (
    Erasure,
    NoticeLost,
    Scope,
    ask_erasure,
    deliver_erasures,
    erasures,
    note_answers,
)
from recorder.sharing.erasure_notice import (
    CheckedNotice,
    NoticeRefused,
    ParticipantKeys,
    check_notice,
    pack,
)
from recorder.sharing.statements import ERASURE_TYPE, ErasureNotice, Receipt
from tests.unit.sharing.shared_study import STUDY, MadeStudy, Participant

EPISODE = ulid(1_795_000_000 * 10**9, b"e" * 10)


@pytest.fixture(scope="session")
def study() -> MadeStudy:
    return MadeStudy()


@pytest.fixture
def person(study: MadeStudy, tmp_path: Path) -> Participant:
    return Participant(tmp_path, study)


class Unreachable(RecorderError):
    def __init__(self) -> None:
        super().__init__("The drop is away", "plug it in", ExitCode.UNWRITABLE)


class Drops:
    """Drops in memory; those named in `away` cannot be reached."""

    def __init__(self) -> None:
        self.files: dict[tuple[str, str], bytes] = {}
        self.away: set[str] = set()

    def put(self, drop: str, path: str, data: bytes) -> None:
        if drop in self.away:
            raise Unreachable
        self.files[drop, path] = data


def asked(
    person: Participant, scope: Scope | None = None, key: SigningKey | None = None
) -> tuple[Erasure, bytes]:
    """Ask, deliver to one drop, and give what came there."""
    wish = ask_erasure(person.folder, person.asker, scope or Scope(), key or person.user, ["d"])
    drops = Drops()
    assert not deliver_erasures(person.folder, STUDY, drops.put)
    return wish, drops.files[
        "d", f"{STUDY}/erasures/{wish.notice.pseudonym}/{wish.notice.notice_id}.tar"
    ]


def checked(person: Participant, data: bytes) -> CheckedNotice:
    return check_notice(data, STUDY, [person.study.public])


@pytest.mark.parametrize(
    "scope", [Scope(), Scope((EPISODE,)), Scope((EPISODE,), ((5, 10), (20, 30)))]
)
def test_what_was_asked_arrives_as_it_was_signed(person: Participant, scope: Scope) -> None:
    wish, data = asked(person, scope)
    found = checked(person, data)
    assert found.keys == person.asker.keys
    assert found.notice == wish.notice
    assert (found.notice.episodes, found.notice.ranges) == (scope.episodes, scope.ranges)
    assert found.signed_by == "user"


def test_the_device_key_signs_only_after_a_withdrawal(person: Participant) -> None:
    _, before = asked(person, key=person.device)
    with pytest.raises(NoticeRefused) as refused:
        checked(person, before)
    assert refused.value.code == ExitCode.CONSENT_MISMATCH
    person.withdraw()
    _, after = asked(person, key=person.device)
    assert checked(person, after).signed_by == "device"


def test_after_joining_again_the_device_key_signs_no_longer(person: Participant) -> None:
    person.withdraw()
    person.agree()
    _, data = asked(person, key=person.device)
    with pytest.raises(NoticeRefused, match="nothing was withdrawn"):
        checked(person, data)


@pytest.mark.parametrize("mixed", [False, True])
def test_a_notice_in_the_name_of_somebody_else_is_refused_also_where_nothing_is_known(
    person: Participant, study: MadeStudy, tmp_path: Path, *, mixed: bool
) -> None:
    """`mixed`: It names the other's device key beside its sender's own user key."""
    other = Participant(tmp_path / "other", study)
    person.withdraw()
    mine = person.asker
    device = other.device.public.public if mixed else mine.keys.device_key
    keys = ParticipantKeys(mine.keys.user_key, device)
    forged = replace(mine, pseudonym=other.joined.pseudonym, keys=keys)
    ask_erasure(person.folder, forged, Scope(), person.user, ["d"])
    drops = Drops()
    deliver_erasures(person.folder, STUDY, drops.put)
    with pytest.raises(NoticeRefused, match="not those of its pseudonym") as refused:
        checked(person, next(iter(drops.files.values())))
    assert refused.value.code == ExitCode.SIGNATURE


@pytest.mark.parametrize(("which", "audience"), [("other-1", None), (STUDY, "0" * 64)])
def test_a_notice_for_somebody_else_is_refused(
    person: Participant, which: str, audience: str | None
) -> None:
    _, data = asked(person)
    with pytest.raises(NoticeRefused) as refused:
        check_notice(data, which, [audience or person.study.public])
    assert refused.value.code == ExitCode.AUDIENCE


def test_a_notice_cut_at_any_length_is_refused(person: Participant) -> None:
    _, data = asked(person)
    for length in (0, 1, 511, 512, 513, *range(600, len(data), 97), len(data) - 1):
        with pytest.raises(NoticeRefused):
            checked(person, data[:length])


def test_a_notice_with_a_byte_flipped_is_never_read_as_something_else(
    person: Participant,
) -> None:
    wish, data = asked(person)
    for at in range(0, len(data), 23):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        try:
            found = checked(person, changed)
        except NoticeRefused:
            continue
        assert found.notice == wish.notice  # the ledger beside it may differ; it was not needed


@pytest.mark.parametrize(
    "change",
    [
        lambda n: n.model_copy(update={"scope": "episodes"}),
        lambda n: n.model_copy(update={"episodes": (EPISODE,)}),
        lambda n: n.model_copy(update={"ranges": ((1, 2),)}),
        lambda n: n.model_copy(update={"created": "soon"}),
        lambda n: n.model_copy(
            update={"scope": "episodes", "episodes": (EPISODE,), "ranges": ((5, 5),)}
        ),
    ],
)
def test_a_scope_or_time_that_says_nothing_is_refused(
    person: Participant, change: Callable[[ErasureNotice], ErasureNotice]
) -> None:
    wish, _ = asked(person)
    data = pack(person.user.sign(change(wish.notice).payload(), ERASURE_TYPE), b"")
    with pytest.raises(NoticeRefused) as refused:
        checked(person, data)
    assert refused.value.code == ExitCode.FORMAT


def test_a_notice_waits_for_a_drop_that_is_away(person: Participant) -> None:
    wish = ask_erasure(person.folder, person.asker, Scope(), person.user, ["near", "far"])
    drops = Drops()
    drops.away = {"far"}
    kept = deliver_erasures(person.folder, STUDY, drops.put)
    assert [type(one) for one in kept[wish.notice.notice_id]] == [Unreachable]
    (left,) = erasures(person.folder, STUDY)
    assert left.undelivered == ("far",)
    drops.away = set()
    assert not deliver_erasures(person.folder, STUDY, drops.put)
    assert {drop for drop, _ in drops.files} == {"near", "far"}
    assert len(set(drops.files.values())) == 1
    assert not list(person.folder.rglob("*.tar"))


def test_a_notice_that_is_lost_before_it_went_is_said(person: Participant) -> None:
    wish = ask_erasure(person.folder, person.asker, Scope(), person.user, ["far"])
    next(person.folder.rglob("*.tar")).unlink()
    kept = deliver_erasures(person.folder, STUDY, Drops().put)
    assert [type(one) for one in kept[wish.notice.notice_id]] == [NoticeLost]


def test_an_answer_ends_the_waiting(person: Participant) -> None:
    wish, _ = asked(person)
    now = datetime.now(UTC)
    receipt = Receipt(
        receipt_id=EPISODE, study=STUDY, pseudonym=wish.notice.pseudonym,
        answers=wish.notice.notice_id, verdict="erased", code=0, removed_bundles=2,
        exports=("paper",), created=now.isoformat(timespec="seconds"),
    )  # fmt: skip
    late = now + timedelta(days=17, hours=1)
    (before,) = erasures(person.folder, STUDY)
    assert (before.overdue_days(now), before.overdue_days(late)) == (0, 3)
    (after,) = note_answers(person.folder, STUDY, [receipt])
    assert list(erasures(person.folder, STUDY)) == [after]
    assert (after.overdue_days(late), after.removed_bundles, after.exports) == (0, 2, ("paper",))
    other = receipt.model_copy(update={"answers": EPISODE, "removed_bundles": 7})
    assert note_answers(person.folder, STUDY, [other]) == [after]
