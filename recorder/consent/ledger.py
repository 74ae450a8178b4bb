"""The ledger: one DSSE envelope a line, hash-chained, its signed head kept apart.

A chain alone accepts the loss of its last line, which may be a withdrawal; the head in
the state folder does not. A head that is behind a longer, valid chain is a write that
was cut short between the two files, and is accepted.
"""

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.consent.chain import MAX_LEDGER_BYTES, LedgerView, check_chain
from recorder.consent.errors import ConsentNewer, ConsentUntrusted
from recorder.consent.keys import (
    DeviceKey,
    KeyUnusable,
    PublicKey,
    SignatureWrong,
    SigningKey,
    keys_folder,
    load_device_key,
    load_public_key,
    verify_envelope,
)
from recorder.consent.records import FIRST_PREV, OWN_CHAIN, PAYLOAD_TYPE, ConsentEntry, digest
from recorder.core import newer
from recorder.core.strict import Strict
from recorder.files import lock_within, private_folder, read_regular, write_whole

HEAD_TYPE = "application/vnd.recorder.ledger-head+json"
LOCK_S = 5.0
"""A writer signs two lines and syncs two files, well below a second."""


_HEAD_SCHEMA: Final = "recorder.head/1"


class Head(Strict):
    """Payload of the head: how long the chain is and how its last line hashes."""

    schema_name: Literal["recorder.head/1"] = Field(_HEAD_SCHEMA, alias="schema")
    chain: str
    entries: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Where one chain is.

    Attributes:
        folder: The recordings' folder.
        state: The user's state folder, which holds the heads.
        chain: One per study; `own` for oneself.
    """

    folder: Path
    state: Path
    chain: str = OWN_CHAIN

    @property
    def ledger(self) -> Path:
        """The lines."""
        name = "ledger" if self.chain == OWN_CHAIN else f"ledger-{self.chain}"
        return self.folder / "consent" / f"{name}.jsonl"

    @property
    def keys(self) -> Path:
        """The signing keys of this chain; a study has a pair of its own."""
        return keys_folder(self.folder, self.chain)

    @property
    def notices(self) -> Path:
        """Exact bytes of every notice seen, named by their hash."""
        return self.folder / "consent" / "notices"

    def head(self, user: PublicKey) -> Path:
        """The head's file; named by the user key, so that a moved folder finds it."""
        return self.state / "heads" / f"{user.key_id[:16]}-{self.chain}.json"


def read_ledger(place: LedgerPlace, *, with_head: bool = True) -> LedgerView:
    """Read and check every line, the chain and the head.

    `with_head`: False for an auditor's copy without the owner's state folder.

    Raises:
        ConsentUntrusted: Something is not as it was left.
    """
    data = _read(place.ledger)
    try:
        user = load_public_key(place.folder, "user", place.chain)
        device = load_public_key(place.folder, "device", place.chain)
    except KeyUnusable as cause:
        if data is None:
            return LedgerView(())
        raise ConsentUntrusted(cause.message) from cause
    view = check_chain(data or b"", place.chain, user, device)
    if with_head:
        _check_head(place, view.hashes, user, device)
    return view


Draft = Callable[[int, str, tuple[ConsentEntry, ...]], ConsentEntry]
"""Makes an entry from its number, the hash of the line before and the entries so far."""


def append_entry(place: LedgerPlace, draft: Draft, signer: SigningKey | None = None) -> str:
    """Write one more line and then the head; give the line's hash.

    `signer`: who signs the line; None stands for the device key, which also signs the
    head.

    Raises:
        ConsentUntrusted: The ledger as it is cannot be trusted.
        KeyUnusable: The device key cannot be used.
        OSError: It cannot be written; the ledger is as it was.
    """
    with _locked(place):
        view = read_ledger(place)
        device = load_device_key(place.folder, place.chain)
        entry = draft(len(view.entries), view.head or FIRST_PREV, view.entries)
        line = (signer or device).sign(entry.payload(), PAYLOAD_TYPE)
        before = _read(place.ledger) or b""
        write_whole(place.ledger, before + line + b"\n")
        _write_head(place, Head(chain=place.chain, entries=entry.number + 1, sha256=digest(line)))
        return digest(line)


