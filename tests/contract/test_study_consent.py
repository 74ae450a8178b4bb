"""A study from its folder to a person's yes and back, at the real commands."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from recorder.cli.system_clock import SystemClock
from recorder.consent.errors import NoConsent
from recorder.consent.folder import FolderFile, make_folder, remember_folder
from recorder.consent.gate import Gate
from recorder.consent.keys import create_signing_keys
from recorder.consent.notice import parse_notice
from recorder.consent.passphrase import Passphrase
from recorder.episodes.identity import create_identity, owners
from recorder.places import places
from recorder.research.collection import Collection, utc_now
from recorder.research.new_study import create_study
from recorder.research.notice_text import StudyWish
from recorder.research.studies import Study
from tests.contract.commands import Run
from tests.pty_driver import PtyDriver

RECORDER = str(Path(sys.executable).parent / "recorder")
PASSPHRASE = "correct horse battery"
WISH = StudyWish(
    "typing-1", "Example Lab", "lab@example.org", ("Study typing.",), ("The lab",),
    apps=("gedit", "xterm"), retention_days=90,
)  # fmt: skip


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study's folder with a signed notice, made once."""
    folder = tmp_path_factory.mktemp("study") / "typing-1"
    study = create_study(folder, WISH, Passphrase(PASSPHRASE), "2026-11-22T08:00:00+00:00")
    study.sign_notice(study.unlock(Passphrase(PASSPHRASE)))
    return folder


@pytest.fixture
def notice(signed: Path, tmp_path: Path) -> Path:
    """What a participant gets: the notice, its signature beside it."""
    for path in signed.glob("notice.md*"):
        shutil.copy(path, tmp_path)
    return tmp_path / "notice.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recordings' folder under a passphrase, made once."""
    folder = tmp_path_factory.mktemp("made") / "Recorder"
    make_folder(folder, FolderFile(folder_id="0" * 26, plain=False, secret="passphrase"))
    create_identity(folder, Passphrase(PASSPHRASE))
    create_signing_keys(folder, owners(folder))
    return folder


@pytest.fixture
def folder(made: Path, own_home: Path) -> Path:
    """The recordings' folder of this test's person."""
    shutil.copytree(made, own_home / "Recorder")
    remember_folder(places(), own_home / "Recorder")
    return own_home / "Recorder"


def knows(person: PtyDriver, question: str, right: str) -> None:
    """Type the number of the right answer, wherever it stands."""
    shown = person.expect(question)
    numbered = re.findall(r"(?m)^  (\d)  (.*)$", shown)[-3:]
    person.send(next(number for number, answer in numbered if answer.startswith(right)))


def joins(person: PtyDriver) -> None:
    """Answer everything up to the passphrase."""
    person.answer("Share keys?", "text")
    person.answer("Share screen?", "layout")
    for stream in ("pointer", "window names", "targets"):
        person.answer(f"Share {stream}?")
    person.answer("Share from which?", "1")
    knows(person, "Who can read what you send?", "The lab")
    knows(person, "How long is what you send kept?", "90 days")
    knows(person, "How do you end your yes?", "recorder consent withdraw --study typing-1")
    person.answer("type these words: I share with typing-1", "I share with typing-1")


def test_joining_a_study_and_leaving_it(folder: Path, notice: Path, run: Run) -> None:
    with PtyDriver([RECORDER, "consent", "give", "--notice", str(notice)]) as person:
        joins(person)
        person.answer("Passphrase of your recordings:", PASSPHRASE)
        assert person.wait() == 0
        assert "This starts no recording" in person.output
        assert PASSPHRASE not in person.output

    code, shown, _ = run("consent", "show", "--study", "typing-1")
    assert code == 0
    assert (shown["controller"], shown["apps"]) == ("Example Lab", ["gedit"])
    assert shown["levels"]["keyboard"] == "text"
    assert shown["levels"]["pointer"] == "off"
    assert re.fullmatch("p[0-9a-f]{32}", shown["pseudonym"])
    assert run("consent", "verify", "--study", "typing-1")[0] == 0
    assert run("consent", "show")[0] == 20
    left = subprocess.run(
        [RECORDER, "consent", "withdraw"], capture_output=True, text=True, check=False
    )
    assert "still share what you approve with the study typing-1" in left.stderr
    with pytest.raises(NoConsent):
        Gate(folder, places().state, SystemClock()).open()

    code, done, _ = run("consent", "withdraw", "--study", "typing-1")
    assert (code, done["withdrawn"], done["study"]) == (0, True, "typing-1")
    assert run("consent", "show", "--study", "typing-1")[0] == 20
    entries = run("consent", "history", "--study", "typing-1")[1]["entries"]
    assert [entry["state"] for entry in entries] == ["given", "withdrawn"]
    assert run("consent", "withdraw", "--study", "typing-2")[0] == 20


def test_leaving_at_the_passphrase_joins_nothing(folder: Path, notice: Path, run: Run) -> None:
    with PtyDriver([RECORDER, "consent", "give", "--notice", str(notice)]) as person:
        joins(person)
        person.answer("Passphrase of your recordings:", "wrong wrong")
        person.expect("That is not it.")
        person.expect("Passphrase of your recordings:")
        person.press(b"\x04")
        assert person.wait() == 130
    assert run("consent", "show", "--study", "typing-1")[0] == 20
    assert not (folder / "keys" / "studies").exists()


