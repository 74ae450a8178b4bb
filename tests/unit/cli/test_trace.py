"""What `recorder trace` tells of what was shared, and what it brings to the drops."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from recorder.cli import trace as tracing
from recorder.cli.settling import settle
from recorder.cli.trace import Traced, trace, trace_study
from recorder.consent.keys import SigningKey
from recorder.consent.studies import keep_signed
from recorder.core.ids import ulid
from recorder.places import places
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.drops import open_drop
from recorder.sharing.erasing import Erasure, Scope, ask_erasure, erasures
from recorder.sharing.erasure_notice import check_notice
from recorder.sharing.rows import Limits, fetch_rows
from recorder.sharing.shared import Shared, SharedFolder
from recorder.sharing.statements import RECEIPT_TYPE, USE_TYPE, Receipt, Use
from tests.unit.sharing.shared_study import STUDY, MadeStudy, Participant

FIRST, SECOND = (ulid(1_795_000_000 * 10**9 + n * 10**9, b"e" * 10) for n in range(2))
WHEN = "2026-11-22T08:00:00+00:00"


@pytest.fixture(scope="session")
def study() -> MadeStudy:
    return MadeStudy()


class Case:
    """Somebody who shared two episodes with a drop, where the study answers."""

    def __init__(self, home: Path, study: MadeStudy) -> None:
        self.drop = home / "drop"
        self.drop.mkdir()
        self.study, self.numbers = study, 0
        self.person = Participant(home, study, places().state)
        self.first, self.second = (self.shared(home / "b.tar", one) for one in (FIRST, SECOND))

    @property
    def folder(self) -> Path:
        return self.person.folder

    def shared(self, path: Path, episode_id: str) -> Shared:
        manifest = self.person.bundle(path, episode_id)
        one = Shared(
            bundle_id=manifest.bundle_id, episode_id=episode_id, study=STUDY,
            pseudonym=manifest.pseudonym, manifest=manifest, content_sha256="0" * 64,
            bundle_bytes=1, minutes=1, drop=str(self.drop), state="sent", made=WHEN, sent=WHEN,
        )  # fmt: skip
        memory = SharedFolder(self.folder, STUDY)
        memory.make()
        memory.keep(one)
        return one

    def answer(self, answers: str, key: SigningKey | None = None, **change: object) -> None:
        told = Receipt(
            receipt_id=self._id(), study=STUDY, pseudonym=self.first.pseudonym, answers=answers,
            verdict="collected", code=0, created=datetime.now(UTC).isoformat(timespec="seconds"),
        ).model_copy(update=change)  # fmt: skip
        self._put(
            "receipts", told.receipt_id, (key or self.study.key).sign(told.payload(), RECEIPT_TYPE)
        )

    def use(self, *bundles: str) -> None:
        told = Use(
            use_id=self._id(), study=STUDY, pseudonym=self.first.pseudonym, dataset="paper",
            purpose="learning", recipient_role="research team", bundles=bundles,
            delete_by="2027-01-01T00:00:00+00:00", created=WHEN,
        )  # fmt: skip
        self._put("uses", told.use_id, self.study.key.sign(told.payload(), USE_TYPE))

    def ask(self, *episodes: str) -> Erasure:
        scope = Scope(tuple(episodes))
        person = self.person
        return ask_erasure(self.folder, person.asker, scope, person.user, [str(self.drop)])

    def told(self, now: datetime | None = None) -> str:
        return tracing._told([trace_study(self.folder, STUDY)], now or datetime.now(UTC))

    def _id(self) -> str:
        self.numbers += 1
        return ulid(self.numbers * 10**9, b"r" * 10)

    def _put(self, kind: str, name: str, data: bytes) -> None:
        path = self.drop / STUDY / kind / self.first.pseudonym / f"{name}.dsse.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@pytest.fixture
def case(tmp_path: Path, study: MadeStudy) -> Case:
    return Case(tmp_path, study)


def test_each_episode_is_told_with_its_answer_and_uses(case: Case) -> None:
    case.answer(case.first.bundle_id)
    case.use(case.first.bundle_id)
    case.answer(case.second.bundle_id, verdict="refused", code=33, reason="the consent expired")
    told = case.told()
    assert f"{FIRST}  shared 2026-11-22  collected" in told
    assert "used 2026-11-22 in paper, by research team, for learning; goes by 2027-01-01" in told
    assert "(33): the consent expired" in told


def test_a_forged_answer_changes_nothing_and_is_named(case: Case) -> None:
    case.answer(case.first.bundle_id, case.person.user)
    told = case.told()
    assert f"{FIRST}  shared 2026-11-22  shared" in told
    assert "Left out: " in told
    assert "is not signed by the study's controller" in told


def test_only_some_of_many_forged_answers_are_named(case: Case) -> None:
    for _ in range(tracing._MOST_NAMED + 3):
        case.answer(case.first.bundle_id, case.person.user)
    told = case.told()
    assert told.count("is not signed by the study's controller") == tracing._MOST_NAMED
    assert "Left out: 3 more" in told


def test_answers_signed_before_the_study_changed_its_key_still_count(case: Case) -> None:
    before = case.study
    case.answer(case.first.bundle_id, before.key)
    case.person.study = case.study = MadeStudy()
    case.person.agree()
    case.answer(case.second.bundle_id, case.study.key)
    found = trace_study(case.folder, STUDY)
    assert {one.state for one in found.bundles} == {"collected"}
    assert found.left_out == {}
    stranger = MadeStudy()
    case.answer(case.second.bundle_id, stranger.key, verdict="expired")
    assert list(trace_study(case.folder, STUDY).left_out.values()) == [
        "is not signed by the study's controller"
    ]


def test_answers_that_were_not_looked_at_are_counted(
    case: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch = partial(fetch_rows, limits=Limits(looked_at=1))
    monkeypatch.setattr(tracing, "fetch_rows", fetch)
    for _ in range(3):
        case.answer(case.first.bundle_id)
    assert trace(folder=case.folder) == 8
    assert "2 answers in the drop left for the next time" in capsys.readouterr().err


@pytest.mark.parametrize("shared_before", [True, False])
def test_a_chain_that_is_damaged_hides_no_answer_and_says_what_to_do(
    case: Case, capsys: pytest.CaptureFixture[str], *, shared_before: bool
) -> None:
    """`shared_before`: What was shared is still remembered; if not, the keys tell who it was."""
    person, study = case.person, case.study
    keep_signed(person.place, study.notice_bytes, study.signature)
    wish = case.ask()
    case.answer(wish.notice.notice_id, verdict="erased")
    if not shared_before:
        for path in SharedFolder(case.folder, STUDY).path.glob("*.json"):
            path.unlink()
    person.place.ledger.write_bytes(b"{}\n")
    assert trace(folder=case.folder) == 8
    said = capsys.readouterr()
    assert f"where you are {wish.notice.pseudonym}" in said.out
    assert "Erase everything" in said.out
    assert ": done " in said.out
    assert "--study typing-1 --erase all" in said.err
    assert "consent give --notice" in said.err


def test_an_erasure_is_open_then_late_then_done(case: Case) -> None:
    wish = case.ask(FIRST)
    now = datetime.now(UTC)
    assert f"Erase {FIRST}, asked {wish.notice.created[:10]}: open, 13 days left" in case.told(now)
    assert "3 days overdue" in case.told(now + timedelta(days=17, hours=1))
    case.answer(wish.notice.notice_id, verdict="erased", removed_bundles=1, exports=("thesis",))
    told = case.told(now + timedelta(days=17, hours=1))
    assert "1 recording went; handed on before: thesis" in told
    states = {one.episode_id: one.state for one in trace_study(case.folder, STUDY).bundles}
    assert states == {FIRST: "erased", SECOND: "shared"}


def test_what_is_shared_after_everything_was_erased_is_not_called_erased(
    case: Case, tmp_path: Path
) -> None:
    wish = case.ask()
    case.answer(wish.notice.notice_id, verdict="erased", removed_bundles=2)
    later = case.shared(tmp_path / "c.tar", FIRST)
    created = (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="seconds")
    manifest = later.manifest.model_copy(update={"created": created})
    SharedFolder(case.folder, STUDY).keep(later.model_copy(update={"manifest": manifest}))
    states = [one.state for one in trace_study(case.folder, STUDY).bundles]
    assert sorted(states) == ["erased", "erased", "shared"]


def test_uses_of_what_is_not_remembered_here_are_told(case: Case) -> None:
    case.use(ulid(0, b"x" * 10))
    assert "Not remembered here: used 2026-11-22 in paper" in case.told()


def test_sharing_brings_what_waited(case: Case) -> None:
    wish = case.ask(FIRST)
    assert settle(case.folder, STUDY) == {}
    assert list(case.drop.glob(f"{STUDY}/erasures/*/{wish.notice.notice_id}.tar"))
    assert [one.undelivered for one in erasures(case.folder, STUDY)] == [()]


def test_a_drop_that_is_away_is_said_and_the_rest_is_shown(
    case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case.answer(case.first.bundle_id)
    found: Traced = trace_study(case.folder, STUDY)
    assert found.unreached == {}
    case.drop.rename(tmp_path / "away")
    case.ask(SECOND)
    assert trace(folder=case.folder) == 8
    said = capsys.readouterr()
    assert f"{FIRST}  shared 2026-11-22  collected" in said.out
    assert "not delivered, 13 days left" in said.out
    assert "this may be old" in said.err


def test_nothing_shared_is_a_sentence(
    tmp_path: Path, study: MadeStudy, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trace(folder=Participant(tmp_path, study).folder) == 0
    assert capsys.readouterr().out == "Nothing was shared.\n"


def test_who_takes_the_place_of_a_notice_does_not_keep_it_out(case: Case) -> None:
    wish = case.ask(FIRST)
    name = drop_path("erasures", STUDY, wish.notice.pseudonym, wish.notice.notice_id)
    drop = open_drop(case.drop)
    assert drop.put(name, b"of somebody else")
    assert settle(case.folder, STUDY) == {}
    (other,) = (one for one in drop.names(f"{STUDY}/erasures") if one != name)
    assert check_notice(drop.read(other, 10**6), STUDY, [case.study.public]).notice == wish.notice
    assert [one.undelivered for one in erasures(case.folder, STUDY)] == [()]
