"""A study's folder: keys under a passphrase, notices that count, nothing half signed."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest

from recorder.consent.keys import KeyUnusable
from recorder.consent.lint import lint
from recorder.consent.notice import NoticeInvalid, parse_notice
from recorder.consent.passphrase import Passphrase, WrongPassphrase
from recorder.consent.recipients import sealed_to
from recorder.files import write_whole
from recorder.research import studies
from recorder.research.new_study import create_study
from recorder.research.notice_text import StudyWish, draft_notice, participants_readme
from recorder.research.studies import (
    NoticeUnfit,
    NoticeUnsigned,
    Study,
    StudySecrets,
    StudyUnusable,
)
from tests import light_seal

WORDS = Passphrase("correct horse battery")
WISH = StudyWish(
    "example-study", "Example University, Computing Lab", "study@lab.example.org",
    ("Train a computer helper to fill in forms.",),
    ("The study team of the Computing Lab", "Readers of the paper, who get counts only"),
    apps=("libreoffice", "chromium:*.example.org"), retention_days=180,
)  # fmt: skip
EXAMPLE = Path(__file__).parents[3] / "config" / "example-study.md"
MADE = "2026-11-22T08:00:00+00:00"


@pytest.fixture(scope="module", autouse=True)
def light_passphrases() -> Iterator[None]:
    """Seal with a light scrypt; see tests.light_seal."""
    with light_seal.used():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StudySecrets]:
    """A study with real keys, made and unlocked once; tests get copies."""
    folder = tmp_path_factory.mktemp("made") / "study"
    study = create_study(folder, WISH, WORDS, MADE)
    return folder, study.unlock(WORDS)


@pytest.fixture
def study(made: tuple[Path, StudySecrets], tmp_path: Path) -> Study:
    shutil.copytree(made[0], tmp_path / "study")
    return Study.open(tmp_path / "study")


@pytest.fixture
def secrets(made: tuple[Path, StudySecrets]) -> StudySecrets:
    return made[1]


def edit(study: Study, old: str, new: str) -> None:
    path = study.folder / "notice.md"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_new_study_is_unsigned_and_its_draft_has_no_problems(study: Study) -> None:
    assert study.problems(study.draft()) == ()
    assert study.notices() == {}
    with pytest.raises(NoticeUnsigned):
        _ = study.terms
    assert (study.id, study.created) == (WISH.id, MADE)


def test_the_passphrase_opens_a_pair_that_fits(study: Study, secrets: StudySecrets) -> None:
    assert secrets.sign.public.public == study.audience
    public = str(pyrage.x25519.Identity.from_str(secrets.identity).to_public())
    assert sealed_to(study.draft().terms) == (public,)
    assert secrets.identity not in repr(secrets)
    with pytest.raises(WrongPassphrase):
        study.unlock(Passphrase("something else"))


def test_what_is_secret_is_readable_by_its_owner_only_and_sealed(study: Study) -> None:
    for path in (study.folder / "keys").iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert b"PRIVATE" not in path.read_bytes()
        assert b"AGE-SECRET" not in path.read_bytes()


def test_a_signed_notice_counts_and_still_counts_after_the_next(
    study: Study, secrets: StudySecrets
) -> None:
    first = study.sign_notice(secrets)
    assert study.terms.version == "1.0"
    edit(study, "version: '1.0'", "version: '1.1'")
    assert study.notice == first
    second = study.sign_notice(secrets)
    assert study.notice == second
    assert set(study.notices()) == {first.sha256, second.sha256}
    study.sign_notice(secrets)
    assert len(study.notices()) == 2


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [("employment_effect: none", "employment_effect: less pay", "employment_effect"),
     ("id: example-study", "id: another", "but the study's is example-study"),
     ("drop: null", "drop: s3://key:word@bucket/x", "drop holds"),
     ("drop: null", "drop: s3://bucket/x?secret_key=abc", "drop holds"),
     ("## How to stop", "## How to go on", "How to stop")],
)  # fmt: skip
def test_a_notice_with_problems_is_not_signed(
    study: Study, secrets: StudySecrets, old: str, new: str, problem: str
) -> None:
    edit(study, old, new)
    with pytest.raises(NoticeUnfit, match=problem):
        study.sign_notice(secrets)
    assert not list(study.folder.glob("*.dsse.json"))


def test_a_notice_without_the_studys_keys_is_not_signed(
    study: Study, secrets: StudySecrets
) -> None:
    other = pyrage.x25519.Identity.generate().to_public()
    edit(study, study.sealing, str(other))
    edit(study, study.audience, "ab" * 32)
    with pytest.raises(NoticeUnfit) as caught:
        study.sign_notice(secrets)
    assert "signing key" in caught.value.message
    assert "could be opened" in caught.value.message


def test_another_text_needs_another_version(study: Study, secrets: StudySecrets) -> None:
    study.sign_notice(secrets)
    edit(study, "180", "90")
    with pytest.raises(NoticeUnfit, match="raise it"):
        study.sign_notice(secrets)
    assert study.terms.retention_days == 180


@pytest.mark.parametrize("what", ["changed", "unsigned", "renamed", "foreign"])
def test_a_notice_that_counts_must_be_as_it_was_signed(
    study: Study, secrets: StudySecrets, tmp_path: Path, what: str
) -> None:
    kept = study.folder / "approved" / f"{study.sign_notice(secrets).sha256}.md"
    signature = kept.with_name(kept.name + ".dsse.json")
    if what == "changed":
        kept.write_bytes(kept.read_bytes().replace(b"180", b"181"))
    elif what == "unsigned":
        signature.unlink()
    elif what == "renamed":
        kept.rename(kept.with_name("a.md"))
        signature.rename(kept.with_name("a.md.dsse.json"))
    else:
        (study.folder / "keys" / "signing.pub").write_text(
            (study.folder / "keys" / "signing.pub").read_text().replace(study.audience, "ab" * 32)
        )
    with pytest.raises(StudyUnusable):
        Study.open(study.folder).notices()


def test_a_signature_of_no_kept_notice_is_damage(study: Study, secrets: StudySecrets) -> None:
    study.sign_notice(secrets)
    (study.folder / "notice.md.dsse.json").write_text("{}")
    with pytest.raises(StudyUnusable):
        _ = study.notice


@pytest.mark.parametrize("name", ["study.json", "keys/decryption.pub"])
def test_a_folder_without_its_marks_is_no_study(study: Study, name: str) -> None:
    (study.folder / name).unlink()
    with pytest.raises(StudyUnusable, match="there is none"):
        Study.open(study.folder)


def test_damaged_marks_and_keys_are_named(study: Study) -> None:
    (study.folder / "keys" / "signing.pub").write_text("{}")
    with pytest.raises(KeyUnusable, match=r"signing\.pub"):
        Study.open(study.folder)
    (study.folder / "study.json").write_text('{"schema": "recorder.study/2"}')
    with pytest.raises(StudyUnusable, match="damaged"):
        Study.open(study.folder)
    (study.folder / "keys" / "decryption.key.age").unlink()
    with pytest.raises(StudyUnusable, match=r"decryption\.key\.age"):
        study.unlock(WORDS)


def test_a_signing_key_of_another_study_is_refused(
    study: Study, secrets: StudySecrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studies, "unseal", lambda *_: secrets.identity.encode())
    other = replace(study, signing=study.signing.model_copy(update={"public": "ab" * 32}))
    with pytest.raises(StudyUnusable, match="not a pair"):
        other.unlock(WORDS)
    write_whole(study.folder / "keys" / "signing.key.age", b"damaged")
    with pytest.raises(KeyUnusable):
        study.unlock(WORDS)


def test_a_study_is_made_in_a_free_folder_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StudyUnusable, match="not empty"):
        create_study(tmp_path, WISH, WORDS, MADE)
    with pytest.raises(StudyUnusable, match="not empty"):
        create_study(tmp_path / "file", WISH, WORDS, MADE)
    with pytest.raises(NoticeInvalid, match="its id"):
        create_study(tmp_path / "new", replace(WISH, id="own"), WORDS, MADE)
    assert not (tmp_path / "new").exists()


def test_the_example_is_what_a_new_study_begins_with() -> None:
    example = parse_notice(EXAMPLE.read_bytes())
    keys = example.terms.controller.keys[0], sealed_to(example.terms)[0]
    assert draft_notice(WISH, *keys) == EXAMPLE.read_bytes()
    assert lint(example).problems == ()


def test_participants_are_told_the_exact_commands() -> None:
    told = participants_readme("typing-1", "phone 1", None).decode()
    assert "recorder consent give --notice notice.md\n" in told
    assert "recorder share --study typing-1 --to FOLDER-OR-URL\n" in told
    assert (
        "recorder share --study typing-1\n" in participants_readme("typing-1", "p", "/d").decode()
    )
