"""Decisions while the page is locked: nothing of them in the clear, and all of them back."""

import threading

import pyrage
import pytest

from recorder.core.geometry import Rect
from recorder.episodes.selection import Selection, TimeRange, TypedSegment
from recorder.review.changes import Change, Changes
from recorder.review.decisions import (
    Act,
    Approve,
    DeleteEpisode,
    DeleteEverything,
    DeletePart,
    PaintOut,
    Relabel,
)
from recorder.review.put_away import sealed, unsealed
from recorder.review.vault import Locked

WORD = "Zanzibar"
ACTS: tuple[Act, ...] = (
    DeleteEverything(), DeleteEpisode(), DeletePart(Selection(url_host="mail.example", alike=True)),
    DeletePart(Selection(ranges=(TimeRange(1, 2), TimeRange(5, 2**61)))),
    DeletePart(Selection(typed=TypedSegment(4, 9))), PaintOut({3: Rect(1, -2, 3, 4), 2**40: Rect(0, 0, 9, 9)}),
    Relabel(7, WORD), Relabel(7, None), Approve("study", None), Approve("study", TimeRange(1, 2)),
)  # fmt: skip


@pytest.fixture
def identity() -> str:
    return str(pyrage.x25519.Identity.generate())


def test_every_kind_of_decision_comes_back_as_it_was(identity: str) -> None:
    changes = [Change(n, "id", f"{WORD} {n}", act, "why") for n, act in enumerate(ACTS)]
    data = sealed(changes, identity)
    assert WORD.encode() not in data
    assert unsealed(data, identity) == tuple(changes)


def test_another_key_gives_nothing_back(identity: str) -> None:
    data = sealed([Change(1, "id", WORD, DeleteEpisode())], identity)
    assert unsealed(data, str(pyrage.x25519.Identity.generate())) == ()


def test_a_folder_without_keys_keeps_them_as_they_are() -> None:
    changes = (Change(1, "id", WORD, DeleteEpisode()),)
    assert unsealed(sealed(changes, ""), "") == changes


def test_nothing_is_kept_or_said_until_they_are_back() -> None:
    changes = Changes()
    changes.add("one", WORD, DeleteEpisode())
    changes.apply(lambda _change: WORD)
    assert WORD in changes.progress.said[0]
    changes.add("two", WORD, DeleteEpisode())
    away = changes.put_away()
    assert [one.episode_id for one in away] == ["two"]
    assert (changes.waiting, changes.progress.said) == ((), ())
    assert changes.add("three", WORD, DeleteEpisode()) is None
    changes.bring_back(away)
    assert changes.waiting == away
    assert changes.add("three", WORD, DeleteEpisode()) is not None


def test_what_was_carried_out_meanwhile_does_not_come_back() -> None:
    changes = Changes()
    for name in ("one", "two"):
        changes.add(name, WORD, DeleteEpisode())
    entered, go_on = threading.Event(), threading.Event()

    def carry_out(change: Change) -> str:
        if change.episode_id == "one":
            entered.set()
            assert go_on.wait(10)
            return WORD
        raise Locked

    applying = threading.Thread(target=changes.apply, args=(carry_out,))
    applying.start()
    assert entered.wait(10)
    away = changes.put_away()
    go_on.set()
    applying.join(10)
    assert changes.progress.said == ()
    changes.bring_back(away)
    assert [one.episode_id for one in changes.waiting] == ["two"]
