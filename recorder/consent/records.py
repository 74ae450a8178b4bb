"""Consent records with the fields of ISO/IEC TS 27560:2023, and who may write them."""

import hashlib
from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from recorder.core.levels import (
    KeyboardLevel,
    Levels,
    PointerLevel,
    ScreenLevel,
    TargetsLevel,
    TitlesLevel,
    narrower,
)
from recorder.core.strict import Strict

PAYLOAD_TYPE = "application/vnd.recorder.consent+json"
FIRST_PREV = "0" * 64
"""`prev` of a chain's first entry."""
OWN_CHAIN = "own"
"""Name of the chain of recording for oneself; a study's chain has its id."""
ENTRY_SCHEMA: Final = "recorder.consent/1"
Digest = str


class EventState(StrEnum):
    """What the person decided."""

    GIVEN = "given"
    REFUSED = "refused"
    NARROWED = "narrowed"
    WITHDRAWN = "withdrawn"


WITHOUT_PASSPHRASE = frozenset({EventState.REFUSED, EventState.NARROWED, EventState.WITHDRAWN})
"""What the device key may sign: everything that lowers, nothing that raises."""


class StreamLevels(Strict):
    """One level per stream, as written in files."""

    keyboard: KeyboardLevel
    screen: ScreenLevel
    titles: TitlesLevel
    pointer: PointerLevel
    targets: TargetsLevel

    @classmethod
    def of(cls, levels: Levels) -> "StreamLevels":
        """Give the file's form."""
        return cls(
            keyboard=levels.keyboard, screen=levels.screen, titles=levels.titles,
            pointer=levels.pointer, targets=levels.targets,
        )  # fmt: skip

    def levels(self) -> Levels:
        """Give the form of core."""
        return Levels(self.keyboard, self.screen, self.titles, self.pointer, self.targets)


class Header(Strict):
    """Record header section of TS 27560."""

    schema_version: Literal["ISO/IEC TS 27560:2023"] = "ISO/IEC TS 27560:2023"
    record_id: str
    pii_principal_id: str


class PiiInformation(Strict):
    """One stream and the level that was chosen."""

    pii_type: str
    pii_optional: bool
    level: str


class Purpose(Strict):
    """PII processing section of TS 27560, one per purpose."""

    purpose: str
    lawful_basis: str
    pii_information: tuple[PiiInformation, ...]
    pii_controllers: tuple[str, ...]
    collection_method: str
    processing_method: str
    storage_locations: tuple[str, ...]
    retention_period: str
    recipient_third_parties: tuple[str, ...]
    withdrawal_method: str
    privacy_rights: tuple[str, ...]
    impact_assessment: str


class PiiProcessing(Strict):
    """What was agreed to, under which notice."""

    privacy_notice: Digest
    """Hex SHA-256 over the notice's exact bytes."""
    notice_id: str
    notice_version: str
    language: str
    purposes: tuple[Purpose, ...]


class Party(Strict):
    """Party identification section of TS 27560."""

    party_id: str
    party_name: str
    party_role: str


class RecordEvent(Strict):
    """Event section of TS 27560."""

    event_time: str
    validity_duration: str
    entity_id: str
    event_type: Literal["explicit"] = "explicit"
    event_state: EventState


class ConsentRecord(Strict):
    """One record; every event of it repeats the whole."""

    header: Header
    pii_processing: PiiProcessing
    party_identification: tuple[Party, ...]
    event: RecordEvent


class ConsentEntry(Strict):
    """Payload of one line of the ledger."""

    schema_name: Literal["recorder.consent/1"] = Field(ENTRY_SCHEMA, alias="schema")
    chain: str
    number: int = Field(ge=0)
    prev: Digest
    wall_ns: int
    expires_wall_ns: int
    levels: StreamLevels
    apps: tuple[str, ...]
    device_key: str
    record: ConsentRecord

    @property
    def state(self) -> EventState:
        """What the person decided."""
        return self.record.event.event_state

    @property
    def notice_sha256(self) -> Digest:
        """Hex digest of the notice that the person saw."""
        return self.record.pii_processing.privacy_notice

    def payload(self) -> bytes:
        """Give the bytes that are signed."""
        return self.model_dump_json(by_alias=True).encode()


def digest(data: bytes) -> Digest:
    """Give the hex SHA-256."""
    return hashlib.sha256(data).hexdigest()


def narrowest(one: Levels, other: Levels) -> Levels:
    """Give the lower level of each stream."""
    return Levels(
        narrower(one.keyboard, other.keyboard),
        narrower(one.screen, other.screen),
        narrower(one.titles, other.titles),
        narrower(one.pointer, other.pointer),
        narrower(one.targets, other.targets),
    )


NOTHING = Levels(
    KeyboardLevel.OFF, ScreenLevel.OFF, TitlesLevel.OFF, PointerLevel.OFF, TargetsLevel.OFF
)
