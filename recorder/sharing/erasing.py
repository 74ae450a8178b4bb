"""Asking for shared recordings to be erased: the participant's side.

Each wish is kept in `<folder>/shared/<study>/erasures/`: `<notice_id>.json` says what was asked
and what came of it, `<notice_id>.tar` is what goes into the drops, and is there until it has
reached all of them.
"""

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, ValidationError

from recorder.consent.chain import MAX_LEDGER_BYTES
from recorder.consent.keys import SigningKey
from recorder.consent.ledger import LedgerPlace, kept_notice, read_ledger
from recorder.consent.notice import parse_notice
from recorder.consent.notice_signature import controller_key
from recorder.consent.studies import Joined
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.ids import is_ulid, ulid
from recorder.core.strict import Strict
from recorder.episodes.copies import SHARED
from recorder.files import private_folder, read_regular, sync_folder, write_whole
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.erasure_notice import MOST_BYTES, ParticipantKeys, pack
from recorder.sharing.shared import SharedFolder
from recorder.sharing.statements import ERASURE_TYPE, BundleManifest, ErasureNotice, Receipt, Time

ERASURES: Final = "erasures"
_RECORD_BYTES: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Scope:
    """What is to go: everything, episodes, or times of one episode in nanoseconds.

    Episodes are named as the study knows them.
    """

    episodes: tuple[str, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def kind(self) -> Literal["all", "episodes"]:
        """The word of the notice."""
        return "episodes" if self.episodes else "all"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, in which study.

    Attributes:
        audience: Hex public key of the controller that was agreed to.
        ledger: The study's chain as it stands.
        ledger_head: Hex SHA-256 of its last line.
        due_days: Within how many days the controller promised to erase.
    """

    study: str
    pseudonym: str
    audience: str
    keys: ParticipantKeys
    ledger: bytes
    ledger_head: str
    due_days: int


def asker_of(joined: Joined) -> Asker:
    """Give who asks, from a study that the person joined.

    Raises:
        ConsentUntrusted: The chain is not as it was left.
        KeyUnusable: A public key is missing or damaged.
    """
    user, device = joined.public_keys()
    view = read_ledger(joined.place)
    return Asker(
        joined.study,
        joined.pseudonym,
        controller_key(joined.notice.terms),
        ParticipantKeys(user.public, device.public),
        read_regular(joined.place.ledger, MAX_LEDGER_BYTES),
        view.head,
        joined.notice.terms.erasure_due_days,
    )


def asker_from_bundle(place: LedgerPlace, last: BundleManifest) -> Asker:
    """Give who asks where the ledger cannot be relied on: the user key alone can sign then.

    Args:
        place: The study's chain, for the notice that was kept.
        last: What was shared last.

    Raises:
        ConsentUntrusted: The notice is gone too, so nobody knows what was promised.
    """
    terms = parse_notice(kept_notice(place, last.notice_sha256)).terms
    keys = ParticipantKeys(last.user_key, last.device_key)
    return Asker(
        last.study, last.pseudonym, last.audience, keys, b"", "0" * 64, terms.erasure_due_days
    )


class Erasure(Strict):
    """A wish and what came of it; `recorder status` reads it without this model.

    Attributes:
        drops: Where it goes.
        undelivered: Those that do not have it yet.
        due: Until when the controller promised to have erased.
        answered: When the receipt was written.
        removed_bundles: How many the receipt says went.
        exports: Datasets that had been handed on before, which erasing cannot reach.
    """

    schema_name: Literal["recorder.shared-erasure/1"] = Field(
        "recorder.shared-erasure/1", alias="schema"
    )
    notice: ErasureNotice
    drops: tuple[str, ...]
    undelivered: tuple[str, ...]
    due: Time
    answered: Time | None = None
    reason: Annotated[str, Field(max_length=200)] = ""
    removed_bundles: int = 0
    exports: tuple[str, ...] = ()

    def overdue_days(self, now: datetime) -> int:
        """Give how many whole days it is late; 0 when it is not, or is answered."""
        late = (now - datetime.fromisoformat(self.due)).days
        return 0 if self.answered else max(0, late)


class NoticeLost(RecorderError):
    """A notice that is not delivered yet is gone from the folder."""

    def __init__(self) -> None:
        super().__init__(
            "The erasure notice is gone from your folder",
            "ask for the erasure again",
            ExitCode.NO_FOLDER,
        )


Deliver = Callable[[str, str, bytes], None]
"""Puts bytes at a path of a drop: drop, path, data."""


def ask_erasure(
    folder: Path, asker: Asker, scope: Scope, key: SigningKey, drops: Sequence[str]
) -> Erasure:
    """Write a signed notice; `deliver_erasures` brings it to the drops.

    Args:
        folder: The recording folder.
        asker: Who asks.
        scope: What is to go.
        key: The study's user key; after a withdrawal its device key will do.
        drops: Where the recordings were shared to.

    Raises:
        OSError: Nothing was written.
    """
    now = datetime.now(UTC)
    notice = ErasureNotice(
        notice_id=ulid(int(now.timestamp() * 1e9), secrets.token_bytes(10)),
        study=asker.study,
        pseudonym=asker.pseudonym,
        audience=asker.audience,
        user_key=asker.keys.user_key,
        device_key=asker.keys.device_key,
        scope=scope.kind,
        episodes=scope.episodes,
        ranges=scope.ranges,
        ledger_head=asker.ledger_head,
        created=_after_all(folder, asker.study, now).isoformat(timespec="microseconds"),
    )
    due = now + timedelta(days=asker.due_days)
    wish = Erasure(
        notice=notice, drops=tuple(drops), undelivered=tuple(drops),
        due=due.isoformat(timespec="seconds"),
    )  # fmt: skip
    place = private_folder(_place(folder, asker.study))
    envelope = key.sign(notice.payload(), ERASURE_TYPE)
    write_whole(place / f"{notice.notice_id}.tar", pack(envelope, asker.ledger))
    _keep(folder, wish)
    return wish


def erasures(folder: Path, study: str) -> Iterator[Erasure]:
    """Give the wishes of a study, the oldest first; a damaged one is left out."""
    for path in sorted(_files(_place(folder, study), ".json")):
        try:
            yield Erasure.model_validate_json(read_regular(path, _RECORD_BYTES))
        except (OSError, ValidationError):
            continue


def deliver_erasures(folder: Path, study: str, deliver: Deliver) -> dict[str, list[RecorderError]]:
    """Bring every notice to the drops that lack it; gives what kept one, by notice.

    Safe to call at any time and again: a drop that has the notice already takes it once.

    Raises:
        OSError: The folder cannot be written; call again.
    """
    kept: dict[str, list[RecorderError]] = {}
    for wish in erasures(folder, study):
        if not wish.undelivered:
            continue
        left, errors = _delivered(folder, wish, deliver)
        _keep(folder, wish.model_copy(update={"undelivered": left}))
        if not left:
            _tar(folder, wish).unlink(missing_ok=True)
            sync_folder(_tar(folder, wish).parent)
        if errors:
            kept[wish.notice.notice_id] = errors
    return kept


def note_answers(folder: Path, study: str, receipts: Iterable[Receipt]) -> list[Erasure]:
    """Keep what checked receipts say of wishes; gives the wishes, the oldest first."""
    found = {wish.notice.notice_id: wish for wish in erasures(folder, study)}
    for receipt in receipts:
        wish = found.get(receipt.answers)
        if wish is None:
            continue
        answer = {
            "answered": receipt.created if receipt.verdict == "erased" else None,
            "reason": receipt.reason,
            "removed_bundles": receipt.removed_bundles,
            "exports": receipt.exports,
        }
        now = wish.model_copy(update=answer)
        if now != wish:
            _keep(folder, now)
            found[receipt.answers] = now
    return list(found.values())


def _delivered(
    folder: Path, wish: Erasure, deliver: Deliver
) -> tuple[tuple[str, ...], list[RecorderError]]:
    """Try each drop; gives those that still lack it, and why."""
    notice = wish.notice
    try:
        data = read_regular(_tar(folder, wish), MOST_BYTES)
    except FileNotFoundError:
        return wish.undelivered, [NoticeLost()]
    path = drop_path("erasures", notice.study, notice.pseudonym, notice.notice_id)
    left, errors = [], []
    for drop in wish.undelivered:
        try:
            deliver(drop, path, data)
        except RecorderError as error:
            left.append(drop)
            errors.append(error)
    return tuple(left), errors


def _after_all(folder: Path, study: str, now: datetime) -> datetime:
    """Give a time that no shared bundle is younger than, though the clock was set back since."""
    made = [one.manifest.created for one in SharedFolder(folder, study).all()]
    return max([now, *map(datetime.fromisoformat, made)])


def _keep(folder: Path, wish: Erasure) -> None:
    path = _place(folder, wish.notice.study) / f"{wish.notice.notice_id}.json"
    write_whole(path, wish.model_dump_json(by_alias=True).encode())


def _place(folder: Path, study: str) -> Path:
    return folder / SHARED / study / ERASURES


def _tar(folder: Path, wish: Erasure) -> Path:
    return _place(folder, wish.notice.study) / f"{wish.notice.notice_id}.tar"


def _files(place: Path, ending: str) -> list[Path]:
    try:
        entries = [Path(entry.path) for entry in os.scandir(place)]
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [path for path in entries if path.suffix == ending and is_ulid(path.stem)]
