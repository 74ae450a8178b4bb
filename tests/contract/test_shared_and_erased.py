"""From sharing to erasing over a folder, by the commands of both sides."""

import io
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet as pq
import pyrage
import pytest

from recorder.cli import fast
from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.giving import Answer, give
from recorder.consent.keys import create_signing_keys
from recorder.consent.ledger import LedgerPlace
from recorder.consent.passphrase import Passphrase, unseal
from recorder.consent.studies import keep_signed
from recorder.core.events import EventRow, KeyClass, Kind
from recorder.core.levels import KeyboardLevel, Levels, TitlesLevel
from recorder.core.losses import Losses
from recorder.episodes import identity
from recorder.episodes.identity import owners
from recorder.places import places
from recorder.research import studies
from recorder.research.studies import Study
from tests.contract.commands import Run
from tests.contract.own_folder import WORD, shown
from tests.unit.episodes.studio import (
    SECOND,
    T0,
    Studio,
    add,
    focus,
    moves,
    opening,
    sign_as_device,
)
from tests.unit.sharing.shared_study import WallClock

WORDS = "correct horse\n"
STUDY = "typing-1"


_OPENED: dict[bytes, bytes] = {}


@pytest.fixture(autouse=True)
def opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open each key by its passphrase once: the two seconds that it takes are tested elsewhere."""

    def once(sealed: bytes, passphrase: Passphrase) -> bytes:
        if sealed not in _OPENED:
            _OPENED[sealed] = unseal(sealed, passphrase)
        return _OPENED[sealed]

    monkeypatch.setattr(studies, "unseal", once)
    monkeypatch.setattr(identity, "unseal", once)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test puts a study and a participant's folder, for the others to copy."""
    return tmp_path_factory.mktemp("made")


class Both:
    """A researcher with a study, a participant who joined it, and a folder between them."""

    def __init__(self, at: Path, run: Run, patch: pytest.MonkeyPatch) -> None:
        self.at, self._run, self._patch = at, run, patch
        self.words = at / "words"
        self.words.write_text(WORDS)
        self.words.chmod(0o600)
        self.drop, self.data, self.paper = at / "drop", at / "data", at / "paper"
        self.drop.mkdir()
        self.study_folder, self.folder = at / STUDY, at / "Recorder"
        self.study = ("--study", str(self.study_folder))

    def ok(self, *words: str, code: int = 0) -> dict[str, object]:
        """Run a command and give its answer."""
        got, told, said = self._run(*words)
        assert got == code, (words, got, told, said)
        return told

    def secret(self, *words: str, code: int = 0) -> dict[str, object]:
        return self.ok(*words, "--passphrase-file", str(self.words), code=code)

    def set_up(self, made: Path) -> None:
        if not (made / STUDY).exists():
            self.begin_study(made / STUDY)
            self.secret("init", "--folder", str(made / "Recorder"))
        shutil.copytree(made, self.at, dirs_exist_ok=True)
        pointer = places().folder_pointer
        pointer.parent.mkdir(parents=True, exist_ok=True)
        pointer.write_text(f"{self.folder}\n")
        self.join()

    def begin_study(self, folder: Path) -> None:
        where = ("--folder", str(folder))
        self.secret(
            "study", "init", "--id", STUDY, "--controller", "Lab", "--contact", "a@example.org",
            "--purpose", "learning", "--recipient", "research team", *where,
        )  # fmt: skip
        self.secret("study", "sign", *where)

    def join(self) -> None:
        """Agree as the pty tests do, without a terminal: those hold the conversation."""
        study = Study.open(self.study_folder)
        data = (self.study_folder / "notice.md").read_bytes()
        place = LedgerPlace(self.folder, places().state, STUDY)
        user = create_signing_keys(self.folder, owners(self.folder), STUDY)
        signature = (self.study_folder / "notice.md.dsse.json").read_bytes()
        keep_signed(place, data, signature)
        levels = Levels(keyboard=KeyboardLevel.TEXT, titles=TitlesLevel.TITLE)
        give(place, Answer(study.notice, data, levels, ("*",)), user, WallClock())

    def record(self) -> str:
        """Record a minute with a word in it, now."""
        sign_as_device(self.folder, self._patch)
        studio = Studio(self.folder)
        studio.recipients = owners(self.folder)
        writer = studio.begin()
        add(writer, context=[*opening(), focus(1)], events=[*moves(0, 9), *typed()])
        add(writer, frames=[shown(1, 1)])
        return writer.close(Losses()).name

    def share(self, *episodes: str) -> None:
        for one in episodes:
            self.secret("approve", one, "--study", STUDY, "--yes")
        self.secret("share", "--study", STUDY, "--to", str(self.drop), "--yes")

    def collect(self, code: int = 0) -> dict[str, object]:
        return self.secret(
            "collect", str(self.drop), "--into", str(self.data), "--study", str(self.study_folder),
            code=code,
        )  # fmt: skip

    def erase(self, code: int = 0) -> dict[str, object]:
        words = ("erase", str(self.data), "--study", str(self.study_folder), "--yes")
        return self.secret(*words, code=code)

    def trace(self) -> dict[str, Any]:
        (found,) = cast("list[dict[str, Any]]", self.ok("trace")["studies"])
        return found

    def dataset(self, *words: str, code: int = 0) -> dict[str, Any]:
        return self.secret(
            "dataset", "build", str(self.data), "--study", str(self.study_folder), "--name",
            "paper", "--out", str(self.paper), "--jobs", "1", *words, code=code,
        )  # fmt: skip

    def found(self, *places: Path) -> int:
        """Count the files in which the typed word is read, bundles opened and decoded."""
        key = Study.open(self.study_folder).unlock(Passphrase(WORDS.strip())).identity
        files = [path for place in places for path in place.rglob("*") if path.is_file()]
        told = [readable(path.read_bytes(), key) for path in files]
        return sum(any(WORD in text for text in one) for one in told)


