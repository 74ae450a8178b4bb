"""Pipes, links and giants where files should be: refused at once, never waited for."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from recorder.cli.ending import end_consent
from recorder.consent import ledger
from recorder.consent.errors import ConsentUntrusted, PolicyForbids
from recorder.consent.folder import FolderReadOnly, FolderUnusable, folder_marks
from recorder.consent.keys import KeyUnusable, load_device_key
from recorder.consent.last_seen import last_seen_ns
from recorder.core.errors import RecorderError
from recorder.episodes.identity import owners, unlock
from tests.unit.consent.conftest import Person


def _pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path, 0o600)


def _endless(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to("/dev/zero")


def _giant(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


@pytest.mark.parametrize("plant", [_pipe, _endless, _giant])
@pytest.mark.parametrize(
    "name", ["consent/ledger.jsonl", "keys/user.pub", "keys/device.pub", "notice", "policy", "head"]
)
def test_the_gate_refuses_at_once_what_is_no_plain_file(
    person: Person, plant: Callable[[Path], None], name: str
) -> None:
    person.says_yes()
    gate = person.gate()
    grant = gate.open()
    named = {
        "notice": person.notice_file,
        "policy": person.policy_file,
        "head": next((person.state / "heads").iterdir()),
    }
    plant(named.get(name, person.folder / name))
    with pytest.raises((ConsentUntrusted, PolicyForbids)):
        person.gate().open()
    if name != "head":
        with pytest.raises((ConsentUntrusted, PolicyForbids)):
            gate.renew(grant)


@pytest.mark.parametrize("plant", [_pipe, _endless, _giant])
def test_keys_and_marks_that_are_no_plain_files_are_said(
    person: Person, plant: Callable[[Path], None]
) -> None:
    keys = person.folder / "keys"
    for name in ("device.key", "recipients.txt", "identity.age"):
        plant(keys / name)
    with pytest.raises(KeyUnusable):
        load_device_key(person.folder)
    with pytest.raises(FolderUnusable):
        owners(person.folder)
    with pytest.raises(RecorderError):
        unlock(person.folder, "passphrase")
    plant(person.folder / "recorder-folder.json")
    with pytest.raises(FolderUnusable):
        folder_marks(person.folder)
    seen = person.state / "seen" / "own.ns"
    seen.parent.mkdir(parents=True, exist_ok=True)
    plant(seen)
    assert last_seen_ns(person.place) == 0


def test_a_ledger_that_another_program_holds_does_not_hold_up_a_withdrawal(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.says_yes()
    monkeypatch.setattr(ledger, "LOCK_S", 0.05)
    holder = os.open(person.place.ledger.parent, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(FolderReadOnly, match="another program holds the ledger"):
        end_consent(person.place)
    os.close(holder)
    with pytest.raises(ConsentUntrusted):
        person.gate().open()


def test_a_withdrawal_holds_when_the_folder_comes_back(person: Person) -> None:
    person.says_yes()
    away = person.home / "away"
    person.folder.rename(away)
    assert end_consent(person.place).how == "no folder"
    away.rename(person.folder)
    with pytest.raises(ConsentUntrusted):
        person.gate().open()


def test_a_withdrawal_holds_when_key_and_ledger_come_back_from_a_backup(person: Person) -> None:
    person.says_yes()
    key, lines = person.folder / "keys" / "user.pub", person.place.ledger.read_bytes()
    good = key.read_bytes()
    key.write_bytes(b"damaged")
    assert end_consent(person.place).how == "set aside"
    key.write_bytes(good)
    person.place.ledger.write_bytes(lines)
    with pytest.raises(ConsentUntrusted):
        person.gate().open()


def test_a_withdrawal_holds_where_nothing_can_be_set_aside(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.says_yes()
    good = person.place.ledger.read_bytes()
    person.place.ledger.write_bytes(good[:-9])

    def refuse(_from: Path, _to: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(FolderReadOnly, match="permission denied"):
            end_consent(person.place)
    person.place.ledger.write_bytes(good)
    with pytest.raises(ConsentUntrusted):
        person.gate().open()