def test_a_wrong_answer_shows_the_passage_and_three_join_nothing(
    folder: Path, notice: Path, run: Run
) -> None:
    with PtyDriver([RECORDER, "consent", "give", "--notice", str(notice)]) as person:
        person.answer("Share keys?", "yes")
        for stream in ("screen", "pointer", "window names", "targets"):
            person.answer(f"Share {stream}?")
        person.answer("Share from which?", "1 2")
        for _ in range(3):
            person.answer("Who can read what you send?", "no idea")
            person.expect("What you send is locked to their keys before it leaves.")
        assert person.wait() == 20
        assert "You did not agree" in person.output
    assert run("consent", "show", "--study", "typing-1")[0] == 20


def test_only_a_person_at_a_terminal_joins(folder: Path, notice: Path) -> None:
    done = subprocess.run(
        [RECORDER, "consent", "give", "--notice", str(notice)],
        input="yes\n" * 20, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 20
    assert "Only a person at a terminal" in done.stderr


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [("changed", 31, "changed after"), ("unsigned", 31, "is not beside the notice"),
     ("missing", 30, "cannot be read"), ("other", 31, "none of the controller's keys")],
)  # fmt: skip
def test_a_notice_that_is_not_the_studys_is_never_shown(
    folder: Path, notice: Path, what: str, code: int, said: str
) -> None:
    signature = notice.with_name("notice.md.dsse.json")
    if what == "changed":
        notice.write_text(notice.read_text().replace("90 days", "9 days"))
    elif what == "unsigned":
        signature.unlink()
    elif what == "missing":
        notice.unlink()
    else:
        key = parse_notice(notice.read_bytes()).terms.controller.keys[0]
        notice.write_text(notice.read_text().replace(key, "ab" * 32))
    with PtyDriver([RECORDER, "consent", "give", "--notice", str(notice)]) as person:
        assert person.wait() == code
        assert said in person.output
        assert "Share" not in person.output


def test_a_study_is_set_up_at_a_terminal(own_home: Path, tmp_path: Path, run: Run) -> None:
    with PtyDriver([RECORDER, "study", "init"], cwd=tmp_path) as person:
        person.answer("Id of the study", "typing-1")
        person.answer("Who decides about the recordings?", "Example Lab")
        person.answer("Where do participants ask?", "lab@example.org")
        person.answer("What are they for?", "Study typing.")
        person.answer("Who gets them?", "The lab")
        person.answer("Passphrase", PASSPHRASE)
        person.answer("The same again:", PASSPHRASE)
        assert person.wait() == 0
        assert PASSPHRASE not in person.output
    folder = tmp_path / "typing-1"
    assert Study.open(folder).problems(Study.open(folder).draft()) == ()
    where = ("--folder", str(folder))
    assert run("study", "lint", *where)[0] == 0
    assert run("study", "status", *where)[1]["notice"] == "unsigned"
    with PtyDriver([RECORDER, "study", "sign", *where]) as person:
        person.answer("Passphrase of the study typing-1:", PASSPHRASE)
        assert person.wait() == 0
        assert "Give participants notice.md, notice.md.dsse.json, README.md" in person.output
    assert run("study", "status", *where)[1]["notice"] == "signed"
    assert run("study", "init", "--id", "typing-1", *where)[0] == 10


def status_of(run: Run, folder: Path) -> dict[str, Any]:
    code, told, _ = run("study", "status", "--folder", str(folder))
    assert code == 0
    return told


def test_an_edited_notice_is_told_and_a_bad_one_not_signed(
    signed: Path, tmp_path: Path, run: Run
) -> None:
    folder = tmp_path / "typing-1"
    shutil.copytree(signed, folder)
    assert status_of(run, folder)["notice"] == "signed"
    text = (folder / "notice.md").read_text()
    (folder / "notice.md").write_text(text.replace("lawful_basis: consent", "lawful_basis: other"))
    told = status_of(run, folder)
    assert (told["notice"], told["version"], len(told["notices"])) == ("edited", "1.0", 1)
    code, found, _ = run("study", "lint", "--folder", str(folder))
    assert code == 9
    assert any("lawful_basis" in problem for problem in found["problems"])
    code, _, said = run("study", "sign", "--folder", str(folder))
    assert code == 9
    assert "Passphrase" not in said


def test_a_status_counts_the_studys_own_collection_only(
    signed: Path, tmp_path: Path, run: Run
) -> None:
    for study in ("typing-1", "typing-2"):
        Collection.create(tmp_path / study, study, utc_now())
    asked = ("study", "status", "--folder", str(signed), "--collection")
    code, told, _ = run(*asked, str(tmp_path / "typing-1"))
    assert (code, told["collection"]["participants"], told["collection"]["next_end"]) == (
        0,
        0,
        None,
    )
    assert run(*asked, str(tmp_path / "typing-2"))[0] == 2
    assert run(*asked, str(tmp_path))[0] == 10


def test_without_a_terminal_the_missing_flag_is_named(tmp_path: Path, run: Run) -> None:
    code, told, _ = run("study", "init", "--id", "typing-1", "--folder", str(tmp_path / "s"))
    assert (code, told["fix"]) == (2, "add --controller")
    assert run("study", "status", "--folder", str(tmp_path))[0] == 10
    assert run("study", "init", "--id", "Not An Id")[0] == 30
