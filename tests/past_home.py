"""Makes a home as the present version leaves it: `python -m tests.past_home`.

Run once a release; what it writes to `tests/data/home-VERSION` is kept for good and opened by
every later version. Its content, keys and passphrase are made up.
"""

import secrets
from pathlib import Path
from typing import Final

from recorder import __version__
from recorder.cli.never_file import write_entries
from recorder.cli.scope_file import write_scope
from recorder.consent.folder import FolderFile, make_folder
from recorder.consent.giving import Answer, give, narrow
from recorder.consent.keys import create_signing_keys, load_device_key
from recorder.consent.ledger import LedgerPlace
from recorder.consent.notice import default_notice_file, parse_notice
from recorder.consent.passphrase import Passphrase
from recorder.core.ids import ulid
from recorder.core.levels import KeyboardLevel, Levels
from recorder.core.losses import Losses
from recorder.core.proofs import GrantKind, GrantTerms, mint_grant, vouch
from recorder.episodes.identity import create_identity, owners
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.writer import EpisodeStart, EpisodeWriter
from recorder.places import Places
from recorder.redaction.personal_words import KEY_BYTES, digests_of
from recorder.settings import Settings
from tests import light_seal
from tests.unit.episodes.studio import T0, WALL, moves, opening

DATA: Final = Path(__file__).parent / "data"
PASSPHRASE: Final = "made up for this test"
APPS: Final = ("chromium:jira.example.com", "xterm")
WORD: Final = "Zanzibar"
ROWS: Final = 3


class Noon:
    """A clock that stands at the hour at which past homes were made."""

    def monotonic_ns(self) -> int:
        """Give the beginning of the episode."""
        return T0

    def wall_ns(self) -> int:
        """Give 18 November 2026."""
        return WALL


def places_in(home: Path) -> Places:
    """Give the places of a past home."""
    return Places(home / "config", home / "state", home / "state", home / "Recorder")


def make(home: Path) -> None:
    """Write settings, lists, keys, a ledger of two entries and a closed episode."""
    where = places_in(home)
    home.mkdir()
    _write_settings(where)
    folder = where.default_folder
    make_folder(
        folder, FolderFile(folder_id=ulid(WALL, bytes(10)), plain=False, secret="passphrase")
    )
    with light_seal.used():
        create_identity(folder, Passphrase(PASSPHRASE))
    user = create_signing_keys(folder, owners(folder))
    place, data = LedgerPlace(folder, where.state), default_notice_file().read_bytes()
    give(place, Answer(parse_notice(data), data, Levels(), ("*",)), user, Noon())
    head = narrow(place, Levels(keyboard=KeyboardLevel.OFF), Noon())
    _write_episode(folder, head)


def _write_settings(where: Places) -> None:
    write_scope(where, APPS)
    key = secrets.token_bytes(KEY_BYTES)
    write_entries(where, key, [digests_of(key, WORD)])
    lines = [f"{key} = {value!r}\n".replace("'", '"') for key, value in Settings()]
    where.settings_file.write_text("".join(lines))


def _write_episode(folder: Path, head: str) -> None:
    device = load_device_key(folder)
    terms = GrantTerms("consent-1", "ab" * 32, head, GrantKind.PERSON, Levels(), ("*",), 0)
    grant = mint_grant(terms)
    writer = EpisodeWriter(
        EpisodeStart(
            folder=folder, episode_id=ulid(WALL, bytes(9) + b"\1"), t0_ns=T0, wall_ns=WALL,
            terms=terms, recipients=owners(folder),
            sign=lambda payload: device.sign(payload, MANIFEST_TYPE),
        )
    )  # fmt: skip
    writer.add_context([vouch(row) for row in opening()], grant)
    writer.add_events([vouch(row) for row in moves(0, ROWS)], grant)
    writer.close(Losses())


if __name__ == "__main__":
    make(DATA / f"home-{__version__}")