def typed() -> list[EventRow]:
    return [
        EventRow(T0 + (70 + i) * SECOND // 10, Kind.KEY_DOWN, key=k, key_class=KeyClass.CHAR)
        for i, k in enumerate(WORD)
    ]


def readable(data: bytes, key: str) -> Iterator[str]:
    """Give what a file says: raw, and of a bundle every typed key."""
    yield data.decode("latin-1")
    if data.startswith(b"PAR1"):
        yield "".join(text or "" for text in pq.read_table(io.BytesIO(data))["text"].to_pylist())
    at = data.find(b"age-encryption.org/v1\n")
    if at < 0:
        return
    size = int(data[at - 512 : at][124:135], 8)
    plain = pyrage.decrypt(data[at : at + size], [pyrage.x25519.Identity.from_str(key)])
    with tarfile.open(fileobj=io.BytesIO(plain)) as outer:
        content = outer.extractfile("content.tar")
        assert content is not None
        with tarfile.open(fileobj=content) as inner:
            for name in inner.getnames():
                if name.startswith("events"):
                    file = inner.extractfile(name)
                    assert file is not None
                    keys = pq.read_table(io.BytesIO(file.read())).column("key").to_pylist()
                    yield "".join(key or "" for key in keys)


@pytest.fixture
def both(tmp_path: Path, made: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Both:
    found = Both(tmp_path, run, monkeypatch)
    found.set_up(made)
    return found


def test_what_was_shared_is_collected_erased_and_never_comes_back(
    both: Both, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = shared_and_used(both)
    copy = both.at / "copy"
    exported = ("dataset", "export", str(both.paper), "--to", str(copy), "--format", "openai")
    both.ok(*exported, "--collection", str(both.data))
    left_and_erased(both, copy, capsys)
    put_back_in_vain(both, kept)


def shared_and_used(both: Both) -> Path:
    """Share two recordings, use one; gives a copy of the drop with both."""
    first, second = both.record(), both.record()
    both.share(first)
    assert both.collect()["new"] == 1
    assert both.dataset("--dry-run")["episodes"] == 1
    assert not both.paper.exists()
    assert both.dataset()["participants_told"] == 1
    both.share(second)
    kept = shutil.copytree(both.drop, both.at / "kept")
    assert both.found(both.data, both.drop, both.paper) == 4
    assert [one["state"] for one in both.trace()["episodes"]] == ["collected", "shared"]
    both.erase()
    used, unused = both.trace()["episodes"]
    (use,) = used["uses"]
    assert (use["dataset"], use["recipient_role"]) == ("paper", "research team")
    assert use["delete_by"] > use["created"]
    assert unused["uses"] == []
    assert both.ok("verify", str(both.data), *both.study)["checked"] == 2
    assert both.ok("verify", str(next(kept.rglob("*.tar"))), *both.study)["ok"] is True
    return kept


def left_and_erased(both: Both, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Have everything erased; each side is told what went and what is left."""
    told = both.ok("consent", "withdraw", "--study", STUDY, "--erase", "all")
    assert (told["taken_back"], told["collected"], told["told"]) == (1, 1, True)
    assert cast("dict[str, object]", told["erasure"])["taken_back"] == 1
    assert [one["state"] for one in both.trace()["erasures"]] == ["open"]
    fast.run(["status"])
    assert "1 erasure is not confirmed" in capsys.readouterr().out
    planned = both.ok("erase", str(both.data), *both.study, "--dry-run")
    assert len(cast("list[Any]", planned["notices"])) == 1
    (done,) = cast("list[dict[str, Any]]", both.erase()["erased"])
    assert (len(done["bundles"]), done["shards"]) == (1, 1)
    assert (done["exports"], done["copies"]) == (["paper"], [f"openai copy in {copy}"])
    assert both.found(both.data, both.drop, both.paper) == 0
    traced = both.trace()
    assert {one["state"] for one in traced["episodes"]} == {"erased"}
    assert [(one["state"], one["removed_bundles"]) for one in traced["erasures"]] == [("done", 1)]
    fast.run(["status"])
    assert "erasure" not in capsys.readouterr().out


def put_back_in_vain(both: Both, kept: Path) -> None:
    """Put the old bundles into the drop again: they are refused, and nothing is built of them."""
    shutil.copytree(kept, both.drop, dirs_exist_ok=True)
    again = both.collect(8)
    refused = cast("list[Any]", again["refused"])
    assert (again["new"], again["already_there"], len(refused)) == (0, 1, 1)
    assert both.dataset()["steps"] == {"train": 0, "validation": 0, "test": 0}
    assert both.found(both.data, both.paper) == 0
    assert both.erase()["known"] == 1
    assert both.ok("verify", str(both.data), *both.study)["ok"] is True
    report = ("--collection", str(both.data), "--to", str(both.at / "report"))
    told = both.ok("report", "privacy", *both.study, *report)
    for path in map(Path, cast("list[str]", told["files"])):
        assert "Asked for: 1." in path.read_text()


def test_a_part_is_erased_and_the_rest_shared_again(both: Both) -> None:
    episode = both.record()
    both.share(episode)
    both.collect()
    both.secret("unshare", episode, "--range", "5s..", "--yes")
    both.erase()
    assert both.found(both.data, both.drop) == 0
    (wish,) = both.trace()["erasures"]
    assert (wish["state"], wish["removed_bundles"]) == ("done", 1)
    assert "may be shared again" in wish["reason"]


def test_a_notice_for_a_drop_that_is_away_is_kept_and_brought_later(both: Both) -> None:
    both.share(both.record())
    both.collect()
    both.drop.rename(both.at / "away")
    told = both.ok("consent", "withdraw", "--study", STUDY, "--erase", "all", code=8)
    assert cast("dict[str, object]", told["erasure"])["delivered"] is False
    (both.at / "away").rename(both.drop)
    assert [one["state"] for one in both.trace()["erasures"]] == ["open"]
    both.collect()
    assert both.found(both.data, both.drop) == 0
    assert [one["state"] for one in both.trace()["erasures"]] == ["done"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("unshare",), "Name the episodes, or --all"),
        (("unshare", "last", "--all"), "Name the episodes, or --all"),
        (("unshare", "--all", "--yes"), "Name the study"),
        (("unshare", "last", "--study", STUDY, "--yes"), "Nothing was shared under that id"),
        (("consent", "withdraw", "--erase", "all"), "--erase needs --study"),
        (("consent", "withdraw", "--study", STUDY, "--range", "1s.."), "--range needs --erase"),
    ],
)
def test_a_wish_that_makes_no_sense_is_one_sentence(
    tmp_path: Path, run: Run, words: tuple[str, ...], said: str
) -> None:
    make_folder(tmp_path / "Recorder", FolderFile(folder_id="0" * 26, plain=True, secret="none"))
    code, _, told = run(*words, "--folder", str(tmp_path / "Recorder"))
    assert code == 2
    assert said in told
