"""What is too large is left in its drop and told; the rest is collected."""

import errno
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from recorder.consent.studies import Joined
from recorder.core.errors import ExitCode
from recorder.research.quarantine import quarantined
from recorder.research.room import SPARE_BYTES, NoRoom, Room, TooLarge
from recorder.research.sources import Candidate
from tests.unit.research.bundles import Content, Lab, bundle
from tests.unit.sharing.joining import Person


def two(lab: Lab, person: Person, joined: Joined) -> int:
    """Put a large file and a good bundle there; gives the size of the good one."""
    data, manifest = bundle(person, joined, Content())
    lab.put(data + bytes(100_000), manifest)
    good, manifest = bundle(person, joined, Content())
    lab.put(good, manifest)
    return len(good)


def with_free(patch: pytest.MonkeyPatch, free: int) -> None:
    patch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))


def test_a_bundle_larger_than_is_taken_is_left_and_named_with_the_fix(
    lab: Lab, person: Person, joined: Joined
) -> None:
    size_bytes = two(lab, person, joined)
    report = lab.collect(most_bytes=size_bytes + 5000)
    assert report.tally.states == {"left": 1, "new": 1}
    ((code, reason),) = report.tally.left
    assert (code, report.code) == (ExitCode.WARNINGS, ExitCode.WARNINGS)
    assert "--max-bundle" in reason
    assert not list(quarantined(lab.collection.folder))


def test_a_bundle_larger_than_the_free_disk_is_left_and_the_rest_goes_on(
    lab: Lab, person: Person, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    size_bytes = two(lab, person, joined)
    with_free(monkeypatch, SPARE_BYTES + size_bytes + 5000)
    report = lab.collect()
    assert report.tally.states == {"left": 1, "new": 1}
    assert report.code is ExitCode.UNWRITABLE
    assert "make room there" in next(iter(report.tally.left))[1]


def test_a_disk_that_fills_on_the_way_leaves_that_bundle_only(
    lab: Lab, person: Person, joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (lab.share(person, joined) for _ in range(2))
    real = Candidate.fetch

    def full(candidate: Candidate, path: Path, most_bytes: int) -> None:
        if first.bundle_id in candidate.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(candidate, path, most_bytes)

    monkeypatch.setattr(Candidate, "fetch", full)
    assert lab.collect().tally.states == {"left": 1, "new": 1}
    assert [one.bundle_id for one in lab.collection.bundles()] == [second.bundle_id]


def test_what_is_fetched_side_by_side_shares_the_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_free(monkeypatch, SPARE_BYTES + 100)
    room = Room(tmp_path, 80)
    with pytest.raises(TooLarge), room.taken(81):
        pass
    with room.taken(60):
        with pytest.raises(NoRoom), room.taken(60):
            pass
        with room.taken(40):
            pass
    with room.taken(80):
        pass


def test_a_file_that_grows_while_it_is_fetched_is_not_fetched_further(
    lab: Lab, person: Person, joined: Joined
) -> None:
    told = lab.share(person, joined)
    path = next(lab.drop.rglob(f"{told.bundle_id}.tar"))
    (candidate,) = [Candidate(str(path), None)]
    seen = candidate.look()
    with path.open("ab") as file:
        file.write(bytes(1000))
    with pytest.raises(Exception, match="larger than it may be"):
        candidate.fetch(lab.root / "copy", seen.size_bytes)
    assert not (lab.root / "copy").exists()
