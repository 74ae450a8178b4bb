"""An erasure notice on its way: a small tar of the signed notice and the study's ledger.

The study's user key signs it. Withdrawing never asks for a passphrase, so after a withdrawal
the study's device key may sign it too: the ledger beside it then ends in that withdrawal.
Whoever holds the device key can withdraw, and so can have everything erased; nothing more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from pydantic import ValidationError

from recorder.consent.chain import MAX_LEDGER_BYTES, foreign_ledger
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.keys import PublicKey, SignatureWrong, verify_envelope
from recorder.consent.pseudonym import pseudonym_of
from recorder.consent.records import EventState
from recorder.core.errors import ExitCode, RecorderError
from recorder.sharing.envelopes import is_canonical
from recorder.sharing.statements import ERASURE_TYPE, ErasureNotice
from recorder.sharing.ustar import BLOCK, END, header, padding, size_told, taken

NOTICE_MEMBER: Final = "notice.dsse.json"
LEDGER_MEMBER: Final = "ledger.jsonl"
_NOTICE_BYTES: Final = 4_000_000
"""A notice names 30 bytes an episode: room for a hundred thousand."""
MOST_BYTES: Final = _NOTICE_BYTES + MAX_LEDGER_BYTES + 8 * BLOCK


class NoticeRefused(RecorderError):
    """An erasure notice is not what it should be; nothing was erased."""

    def __init__(self, code: ExitCode, reason: str) -> None:
        super().__init__(
            f"The erasure notice is refused: {reason}", "ask its sender to send it again", code
        )
        self.reason = reason


class Claim(Protocol):
    """In whose name a notice speaks."""

    @property
    def study(self) -> str: ...  # noqa: D102 - as the class
    @property
    def user_key(self) -> str: ...  # noqa: D102
    @property
    def device_key(self) -> str: ...  # noqa: D102
    @property
    def ledger_head(self) -> str: ...  # noqa: D102 - of the ledger beside it


@dataclass(frozen=True, slots=True)
class ParticipantKeys:
    """The two public keys of a participant in one study, in hex."""

    user_key: str
    device_key: str


@dataclass(frozen=True, slots=True)
class CheckedNotice:
    """A notice whose signature fits.

    Attributes:
        ledger: As it came; checked only when the device key signed.
        signed_by: The device key only after a withdrawal.
    """

    notice: ErasureNotice
    ledger: bytes
    signed_by: Literal["user", "device"]

    @property
    def keys(self) -> ParticipantKeys:
        """The keys from which its pseudonym follows."""
        return ParticipantKeys(self.notice.user_key, self.notice.device_key)


def pack(envelope: bytes, ledger: bytes) -> bytes:
    """Give the tar that goes into the drop: the same bytes for the same content."""
    return _member(NOTICE_MEMBER, envelope) + _member(LEDGER_MEMBER, ledger) + END


def check_notice(data: bytes, study: str, audiences: Collection[str]) -> CheckedNotice:
    """Check a notice that came through a drop.

    Args:
        data: The tar.
        study: The study's id.
        audiences: Hex public keys of its controller.

    Raises:
        NoticeRefused: It is damaged, not signed by the participant, or for somebody else.
    """
    envelope, ledger = unpack(data)
    notice = _claimed(envelope)
    check_pseudonym(notice.pseudonym, notice.user_key, notice.device_key)
    signed_by = _signer(envelope, notice, ledger)
    if notice.study != study or notice.audience not in audiences:
        raise NoticeRefused(ExitCode.AUDIENCE, "it is for another study or controller")
    return CheckedNotice(notice, ledger, signed_by)


def check_pseudonym(pseudonym: str, user_key: str, device_key: str) -> None:
    """See that a notice bears the pseudonym that its keys give.

    Raises:
        NoticeRefused: Somebody sends it in another's name.
    """
    if pseudonym != pseudonym_of(user_key, device_key):
        raise NoticeRefused(ExitCode.SIGNATURE, "its keys are not those of its pseudonym")


def _member(name: str, data: bytes) -> bytes:
    return header(name, len(data)) + data + bytes(padding(len(data)))


def unpack(data: bytes) -> tuple[bytes, bytes]:
    """Give notice and ledger; only the one way of packing them is taken.

    Raises:
        NoticeRefused: It is too large, or packed otherwise.
    """
    if len(data) > MOST_BYTES:
        raise NoticeRefused(ExitCode.FORMAT, "it is too large")
    envelope, at = _next(data, 0, NOTICE_MEMBER)
    ledger, at = _next(data, at, LEDGER_MEMBER)
    if pack(envelope, ledger) != data:
        raise NoticeRefused(ExitCode.FORMAT, "it is not packed as a notice is")
    return envelope, ledger


def _next(data: bytes, at: int, name: str) -> tuple[bytes, int]:
    size_bytes = size_told(data[at : at + BLOCK], name)
    if size_bytes is None:
        raise NoticeRefused(ExitCode.FORMAT, f"{name} is not where it belongs")
    first = at + BLOCK
    return data[first : first + size_bytes], at + taken(size_bytes)


def _claimed(envelope: bytes) -> ErasureNotice:
    """Give what the notice says of itself; nobody has checked it yet."""
    try:
        notice = ErasureNotice.model_validate_json(is_canonical(envelope) or b"")
    except ValidationError as cause:
        raise NoticeRefused(ExitCode.FORMAT, "it holds no erasure notice") from cause
    whole = notice.scope == "all" and not notice.episodes
    listed = notice.scope == "episodes" and bool(notice.episodes)
    is_cut = all(0 <= first < last for first, last in notice.ranges)
    if not (whole or listed) or not is_cut or (notice.ranges and len(notice.episodes) != 1):
        raise NoticeRefused(ExitCode.FORMAT, "its scope says nothing that can be done")
    return notice


def _signer(envelope: bytes, notice: ErasureNotice, ledger: bytes) -> Literal["user", "device"]:
    user = PublicKey(role="user", public=notice.user_key)
    device = PublicKey(role="device", public=notice.device_key)
    try:
        verify_envelope(envelope, user, ERASURE_TYPE)
    except SignatureWrong:
        try:
            verify_envelope(envelope, device, ERASURE_TYPE)
        except SignatureWrong as cause:
            raise NoticeRefused(ExitCode.SIGNATURE, "the participant did not sign it") from cause
        check_withdrawn(notice, ledger, "the device key signed it, and nothing was withdrawn")
        return "device"
    return "user"


def check_withdrawn(notice: Claim, ledger: bytes, otherwise: str) -> None:
    """See that a ledger is the participant's and ends in a withdrawal.

    Raises:
        NoticeRefused: It is damaged or another's, or `otherwise`.
    """
    try:
        view = foreign_ledger(ledger, notice.study, notice.user_key, notice.device_key)
    except ConsentUntrusted as cause:
        raise NoticeRefused(ExitCode.CONSENT_MISMATCH, "its ledger is damaged") from cause
    last = view.entries[-1] if view.entries else None
    if last is None or last.state is not EventState.WITHDRAWN or view.head != notice.ledger_head:
        raise NoticeRefused(ExitCode.CONSENT_MISMATCH, otherwise)
