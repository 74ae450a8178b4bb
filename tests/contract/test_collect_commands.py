"""`recorder collect` and `recorder collection`, as a researcher types them."""

import errno
import os
from pathlib import Path

import pytest

from recorder.cli import collect as command
from recorder.cli.study_opening import name_failures
from recorder.consent.keys import public_file
from recorder.consent.notice_signature import NOTICE_SIGNATURE_TYPE, NoticeSignature
from recorder.core.errors import ExitCode
from recorder.research.collection import Collection
from recorder.research.studies import StudyFile, StudySecrets
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.drops import open_drop
from tests.contract.commands import ran_json
from tests.contract.stores import BUCKET, s3_server
from tests.unit.research.bundles import Content, Lab, as_controller, bundle
from tests.unit.sharing.joining import Person, Study, make_person, make_study


def study_folder(at: Path, study: Study) -> Path:
    """Give the folder of a signed study; its secret keys stay in memory."""
    notice, keys = study.notice, at / "keys"
    keys.mkdir(parents=True)
    (at / "approved").mkdir()
    marks = StudyFile(id=notice.terms.id, created="2026-11-01T00:00:00+00:00")
    (at / "study.json").write_text(marks.model_dump_json(by_alias=True))
    (keys / "signing.pub").write_bytes(public_file(study.key.public))
    (keys / "decryption.pub").write_text("age1unused\n")
    told = NoticeSignature(study=notice.terms.id, notice_sha256=notice.sha256)
    signature = study.key.sign(told.payload(), NOTICE_SIGNATURE_TYPE) + b"\n"
    for path in (at / "notice.md", at / "approved" / f"{notice.sha256}.md"):
        path.write_bytes(study.text)
        path.with_name(f"{path.name}.dsse.json").write_bytes(signature)
    return at


class Desk:
    """A researcher's commands on one study; its passphrase was typed before."""

    def __init__(
        self, at: Path, patch: pytest.MonkeyPatch, out: pytest.CaptureFixture[str]
    ) -> None:
        self._patch, self._out = patch, out
        study = make_study()
        self.lab = Lab.make(at, study)
        self.study = study_folder(at / "study", study)
        self.data = at / "data"
        secrets = StudySecrets(as_controller(study), study.identity)
        patch.setattr(command, "unlock_study", lambda *_: secrets)
        (at / "person").mkdir()
        self.person: Person = make_person(at / "person")
        self.joined = self.person.join(study)

    def run(self, *words: str) -> tuple[int, dict[str, object], str]:
        return ran_json(self._patch, self._out, *words)

    def collect(self, *words: str) -> tuple[int, dict[str, object], str]:
        mine = ("--into", str(self.data), "--study", str(self.study), "--jobs", "1")
        return self.run("collect", str(self.lab.drop), *mine, *words)


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    return Desk(tmp_path, monkeypatch, capsys)


def test_a_study_is_collected_listed_checked_and_its_log_read(desk: Desk) -> None:
    told = [desk.lab.share(desk.person, desk.joined) for _ in range(2)]
    code, found, _ = desk.collect("--dry-run")
    assert (code, found["new"], found["dry_run"]) == (0, 2, True)
    assert not desk.data.exists()
    code, found, _ = desk.collect()
    assert (code, found["new"], found["answers_sent"]) == (0, 2, 2)
    desk.lab.share(desk.person, desk.joined, Content(index={"grant": "demo"}))
    code, found, _ = desk.collect()
    assert (code, found["already_there"]) == (ExitCode.WARNINGS, 2)
    assert found["refused"] == [
        {"code": 33, "reason": "it is a demonstration, to which nobody consented", "count": 1}
    ]
    code, found, _ = desk.run("collection", "list", str(desk.data))
    bundles = found["bundles"]
    assert isinstance(bundles, list)
    assert {row["bundle_id"] for row in bundles} == {one.bundle_id for one in told}
    code, found, _ = desk.run("collection", "access-log", str(desk.data))
    rows = found["rows"]
    assert isinstance(rows, list)
    assert [row["action"] for row in rows] == ["decrypt"] * 3
    code, found, _ = desk.run("collection", "verify", str(desk.data), "--study", str(desk.study))
    assert (code, found["checked"], found["ok"]) == (0, 2, True)


def test_a_full_disk_is_one_sentence_and_the_next_run_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.lab.share(desk.person, desk.joined)

    def full(*_: object) -> bool:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "add", full)
        code, _, err = desk.collect()
    assert code == ExitCode.UNWRITABLE
    assert "no space left" in err
    code, found, _ = desk.collect()
    assert (code, found["new"]) == (0, 1)


