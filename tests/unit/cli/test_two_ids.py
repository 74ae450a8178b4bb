"""An episode has an id of its own in a study: the person sees theirs, the study gets its own."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from recorder.cli import erase_shared, output, trace
from recorder.cli.erase_shared import Wish
from recorder.cli.erase_told import asked_payload, asked_told
from recorder.core.ids import ulid
from recorder.places import places
from recorder.sharing.drops import open_drop
from recorder.sharing.erasure_notice import check_notice
from recorder.sharing.shared import Shared, SharedFolder
from recorder.sharing.statements import RECEIPT_TYPE, ErasureNotice, Receipt
from tests.unit.sharing.shared_study import OWNER, STUDY, MadeStudy, Participant

OWN, OTHER = (ulid(1_795_000_000 * 10**9, bytes([n] * 10)) for n in (1, 2))
AT_THE_STUDY = ulid(1_794_960_000 * 10**9, b"s" * 10)


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Participant:
    """Make one who shared an episode, whose study knows it by another id."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(erase_shared, "unlock_folder", lambda *_: str(OWNER))
    (tmp_path / "drop").mkdir()
    found = Participant(tmp_path, MadeStudy(), places().state)
    memory = SharedFolder(found.folder, STUDY)
    memory.make()
    for own, theirs in ((OTHER, OTHER), (OWN, AT_THE_STUDY)):
        manifest = found.bundle(tmp_path / "bundle", theirs)
        memory.keep(
            Shared(
                bundle_id=manifest.bundle_id, episode_id=own, study=STUDY, manifest=manifest,
                pseudonym=manifest.pseudonym, content_sha256="0" * 64, bundle_bytes=1, minutes=1,
                drop=str(tmp_path / "drop"), state="sent", made=datetime.now(UTC).isoformat(),
            )
        )  # fmt: skip
    return found


def _asked(person: Participant, *ids: str, spans: tuple[str, ...] = ()) -> tuple[Any, Any]:
    wish = Wish(STUDY, ids, spans)
    done = erase_shared.erase_shared(person.folder, wish, None)
    return asked_payload(wish.study, done), asked_told(wish.study, done)


def _delivered(person: Participant) -> ErasureNotice:
    drop = open_drop(person.folder.parent / "drop")
    (name,) = drop.names(f"{STUDY}/erasures")
    data = drop.read(name, 10**6)
    return check_notice(data, STUDY, [person.study.public]).notice


@pytest.mark.parametrize("wanted", [OWN, AT_THE_STUDY, "last"])
def test_the_study_is_asked_by_the_id_that_it_knows(person: Participant, wanted: str) -> None:
    told, said = _asked(person, wanted, spans=("5s..10s",))
    notice = _delivered(person)
    assert (notice.scope, notice.episodes) == ("episodes", (AT_THE_STUDY,))
    assert OWN not in notice.model_dump_json()
    assert (told["episodes"], told["study_episodes"]) == ([OWN], [AT_THE_STUDY])
    assert OWN in said
    assert AT_THE_STUDY not in said


def test_trace_shows_both_ids_and_which_one_went(
    person: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    _asked(person, OWN)
    notice = _delivered(person)
    receipt = Receipt(
        receipt_id=ulid(1_795_000_001 * 10**9, b"r" * 10), study=STUDY,
        pseudonym=notice.pseudonym, answers=notice.notice_id, verdict="erased", code=0,
        removed_bundles=1, created=datetime.now(UTC).isoformat(),
    )  # fmt: skip
    drop = open_drop(person.folder.parent / "drop")
    name = f"{STUDY}/receipts/{notice.pseudonym}/{receipt.receipt_id}.dsse.json"
    drop.put(name, person.study.key.sign(receipt.payload(), RECEIPT_TYPE))
    answers: list[tuple[dict[str, Any], str]] = []
    monkeypatch.setattr(trace, "own_folder", lambda _: person.folder)
    monkeypatch.setattr(
        output, "emit", lambda _name, told, _json, human: answers.append((told, human()))
    )
    trace.trace()
    told, said = answers[0]
    (study,) = cast("list[dict[str, Any]]", told["studies"])
    ids = [(one["episode_id"], one["study_episode_id"], one["state"]) for one in study["episodes"]]
    assert ids == [
        (OTHER, OTHER, "shared"),
        (OWN, AT_THE_STUDY, "erased"),
    ]
    (wish,) = study["erasures"]
    assert (wish["episodes"], wish["study_episodes"]) == ([OWN], [AT_THE_STUDY])
    assert f"the study calls it {AT_THE_STUDY}" in said
    assert f"Erase {OWN}, asked" in said


def test_an_id_that_is_not_remembered_is_told_as_the_study_has_it(person: Participant) -> None:
    _asked(person, OWN)
    memory = SharedFolder(person.folder, STUDY)
    for one in list(memory.all())[1:]:
        (memory.path / f"{one.bundle_id}.json").unlink()
    found = trace.trace_study(person.folder, STUDY)
    assert [found.own_ids(wish) for wish in found.wishes] == [[AT_THE_STUDY]]
