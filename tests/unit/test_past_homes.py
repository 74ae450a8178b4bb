"""Settings, lists, keys, consent and episodes of every past version open."""

import shutil
from pathlib import Path

import pytest

from recorder.cli.never_file import OwnWords
from recorder.cli.scope_file import read_scope
from recorder.consent.audit import audit
from recorder.consent.gate import Gate, GateFiles
from recorder.consent.keys import load_public_key, load_user_key, verify_envelope
from recorder.consent.ledger import LedgerPlace, read_ledger
from recorder.core.levels import KeyboardLevel
from recorder.episodes.homes import episode_homes
from recorder.episodes.identity import unlock
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.reader import open_episode
from recorder.episodes.verify import verify
from recorder.places import Places
from recorder.settings import read_settings
from tests.past_home import APPS, DATA, PASSPHRASE, ROWS, WORD, Noon, make, places_in

PAST = sorted(DATA.glob("home-*"))


@pytest.fixture(params=[*(path.name for path in PAST), "the next one"])
def past(request: pytest.FixtureRequest, root: Path) -> Places:
    """A copy with the modes that it had, which a checkout does not keep; and one made now."""
    home = root / "home"
    if request.param == "the next one":
        make(home)
    else:
        shutil.copytree(DATA / request.param, home)
    for path in (home, *home.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return places_in(home)


def test_there_is_one_to_open() -> None:
    assert PAST


def test_settings_and_lists_can_be_read(past: Places) -> None:
    assert read_settings(past.settings_file).cap_minutes == 120
    assert read_scope(past) == APPS
    assert [hit.kind for hit in OwnWords(past).find(f"to {WORD.lower()} and back")]


def test_the_ledger_holds_and_opens_the_gate(past: Places) -> None:
    place = LedgerPlace(past.default_folder, past.state)
    assert all(finding.ok for finding in audit(place))
    first, last = read_ledger(place).entries
    notice = place.notices / f"{first.notice_sha256}.md"
    files = GateFiles(notice=notice, policy=past.config / "none")
    terms = Gate(past.default_folder, past.state, Noon(), files).open().terms
    assert (terms.levels.keyboard, last.number) == (KeyboardLevel.OFF, 1)


def test_the_passphrase_opens_keys_and_episode(past: Places) -> None:
    folder = past.default_folder
    identity = unlock(folder, PASSPHRASE)
    assert load_user_key(folder, identity).public == load_public_key(folder, "user")
    (home,) = episode_homes(folder)
    device = load_public_key(folder, "device")
    assert verify(home, lambda data: verify_envelope(data, device, MANIFEST_TYPE)).ok
    episode = open_episode(home, folder=folder, identity=identity)
    assert episode.problems == ()
    assert [row["x"] for row in episode.events.to_pylist()] == list(range(ROWS))
