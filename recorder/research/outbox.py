"""Signed answers to participants: written first, delivered when their drop can be reached.

`outbox/<kind>/<pseudonym>/<name>.dsse.json` moves to `sent/…` once it lies in the drop, so that
none is lost and none is made twice. The name follows from what is answered; in the drop it lies
under the id that was signed, which is random: who can write there cannot take its place before.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, Protocol

from pydantic import ValidationError

from recorder.consent.keys import SignatureWrong, parse_envelope
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.core.ids import ulid
from recorder.files import private_folder, read_regular, sync_folder, write_whole
from recorder.research.collection import Collection
from recorder.research.participants import CollectionDamaged, moment
from recorder.sharing.drop_errors import DropUnreachable
from recorder.sharing.drop_layout import ENDINGS, drop_path
from recorder.sharing.drops import Drop
from recorder.sharing.statements import RECEIPT_TYPE, BundleManifest, Receipt, Use

Answer = Literal["receipts", "uses"]
ANSWERS: Final[tuple[Answer, ...]] = ("receipts", "uses")
_LIMIT_BYTES: Final = 8_000_000
_LONGEST_REASON: Final = 200
_SIDE_BY_SIDE: Final = 16
"""A store takes a tenth of a second for an answer, whatever its size."""
_AHEAD: Final = 4 * _SIDE_BY_SIDE
_PATIENCE: Final = 3
"""Failures of one drop after which its other answers wait for the next run."""


class Sign(Protocol):
    """The controller's signature: a DSSE envelope around a payload of a type."""

    def __call__(self, payload: bytes, payload_type: str, /) -> bytes: ...  # noqa: D102 - as the class


@dataclass(frozen=True, slots=True)
class Delivery:
    """How many answers reached a drop, and how many wait."""

    sent: int
    waiting: int


def post(collection: Collection, kind: Answer, pseudonym: str, name: str, envelope: bytes) -> None:
    """Put an answer into the outbox; one that was posted before is let be."""
    if not posted(collection, kind, pseudonym, name):
        place = private_folder(collection.folder / "outbox" / kind / pseudonym)
        write_whole(place / (name + ENDINGS[kind]), envelope)


def posted(collection: Collection, kind: Answer, pseudonym: str, name: str) -> bool:
    """Tell whether an answer of that name waits or was sent."""
    below = Path(kind) / pseudonym / (name + ENDINGS[kind])
    return any((collection.folder / place / below).exists() for place in ("outbox", "sent"))


def answer_bundle(
    collection: Collection,
    manifest: BundleManifest,
    verdict: Literal["collected", "refused", "expired"],
    sign: Sign,
    refusal: tuple[ExitCode, str] = (ExitCode.OK, ""),
) -> None:
    """Post the receipt of a bundle, once for each verdict and code."""
    code, reason = refusal
    name = _answer_name(manifest, f"{verdict} {int(code)}")
    if posted(collection, "receipts", manifest.pseudonym, name):
        return
    now = datetime.now(UTC)
    receipt = Receipt(
        receipt_id=ulid(int(now.timestamp()) * 10**9, secrets.token_bytes(10)),
        study=manifest.study,
        pseudonym=manifest.pseudonym,
        answers=manifest.bundle_id,
        verdict=verdict,
        code=int(code),
        reason=reason[:_LONGEST_REASON],
        created=now.isoformat(timespec="seconds"),
    )
    envelope = sign(receipt.payload(), RECEIPT_TYPE)
    post(collection, "receipts", manifest.pseudonym, name, envelope)


def waiting(collection: Collection) -> int:
    """Give how many answers wait."""
    return sum(1 for _ in _waiting(collection))


def deliver(
    collection: Collection,
    drops: Sequence[Drop],
    failed: EachAlone,
    step: Callable[[], None] = lambda: None,
) -> Delivery:
    """Bring answers to the drops that their participants use, many side by side.

    An answer moves once it lies in the drop: killed at any instant, the next run goes on.

    Args:
        collection: Held by this program.
        drops: Those that can be reached now; the first takes what has no drop of its own.
        failed: Notes a drop that takes nothing; its answers wait.
        step: Called after each answer, sent or not.
    """
    round_ = _Round(collection, drops, failed)
    counts: Counter[bool] = Counter()
    with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="deliver") as pool:
        running: set[Future[bool]] = set()
        try:
            for kind, path in _waiting(collection):
                running.add(pool.submit(round_.send, kind, path))
                if len(running) >= _AHEAD:
                    running = _counted(running, counts, step)
            while running:
                running = _counted(running, counts, step)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    return Delivery(counts[True], counts[False])


class _Round:
    """One delivery: a drop that fails some times in a row is let be until the next."""

    def __init__(self, collection: Collection, drops: Sequence[Drop], failed: EachAlone) -> None:
        self._collection = collection
        self._by_url = {drop.url: drop for drop in drops}
        self._first = next(iter(drops), None)
        self._failed = failed
        self._failures: Counter[str] = Counter()

    def send(self, kind: Answer, path: Path) -> bool:
        """Send one answer; False when it waits on."""
        pseudonym = path.parent.name
        with self._failed.trying(self._collection.name_of(path)):
            url = self._collection.participant(pseudonym).drop
            drop = self._by_url.get(url) if url else self._first
            if drop is not None and self._failures[drop.url] < _PATIENCE:
                return self._put(drop, kind, path)
        return False

    def _put(self, drop: Drop, kind: Answer, path: Path) -> bool:
        try:
            data = read_regular(path, _LIMIT_BYTES)
        except OSError as cause:
            raise CollectionDamaged(path) from cause
        name = _signed_id(kind, path, data)
        try:
            drop.put(drop_path(kind, self._collection.study, path.parent.name, name), data)
        except DropUnreachable as error:
            self._failures[drop.url] += 1
            self._failed.note(drop.url, error)
            return False
        self._failures[drop.url] = 0
        _move(self._collection, path)
        return True


def _waiting(collection: Collection) -> Iterator[tuple[Answer, Path]]:
    for kind in ANSWERS:
        for place in sorted((collection.folder / "outbox" / kind).glob("*")):
            yield from ((kind, path) for path in sorted(place.glob(f"*{ENDINGS[kind]}")))


def _counted(
    running: set[Future[bool]], counts: Counter[bool], step: Callable[[], None]
) -> set[Future[bool]]:
    """Wait for some, count them, and give those that still run."""
    done, left = wait(running, return_when=FIRST_COMPLETED)
    for one in done:
        counts[one.result()] += 1
        step()
    return left


def _move(collection: Collection, path: Path) -> None:
    below = path.relative_to(collection.folder / "outbox")
    place = collection.folder / "sent" / below
    private_folder(place.parent)
    path.rename(place)
    sync_folder(place.parent)


def _signed_id(kind: Answer, path: Path, data: bytes) -> str:
    """Give the id in an answer, under which it lies in the drop; it never changes.

    Raises:
        CollectionDamaged: It is no answer any more.
    """
    try:
        payload = parse_envelope(data).payload
        if kind == "receipts":
            return Receipt.model_validate_json(payload).receipt_id
        return Use.model_validate_json(payload).use_id
    except (SignatureWrong, ValidationError) as cause:
        raise CollectionDamaged(path) from cause


def _answer_name(manifest: BundleManifest, verdict: str) -> str:
    """Give the one name of an answer here, so that making it again makes no second one."""
    wall_ns = int(moment(manifest.created).timestamp()) * 10**9
    digest = hashlib.sha256(f"{manifest.bundle_id} {verdict}".encode()).digest()
    return ulid(wall_ns, digest[:10])
