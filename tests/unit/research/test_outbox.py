"""Answers are delivered side by side, each alone, once."""

import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recorder.consent.keys import ControllerKey
from recorder.core.each_alone import EachAlone
from recorder.research.collection import Collection, utc_now
from recorder.research.outbox import Delivery, deliver, post
from recorder.sharing.drop_errors import DropUnreachable
from recorder.sharing.drops import Sent
from recorder.sharing.folder_drop import FolderDrop
from recorder.sharing.statements import RECEIPT_TYPE, Receipt

STUDY = "typing-1"
PEOPLE = [f"p{number:032x}" for number in range(4)]
DEADLINE_S = 20
KEY = ControllerKey(Ed25519PrivateKey.generate())


@pytest.fixture
def mine(tmp_path: Path) -> Collection:
    found = Collection.create(tmp_path / "collection", STUDY, utc_now())
    for number in range(12):
        post(found, "receipts", PEOPLE[number % 4], f"{number:026d}", signed(number))
    return found


def signed(number: int) -> bytes:
    """Give an answer to the participant whose turn it is, under an id that tells the number."""
    receipt = Receipt(
        receipt_id=f"{number:026d}", study=STUDY, pseudonym=PEOPLE[number % 4], answers=f"{0:026d}",
        verdict="collected", code=0, created="2026-11-22T00:00:00+00:00",
    )  # fmt: skip
    return KEY.sign(receipt.payload(), RECEIPT_TYPE)


class Drop(FolderDrop):
    """A folder that waits for others, or refuses."""

    def __init__(self, root: Path, at_once: int = 1) -> None:
        root.mkdir()
        super().__init__(root)
        self._met = threading.Barrier(at_once)
        self.refuses: list[str] = []
        self.tried: list[str] = []

    def put(self, name: str, source: Path | bytes, sent: Sent | None = None) -> bool:
        self.tried.append(name)
        self._met.wait(DEADLINE_S)
        if any(one in name for one in self.refuses):
            raise DropUnreachable(self.url, "it does not answer")
        return super().put(name, source, sent)


def files(place: Path) -> list[str]:
    return sorted(path.name for path in place.rglob("*.json"))


def test_twelve_answers_are_on_their_way_at_once(mine: Collection, tmp_path: Path) -> None:
    drop, failed = Drop(tmp_path / "drop", 12), EachAlone()
    assert deliver(mine, [drop], failed) == Delivery(12, 0)
    assert failed.failed == []
    assert files(tmp_path / "drop") == files(mine.folder / "sent")
    assert files(mine.folder / "outbox") == []
    assert deliver(mine, [drop], failed) == Delivery(0, 0)


def test_what_a_killed_run_had_delivered_is_delivered_once(
    mine: Collection, tmp_path: Path
) -> None:
    drop = Drop(tmp_path / "drop")
    name = f"{STUDY}/receipts/{PEOPLE[0]}/{0:026d}.dsse.json"
    drop.put(name, signed(0))
    assert deliver(mine, [drop], EachAlone()) == Delivery(12, 0)
    assert len(files(tmp_path / "drop")) == 12


def test_an_answer_that_fails_keeps_no_other(mine: Collection, tmp_path: Path) -> None:
    drop, failed = Drop(tmp_path / "drop"), EachAlone()
    taken = f"{STUDY}/receipts/{PEOPLE[1]}/{1:026d}.dsse.json"
    FolderDrop(tmp_path / "drop").put(taken, b"of another")
    drop.refuses = [f"/{2:026d}."]
    assert deliver(mine, [drop], failed) == Delivery(10, 2)
    assert len(failed.failed) == 2
    assert any(f"{1:026d}" in name for name, _ in failed.failed)
    assert (tmp_path / "drop" / taken).read_bytes() == b"of another"


def test_a_drop_that_takes_nothing_is_not_tried_for_every_answer(
    mine: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recorder.research.outbox._SIDE_BY_SIDE", 1)
    drop, failed = Drop(tmp_path / "drop"), EachAlone()
    drop.refuses = [STUDY]
    assert deliver(mine, [drop], failed) == Delivery(0, 12)
    assert len(drop.tried) == 3


def test_a_participant_whose_file_is_damaged_keeps_no_other(
    mine: Collection, tmp_path: Path
) -> None:
    (mine.folder / "participants" / PEOPLE[0] / "drop.txt").mkdir(parents=True)
    failed = EachAlone()
    assert deliver(mine, [Drop(tmp_path / "drop")], failed) == Delivery(9, 3)
    assert all(PEOPLE[0] in name for name, _ in failed.failed)