def test_what_stands_in_the_way_is_one_sentence_with_its_code(desk: Desk) -> None:
    desk.collect()
    with desk.lab.collection.held():
        pass
    mine = ("--into", str(desk.lab.root / "collection"), "--study", str(desk.study))
    with desk.lab.collection.held():
        code, _, err = desk.run("collect", str(desk.lab.drop), *mine)
    assert code == ExitCode.FOLDER_HELD
    assert err.count("\n") == 1
    code, _, _ = desk.run("collect", str(desk.lab.root / "nowhere"), *mine)
    assert code == ExitCode.UNWRITABLE
    code, _, _ = desk.run("collection", "list", str(desk.study))
    assert code == ExitCode.NO_FOLDER
    (desk.data / "collection.json").write_text("{}")
    code, _, _ = desk.run("collection", "list", str(desk.data))
    assert code == ExitCode.CHECKS_FAILED


def test_a_store_is_collected_from_and_answered_into(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server() as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        where = f"s3://{BUCKET}/lab"
        store = open_drop(where)
        data, manifest = bundle(desk.person, desk.joined, Content())
        words = (desk.lab.name, manifest.pseudonym, manifest.bundle_id)
        store.put(drop_path("bundles", *words), data)
        code, found, _ = desk.run(
            "collect", where, "--into", str(desk.data), "--study", str(desk.study)
        )
        assert (code, found["new"], found["answers_sent"]) == (0, 1, 1)
        assert len(list(store.names(f"{desk.lab.name}/receipts/{manifest.pseudonym}"))) == 1
    kept = [path.read_bytes() for path in desk.data.rglob("*") if path.is_file()]
    assert not any(b"made-up" in data for data in kept)
    code, found, err = desk.run(
        "collect", where, "--into", str(desk.data), "--study", str(desk.study)
    )
    assert code == ExitCode.UNWRITABLE
    assert found["failed"]
    assert "made-up" not in err


def test_a_damaged_record_is_named_by_every_command_and_the_rest_goes_on(
    desk: Desk, tmp_path: Path
) -> None:
    for _ in range(2):
        desk.lab.share(desk.person, desk.joined)
    desk.collect()
    path = next(Collection.open(desk.data).paths())
    path.with_suffix(".json").write_text("{}")
    study = ("--study", str(desk.study))
    desk.lab.share(desk.person, desk.joined)
    report = ("--collection", str(desk.data), "--to", str(tmp_path / "report"))
    status = ("--folder", str(desk.study), "--collection", str(desk.data))
    for words in (
        ("collect", str(desk.lab.drop), "--into", str(desk.data), *study),
        ("collection", "list", str(desk.data)),
        ("study", "status", *status),
        ("report", "privacy", *study, *report),
        ("erase", str(desk.data), "--dry-run", *study),
    ):
        code, found, err = desk.run(*words)
        assert code == ExitCode.CHECKS_FAILED, (words, found, err)
        assert str(path.with_suffix(".json")) in err
        assert "put it back from a backup" in err
    code, found, _ = desk.run("collection", "verify", str(desk.data), *study)
    assert (code, found["checked"]) == (ExitCode.HASH, 3)
    assert path.name in str(found["faults"])


def test_what_is_left_for_its_size_is_told_with_the_option_that_takes_it(desk: Desk) -> None:
    desk.lab.share(desk.person, desk.joined)
    code, found, _ = desk.collect("--max-bundle", "1kB")
    assert (code, found["new"]) == (ExitCode.WARNINGS, 0)
    assert "--max-bundle" in str(found["left"])
    code, _, err = desk.collect("--max-bundle", "plenty")
    assert (code, "500MB or 2GB" in err) == (ExitCode.USAGE, True)
    code, found, _ = desk.collect("--max-bundle", "3 MB")
    assert (code, found["new"]) == (0, 1)


def test_a_refusal_is_told_once_and_judged_anew_when_asked(desk: Desk) -> None:
    desk.lab.share(desk.person, desk.joined, Content(index={"grant": "demo"}))
    assert desk.collect()[0] == ExitCode.WARNINGS
    code, found, _ = desk.collect()
    assert (code, found["refused"]) == (0, [])
    assert "demonstration" in str(found["refused_before"])
    code, found, _ = desk.collect("--again")
    assert (code, found["refused_before"]) == (ExitCode.WARNINGS, [])


def test_of_many_failures_the_first_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    name_failures({f"name {number}": "it is away" for number in range(30)})
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "name 0: it is away"
    assert lines[-1] == "and 10 more; --json names them all"
    assert len(lines) == 21
