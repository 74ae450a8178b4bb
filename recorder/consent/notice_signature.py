"""A study's notice and the signature beside it: who may say what a study is."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from pydantic import Field, ValidationError

from recorder.consent.keys import PublicKey, SignatureWrong, verify_envelope
from recorder.consent.notice import Notice, NoticeInvalid, NoticeTerms, parse_notice
from recorder.consent.recipients import sealed_to
from recorder.consent.records import OWN_CHAIN, digest
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.strict import Strict

NOTICE_SIGNATURE_TYPE: Final = "application/vnd.recorder.notice-signature+json"
SIGNATURE_ENDING: Final = ".dsse.json"
"""Beside `notice.md` lies `notice.md.dsse.json`."""
MAX_SIGNATURE_BYTES: Final = 64 * 1024
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_HEX_KEY: Final = re.compile(r"[0-9a-f]{64}")


class NoticeOfAnother(RecorderError):
    """A newer notice of a study is signed by nobody whom the one agreed to names."""

    def __init__(self, study: str) -> None:
        super().__init__(
            f"This notice of {study} is signed with a key that the study did not have before",
            "ask the study's contact; another study needs another id in its notice",
            ExitCode.SIGNATURE,
        )


class NoticeSignature(Strict):
    """What a controller signs for a notice."""

    schema_name: Literal["recorder.notice-signature/1"] = Field(
        "recorder.notice-signature/1", alias="schema"
    )
    study: str
    notice_sha256: str

    def payload(self) -> bytes:
        """Give the bytes that are signed."""
        return self.model_dump_json(by_alias=True).encode()


def signed_notice(notice: bytes, signature: bytes, pinned: Sequence[str] | None = None) -> Notice:
    """Give a study's notice, once a controller that it names is seen to have signed it.

    Args:
        notice: Its exact bytes.
        signature: The envelope beside it.
        pinned: Hex public keys of the notice agreed to before; None on first sight.

    Raises:
        NoticeInvalid: It is no notice of a study.
        SignatureWrong: None of its controller's keys signed exactly these bytes.
        NoticeOfAnother: One did, but it is none of the pinned ones.
    """
    found = parse_notice(notice)
    check_study_id(found.terms.id)
    keys = found.terms.controller.keys
    if not keys or not all(_HEX_KEY.fullmatch(key) for key in keys):
        raise NoticeInvalid("its controller has no key, or one that is no key")
    if not sealed_to(found.terms):
        raise NoticeInvalid("it names no recipient with a key")
    signers = [key for key in dict.fromkeys(keys) if _signed_by(key, found, signature)]
    if not signers:
        raise SignatureWrong("none of the controller's keys signed this notice")
    if pinned is not None and not set(signers) & set(pinned):
        raise NoticeOfAnother(found.terms.id)
    return found


def check_study_id(study: str) -> str:
    """Give back a study's id; it becomes the name of files.

    Raises:
        NoticeInvalid: It cannot be one.
    """
    if not is_study_id(study):
        raise NoticeInvalid("its id cannot be the name of a study")
    return study


def controller_key(terms: NoticeTerms) -> str:
    """Give the hex public key that bundles name as their audience: the first one."""
    return terms.controller.keys[0]


def fingerprint(public: str) -> str:
    """Give a public key as people compare it: eight groups of four hex digits of its hash."""
    short = digest(bytes.fromhex(public))[:32]
    return " ".join(short[start : start + 4] for start in range(0, len(short), 4))


def is_study_id(study: str) -> bool:
    """Tell whether it can be a study's id; asked before it becomes a file's name."""
    return study != OWN_CHAIN and _ID.fullmatch(study) is not None


def _signed_by(key: str, notice: Notice, signature: bytes) -> bool:
    """Tell whether a key signed the notice.

    Raises:
        SignatureWrong: It signed something else.
    """
    try:
        payload = verify_envelope(
            signature, PublicKey(role="controller", public=key), NOTICE_SIGNATURE_TYPE
        )
    except SignatureWrong:
        return False
    try:
        told = NoticeSignature.model_validate_json(payload)
    except ValidationError as cause:
        raise SignatureWrong("what the controller signed is no notice") from cause
    if (told.study, told.notice_sha256) != (notice.terms.id, notice.sha256):
        raise SignatureWrong("the notice was changed after the controller signed it")
    return True
