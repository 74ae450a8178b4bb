"""What makes a chain of signed lines one that can be relied on; from bytes alone."""

from dataclasses import dataclass

from pydantic import ValidationError

from recorder.consent.errors import ConsentNewer, ConsentUntrusted
from recorder.consent.keys import PublicKey, SignatureWrong, verify_envelope
from recorder.consent.pseudonym import pseudonym_of
from recorder.consent.records import (
    ENTRY_SCHEMA,
    FIRST_PREV,
    OWN_CHAIN,
    PAYLOAD_TYPE,
    WITHOUT_PASSPHRASE,
    ConsentEntry,
    EventState,
    digest,
    narrowest,
)
from recorder.core import newer

MAX_LEDGER_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class LedgerView:
    """A ledger whose every signature was checked."""

    entries: tuple[ConsentEntry, ...]
    hashes: tuple[str, ...] = ()
    """Hex digest of each line."""

    @property
    def head(self) -> str:
        """Hex digest of the last line; "" when there is none."""
        return self.hashes[-1] if self.hashes else ""


def check_chain(data: bytes, chain: str, user: PublicKey, device: PublicKey) -> LedgerView:
    """Check every line of a ledger, that each follows the one before, and whose they are.

    Args:
        data: The ledger's bytes.
        chain: Which chain it must be.
        user: Who must have signed what says yes.
        device: Who may have signed what says less.

    Raises:
        ConsentUntrusted: Something is not as it was signed.
    """
    entries: list[ConsentEntry] = []
    hashes: list[str] = []
    name = pseudonym_of(user.public, device.public)
    for number, line in enumerate(_lines(data)):
        entry = _checked_line(line, user, device, number)
        prev = hashes[-1] if hashes else FIRST_PREV
        if (entry.chain, entry.number, entry.prev) != (chain, number, prev):
            raise ConsentUntrusted(f"line {number + 1} does not follow the one before")
        if entry.state is EventState.NARROWED:
            _check_narrowed(entry, entries)
        if chain != OWN_CHAIN and entry.record.header.pii_principal_id != name:
            raise ConsentUntrusted(f"line {number + 1} bears a pseudonym that its keys do not give")
        entries.append(entry)
        hashes.append(digest(line))
    return LedgerView(tuple(entries), tuple(hashes))


def foreign_ledger(data: bytes, chain: str, user_key: str, device_key: str) -> LedgerView:
    """Check a ledger that somebody else sent.

    The keys are hex public keys, and each line bears the pseudonym that follows from them.
    Whether the ledger is the longest one known is for the caller to tell.

    Raises:
        ConsentUntrusted: It is too large, or not as it was signed; `what` tells.
    """
    if len(data) > MAX_LEDGER_BYTES:
        raise ConsentUntrusted("the ledger is too large")
    try:
        user = PublicKey(role="user", public=user_key)
        device = PublicKey(role="device", public=device_key)
    except ValidationError as cause:
        raise ConsentUntrusted("a key is no key") from cause
    return check_chain(data, chain, user, device)


def _checked_line(line: bytes, user: PublicKey, device: PublicKey, number: int) -> ConsentEntry:
    """Give the entry of a line that a key signed which may sign such an entry."""
    where = f"line {number + 1}"
    try:
        by_user = True
        payload = verify_envelope(line, user, PAYLOAD_TYPE)
    except SignatureWrong:
        by_user = False
        try:
            payload = verify_envelope(line, device, PAYLOAD_TYPE)
        except SignatureWrong as cause:
            raise ConsentUntrusted(f"{where} is damaged or not signed by your keys") from cause
    try:
        entry = ConsentEntry.model_validate_json(payload)
    except ValidationError as cause:
        if newer.is_newer_schema(payload, ENTRY_SCHEMA):
            raise ConsentNewer(where) from cause
        raise ConsentUntrusted(f"{where} holds what this version does not know") from cause
    if not by_user and entry.state not in WITHOUT_PASSPHRASE:
        raise ConsentUntrusted(f"{where} says yes and was not signed by you")
    if entry.device_key != device.public:
        raise ConsentUntrusted(f"{where} names another device key")
    return entry


def _check_narrowed(entry: ConsentEntry, before: list[ConsentEntry]) -> None:
    """Refuse a `narrowed` that follows nothing, or that widens."""
    last = before[-1] if before else None
    where = f"line {entry.number + 1}"
    if last is None or last.state not in {EventState.GIVEN, EventState.NARROWED}:
        raise ConsentUntrusted(f"{where} narrows what was not given")
    levels = entry.levels.levels()
    wider = (
        narrowest(levels, last.levels.levels()) != levels
        or entry.expires_wall_ns > last.expires_wall_ns
        or entry.notice_sha256 != last.notice_sha256
        or ("*" not in last.apps and not set(entry.apps) <= set(last.apps))
    )
    if wider:
        raise ConsentUntrusted(f"{where} widens what was given")


def _lines(data: bytes) -> list[bytes]:
    if data and not data.endswith(b"\n"):
        raise ConsentUntrusted("the ledger's last line was cut")
    return data.split(b"\n")[:-1]
