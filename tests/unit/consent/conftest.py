"""A folder with keys, a clock that obeys, and a person who said yes."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pyrage
import pytest

from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.gate import Gate, GateFiles
from recorder.consent.giving import Answer, give
from recorder.consent.keys import UserKey, create_signing_keys
from recorder.consent.ledger import LedgerPlace
from recorder.consent.notice import Notice, default_notice_file, parse_notice
from recorder.core.levels import Levels

DAY_NS = 86_400 * 1_000_000_000
START_NS = 1_795_000_000 * 1_000_000_000


@dataclass
class FakeClock:
    """Both times, moved by hand."""

    wall: int = START_NS
    monotonic: int = 5_000_000_000

    def monotonic_ns(self) -> int:
        return self.monotonic

    def wall_ns(self) -> int:
        return self.wall

    def pass_ns(self, ns: int) -> None:
        self.wall += ns
        self.monotonic += ns


@dataclass
class Person:
    """Folder, keys and files of somebody who may say yes."""

    home: Path
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.folder = self.home / "Recorder"
        self.state = self.home / "state"
        self.notice_file = self.home / "notice.md"
        self.policy_file = self.home / "policy.toml"
        self.notice_file.write_bytes(default_notice_file().read_bytes())
        make_folder(self.folder, FolderFile(folder_id="0" * 26, plain=False, secret="passphrase"))
        self.identity = pyrage.x25519.Identity.generate()
        self.key: UserKey = create_signing_keys(self.folder, [str(self.identity.to_public())])
        self.place = LedgerPlace(self.folder, self.state)

    def gate(self) -> Gate:
        files = GateFiles(notice=self.notice_file, policy=self.policy_file)
        return Gate(self.folder, self.state, self.clock, files)

    def answer(self, levels: Levels | None = None) -> Answer:
        data = self.notice_file.read_bytes()
        return Answer(_parsed(data), data, levels or Levels(), ("*",))

    def says_yes(self, levels: Levels | None = None) -> str:
        return give(self.place, self.answer(levels), self.key, self.clock)


@cache
def _parsed(data: bytes) -> Notice:
    return parse_notice(data)


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)