def set_aside(place: LedgerPlace, mark: str) -> Path:
    """Put a ledger that cannot be trusted out of force; it is kept, not deleted."""
    with _locked(place):
        kept = place.ledger.with_name(f"{place.ledger.name}.{mark}.kept")
        if place.ledger.is_symlink() or place.ledger.exists():
            place.ledger.rename(kept)
        remove_head(place)
        return kept


def remove_head(place: LedgerPlace) -> None:
    """Take the head away: what is left of the ledger is no longer in force.

    Where the user key cannot be read, nobody can tell which head is the ledger's, so the
    heads of all folders go: a folder that comes back from a backup brings no old yes.
    """
    try:
        heads = [place.head(load_public_key(place.folder, "user", place.chain))]
    except KeyUnusable:
        heads = list((place.state / "heads").glob(f"*-{place.chain}.json"))
    for head in heads:
        head.unlink(missing_ok=True)


def keep_notice(place: LedgerPlace, notice: bytes) -> str:
    """Keep the notice's exact bytes; give their hash."""
    private_folder(place.notices)
    path = place.notices / f"{digest(notice)}.md"
    if _read(path) != notice:
        write_whole(path, notice)
    return digest(notice)


def kept_notice(place: LedgerPlace, sha256: str) -> bytes:
    """Give a notice that was seen.

    Raises:
        ConsentUntrusted: It is missing or was changed.
    """
    data = _read(place.notices / f"{sha256}.md")
    if data is None:
        raise ConsentUntrusted("the notice that you agreed to is gone")
    if digest(data) != sha256:
        raise ConsentUntrusted("the kept notice was changed")
    return data


def _check_head(
    place: LedgerPlace, hashes: Sequence[str], user: PublicKey, device: PublicKey
) -> None:
    path = place.head(user)
    data = _read(path)
    if data is None:
        if hashes:
            raise ConsentUntrusted("the ledger's head is missing")
        return
    try:
        payload = verify_envelope(data, device, HEAD_TYPE)
    except SignatureWrong as cause:
        raise ConsentUntrusted("the ledger's head is damaged") from cause
    try:
        head = Head.model_validate_json(payload)
    except ValidationError as cause:
        if newer.is_newer_schema(payload, _HEAD_SCHEMA):
            raise ConsentNewer("the ledger's head") from cause
        raise ConsentUntrusted("the ledger's head is damaged") from cause
    if head.chain != place.chain or head.entries < 1:
        raise ConsentUntrusted("the ledger's head belongs to another ledger")
    if len(hashes) < head.entries:
        missing = head.entries - len(hashes)
        raise ConsentUntrusted(f"the ledger lost its last {missing} line(s)")
    if hashes[head.entries - 1] != head.sha256:
        raise ConsentUntrusted("the ledger is not the one that its head names")


def _write_head(place: LedgerPlace, head: Head) -> None:
    device: DeviceKey = load_device_key(place.folder, place.chain)
    path = place.head(load_public_key(place.folder, "user", place.chain))
    private_folder(path.parent)
    write_whole(path, device.sign(head.model_dump_json(by_alias=True).encode(), HEAD_TYPE) + b"\n")


def _read(path: Path) -> bytes | None:
    try:
        return read_regular(path, MAX_LEDGER_BYTES)
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise ConsentUntrusted(f"{path.name} cannot be read") from cause


@contextmanager
def _locked(place: LedgerPlace) -> Iterator[None]:
    """Hold the folder of the ledger for one writer at a time."""
    place.ledger.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(place.ledger.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        try:
            lock_within(descriptor, LOCK_S)
        except BlockingIOError as cause:
            raise OSError(errno.EBUSY, "another program holds the ledger") from cause
        yield
    finally:
        os.close(descriptor)
