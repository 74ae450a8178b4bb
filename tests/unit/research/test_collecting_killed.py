"""A collection that is killed at any change: the next run ends with the same."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from recorder.consent.studies import Joined
from recorder.research import collection as collections
from recorder.research import outbox, participants, quarantine
from tests.unit.research.bundles import Content, Lab, files, in_order, new_id
from tests.unit.sharing.joining import Person


class Killed(BaseException):
    """Stands for SIGKILL."""


def dying(patch: pytest.MonkeyPatch, after: int) -> Iterator[None]:
    """Let the nth change of a file be the last."""
    left = iter(range(after))

    def guarded(real: object) -> object:
        def act(*words: object, **named: object) -> object:
            is_inner = str(words[0]).endswith(".tmp")  # part of another change
            if not is_inner and next(left, None) is None:
                raise Killed
            return real(*words, **named)  # type: ignore[operator]  # a function

        return act

    for module in (collections, outbox, participants, quarantine):
        patch.setattr(module, "write_whole", guarded(module.write_whole))
    for name in ("replace", "unlink", "rename"):
        patch.setattr(Path, name, guarded(getattr(Path, name)))
    yield


def test_killed_at_any_change_the_next_run_ends_with_the_same(
    lab: Lab, person: Person, joined: Joined, tmp_path: Path
) -> None:
    episode, ids = new_id(), in_order()
    lab.share(person, joined, Content(episode, next(ids)))
    lab.collect()
    second = lab.share(person, joined, Content(episode, next(ids)))
    start = tmp_path / "start"
    shutil.copytree(lab.root / "collection", start)
    shutil.copytree(lab.drop, tmp_path / "drop-before")
    lab.collect()
    wanted = files(lab.root / "collection")
    for after in range(100):
        shutil.rmtree(lab.root / "collection")
        shutil.copytree(start, lab.root / "collection")
        shutil.rmtree(lab.drop)
        shutil.copytree(tmp_path / "drop-before", lab.drop)
        with pytest.MonkeyPatch.context() as patch:
            next(dying(patch, after))
            try:
                lab.collect()
            except Killed:
                pass
            else:
                break
        lab.collect()
        assert _without_times(files(lab.root / "collection")) == _without_times(wanted), after
        assert [one.bundle_id for one in lab.collection.bundles()] == [second.bundle_id]
    assert after > 9


def _without_times(found: dict[str, bytes]) -> dict[str, bytes]:
    """Give files without receipts' own times and what a killed writer left."""
    return {
        name: b"" if "receipts" in name else data
        for name, data in found.items()
        if not name.endswith(".tmp")
    }
