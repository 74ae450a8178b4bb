"""Word that somebody left a study: a small tar of a signed line and the study's ledger.

The ledger ends in the withdrawal. The device key signs, as it does the withdrawal: leaving
never asks for a passphrase. Packed as an erasure notice is, and named for the ledger's head.
"""

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.consent.keys import PublicKey, SignatureWrong, SigningKey, verify_envelope
from recorder.core.errors import ExitCode
from recorder.core.strict import Strict
from recorder.sharing.envelopes import is_canonical
from recorder.sharing.erasure_notice import (
    NoticeRefused,
    check_pseudonym,
    check_withdrawn,
    pack,
    unpack,
)
from recorder.sharing.statements import Digest, Pseudonym, StudyId

LEAVING_TYPE: Final = "application/vnd.recorder.leaving+json"


class LeavingNotice(Strict):
    """Says whose ledger lies beside it; signed by the study's device key."""

    schema_name: Literal["recorder.leaving/1"] = Field("recorder.leaving/1", alias="schema")
    study: StudyId
    pseudonym: Pseudonym
    user_key: Digest
    device_key: Digest
    ledger_head: Digest


@dataclass(frozen=True, slots=True)
class CheckedLeaving:
    """A notice whose signature fits, with a ledger that ends in the withdrawal."""

    notice: LeavingNotice
    ledger: bytes


def pack_leaving(notice: LeavingNotice, device: SigningKey, ledger: bytes) -> bytes:
    """Give the tar that goes into the drop: the same bytes for the same ledger."""
    payload = notice.model_dump_json(by_alias=True).encode()
    return pack(device.sign(payload, LEAVING_TYPE), ledger)


def check_leaving(data: bytes, study: str) -> CheckedLeaving:
    """Check a notice that came through a drop.

    Raises:
        NoticeRefused: It is damaged, not signed by the participant, or nothing was withdrawn.
    """
    envelope, ledger = unpack(data)
    try:
        notice = LeavingNotice.model_validate_json(is_canonical(envelope) or b"")
    except ValidationError as cause:
        raise NoticeRefused(ExitCode.FORMAT, "it holds no word of leaving") from cause
    check_pseudonym(notice.pseudonym, notice.user_key, notice.device_key)
    device = PublicKey(role="device", public=notice.device_key)
    try:
        verify_envelope(envelope, device, LEAVING_TYPE)
    except SignatureWrong as cause:
        raise NoticeRefused(ExitCode.SIGNATURE, "the participant did not sign it") from cause
    if notice.study != study:
        raise NoticeRefused(ExitCode.AUDIENCE, "it is for another study")
    check_withdrawn(notice, ledger, "its ledger ends in no withdrawal")
    return CheckedLeaving(notice, ledger)
