"""What participant and researcher sign for each other: the fields of every envelope.

Each is the payload of a DSSE envelope. What a participant signs carries the keys that they
made for the study, from which their pseudonym follows; what the researcher signs is checked
with the controller's keys, which the notice names. Nothing here tells what was done: ids, digests, dates and sizes only.
"""

from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from recorder.core.losses import Loss
from recorder.core.strict import Strict

BUNDLE_TYPE: Final = "application/vnd.recorder.bundle+json"
CONTENT_TYPE: Final = "application/vnd.recorder.content+json"
ERASURE_TYPE: Final = "application/vnd.recorder.erasure+json"
RECEIPT_TYPE: Final = "application/vnd.recorder.receipt+json"
USE_TYPE: Final = "application/vnd.recorder.use+json"

STUDY_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,63}$"
"""A study's id, as its notice has it; also the name of its chain and folders."""
_ID: Final = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
_HEX_32: Final = r"^[0-9a-f]{64}$"
_PSEUDONYM: Final = r"^p[0-9a-f]{32}$"
_NONCE: Final = r"^[0-9a-f]{32}$"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def _is_time(text: str) -> str:
    """Give it back; what others signed is compared and counted with, so it must be a time.

    Raises:
        ValueError: It is none, or one from before there were ids.
    """
    found = datetime.fromisoformat(text)
    if (found if found.tzinfo else found.replace(tzinfo=UTC)) < _EPOCH:
        raise ValueError("a time before 1970")
    return text


Ulid = Annotated[str, Field(pattern=_ID)]
Digest = Annotated[str, Field(pattern=_HEX_32)]
Pseudonym = Annotated[str, Field(pattern=_PSEUDONYM)]
"""`p` and 32 hex that follow from the participant's keys of the study: `pseudonym_of`."""
StudyId = Annotated[str, Field(pattern=STUDY_PATTERN)]
Time = Annotated[str, Field(max_length=40), AfterValidator(_is_time)]
"""UTC, ISO 8601."""


class _Signed(Strict):
    def payload(self) -> bytes:
        """Give the bytes that are signed."""
        return self.model_dump_json(by_alias=True).encode()


class BundleManifest(_Signed):
    """The part of a bundle that anyone may read; signed by the participant's study key.

    Attributes:
        audience: Hex public key of the controller, as the notice names it.
        nonce: Random; a collection takes each once.
        user_key: Hex public key that signed this and what the ledger agrees to.
        device_key: Hex public key that signed the ledger's other lines.
        consent_id: Record in the ledger under which this is shared.
        ledger_head: Hex SHA-256 of the last line of `ledger.jsonl`.
        payload_sha256: Of `payload.age`, sealed.
    """

    schema_name: Literal["recorder.bundle/1"] = Field("recorder.bundle/1", alias="schema")
    bundle_id: Ulid
    episode_id: Ulid
    study: StudyId
    pseudonym: Pseudonym
    audience: Digest
    nonce: Annotated[str, Field(pattern=_NONCE)]
    user_key: Digest
    device_key: Digest
    consent_id: Ulid
    notice_sha256: Digest
    ledger_head: Digest
    payload_sha256: Digest
    payload_bytes: int = Field(ge=1)
    created: Time


class ContentFile(_Signed):
    """One file of the approved content."""

    name: Annotated[str, Field(max_length=64)]
    sha256: Digest
    size_bytes: int = Field(ge=0)


class ContentManifest(_Signed):
    """The part of a bundle that only its recipients read; signed by the study key.

    Attributes:
        content_sha256: Of the approved tar: the same digest that the approval signed.
        apps: `app` or `app:host` of every window in the content.
        tasks: How many were labelled.
        duration_ns: Sum of the approved ranges.
        removed: Why something was left out, by reason.
    """

    schema_name: Literal["recorder.content/1"] = Field("recorder.content/1", alias="schema")
    bundle_id: Ulid
    content_sha256: Digest
    content_bytes: int = Field(ge=1)
    rows: dict[str, int]
    apps: tuple[str, ...]
    tasks: int = Field(ge=0)
    duration_ns: int = Field(ge=0)
    files: tuple[ContentFile, ...]
    removed: tuple[Loss, ...] = ()


class ErasureNotice(_Signed):
    """A participant's wish that shared recordings go; signed by the study key.

    Attributes:
        scope: `all`, or the episodes listed; with `ranges`, times of the one episode.
        ranges: Nanoseconds of the episode, half open.
    """

    schema_name: Literal["recorder.erasure/1"] = Field("recorder.erasure/1", alias="schema")
    notice_id: Ulid
    study: StudyId
    pseudonym: Pseudonym
    audience: Digest
    user_key: Digest
    device_key: Digest
    scope: Literal["all", "episodes"]
    episodes: tuple[Ulid, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()
    ledger_head: Digest
    created: Time


class Receipt(_Signed):
    """The researcher's answer to a bundle or an erasure notice; signed by the controller.

    Attributes:
        answers: `bundle_id` or `notice_id`.
        verdict: What became of it.
        code: Exit code's number of a refusal; 0 otherwise.
        removed_bundles: How many an erasure removed.
        exports: Names of datasets exported before the erasure, which it cannot reach.
    """

    schema_name: Literal["recorder.receipt/1"] = Field("recorder.receipt/1", alias="schema")
    receipt_id: Ulid
    study: StudyId
    pseudonym: Pseudonym
    answers: Ulid
    verdict: Literal["collected", "refused", "erased", "expired"]
    code: int = Field(ge=0, le=255)
    reason: Annotated[str, Field(max_length=200)] = ""
    removed_bundles: int = Field(0, ge=0)
    exports: tuple[str, ...] = ()
    created: Time


class Use(_Signed):
    """One use of a participant's recordings; signed by the controller.

    Attributes:
        dataset: Its name.
        recipient_role: Who got it, as the notice names its recipients.
        delete_by: When the dataset goes.
        bundles: The participant's bundles in it.
    """

    schema_name: Literal["recorder.use/1"] = Field("recorder.use/1", alias="schema")
    use_id: Ulid
    study: StudyId
    pseudonym: Pseudonym
    dataset: Annotated[str, Field(max_length=200)]
    purpose: Annotated[str, Field(max_length=500)]
    recipient_role: Annotated[str, Field(max_length=200)]
    bundles: tuple[Ulid, ...]
    delete_by: Time
    created: Time
