"""What the page holds: the way in, the lock, and nothing that another program deleted."""

from pathlib import Path

import pytest

from recorder.consent.folder import FolderFile, make_folder
from recorder.core.context import ContextRow
from recorder.core.losses import Losses
from recorder.core.proofs import Redacted, vouch
from recorder.episodes.reader import Episode
from recorder.episodes.rewriting import remove
from recorder.episodes.selection import Selection, TimeRange
from recorder.episodes.store import NotAnEpisode
from recorder.review.decisions import DeleteEverything, Means
from recorder.review.door import Door
from recorder.review.reel import PictureGone
from recorder.review.room import IDLE_S, Room
from recorder.review.vault import Vault
from tests.unit.episodes.studio import SECOND, WALL, Studio, add, frame, moves


class Clock:
    """Set by hand; the wall clock goes on while a computer sleeps, the other one stands."""

    def __init__(self) -> None:
        self.awake_ns, self.now_ns = 0, WALL

    def monotonic_ns(self) -> int:
        return self.awake_ns

    def wall_ns(self) -> int:
        return self.now_ns


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    folder = tmp_path / "Recorder"
    make_folder(folder, FolderFile(folder_id="0" * 26, plain=False, secret="passphrase"))
    return Studio(folder)


@pytest.fixture
def vault(studio: Studio) -> Vault:
    found = Vault(studio.folder, lambda _folder, _passphrase: studio.identity)
    found.unlock("")
    return found


def _episode(studio: Studio, wall_ns: int = WALL) -> Path:
    writer = studio.begin(wall_ns)
    add(writer, events=moves(0, 2) + moves(30, 2), frames=[frame(1, 1), frame(2, 31, b"second")])
    return writer.close(Losses())


def test_what_another_program_deletes_is_not_shown_from_memory(
    studio: Studio, vault: Vault
) -> None:
    home = _episode(studio)
    assert vault.opened(home.name).reel.picture(1).image == b"RIFFwebp"
    chosen = Selection(ranges=(TimeRange(0, 10 * SECOND),))
    remove(studio.open(home), chosen, studio.owner)
    with pytest.raises(PictureGone):
        vault.opened(home.name).reel.picture(1)
    assert vault.opened(home.name).reel.picture(2).image == b"second"


def test_an_unchanged_episode_is_read_once(studio: Studio, vault: Vault) -> None:
    home = _episode(studio)
    assert vault.opened(home.name) is vault.opened(home.name)


def test_a_computer_that_slept_wakes_up_locked(studio: Studio, vault: Vault) -> None:
    clock = Clock()
    room = Room(studio.folder, 1, Door(), vault, clock, lambda: "", _label)
    clock.awake_ns += SECOND
    clock.now_ns += SECOND
    assert not room.lock_if_idle()
    clock.now_ns += int(IDLE_S) * SECOND
    assert room.lock_if_idle()
    assert vault.is_locked


def test_a_page_that_was_left_is_known_by_its_lock_and_the_time(
    studio: Studio, vault: Vault
) -> None:
    clock = Clock()
    room = Room(studio.folder, 1, Door(), vault, clock, lambda: "", _label)
    told = []
    clock.now_ns += int(IDLE_S) * SECOND
    told.append(room.is_left)
    assert room.lock_if_idle()
    told.append(room.is_left)
    room.seen()
    told.append(room.is_left)
    assert told == [False, True, False], "unlocked; locked for long enough; somebody came"


def test_a_page_on_which_decisions_wait_is_not_left(studio: Studio, vault: Vault) -> None:
    clock = Clock()
    room = Room(studio.folder, 1, Door(), vault, clock, lambda: "", _label)
    room.changes.add(_episode(studio).name, "deletes all of it", DeleteEverything())
    clock.now_ns += int(IDLE_S) * SECOND
    assert room.lock_if_idle()
    assert not room.is_left


def test_another_link_works_once_and_ends_the_one_before() -> None:
    door = Door()
    first = door.link(1).partition("token=")[2]
    cookie = (door.enter(first) or "").partition(";")[0]
    assert door.link(1) == ""
    door.renew()
    second = door.link(1).partition("token=")[2]
    assert door.enter(first) is None
    assert (door.enter(second) or "").partition(";")[0] == cookie, "who is in stays in"
    assert door.enter(second) is None


def test_cookies_of_other_servers_do_not_shut_the_person_out() -> None:
    door = Door()
    token = door.link(1).partition("token=")[2]
    cookie = (door.enter(token) or "").partition(";")[0]
    assert door.knows(cookie)
    assert door.knows(f'{cookie}; recorder_review=other; theme={{"a b":1}}')
    assert door.knows(f"a/[b=1; {cookie}")
    assert not door.knows("recorder_review=other")
    assert not door.knows(f"x{cookie}")
    assert not door.knows("")


def test_deleting_all_goes_on_behind_one_that_cannot_go(studio: Studio) -> None:
    homes = [_episode(studio), _episode(studio, WALL + 60 * SECOND)]
    (homes[0] / "foreign").mkdir()
    means = Means(studio.folder, studio.identity, _unasked, _label, lambda: "")
    with pytest.raises(NotAnEpisode):
        DeleteEverything().carry_out(means, "")
    assert [home.exists() for home in homes] == [True, False]


def _label(row: ContextRow) -> Redacted[ContextRow]:
    return vouch(row)


def _unasked(_episode_id: str) -> Episode:
    raise AssertionError
