"""Saying yes, no, less and no more: what each writes to the ledger."""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from recorder.consent.errors import Missing, NoConsent
from recorder.consent.keys import PublicKey, UserKey, load_public_key
from recorder.consent.last_seen import forget_time
from recorder.consent.ledger import (
    Draft,
    LedgerPlace,
    append_entry,
    keep_notice,
)
from recorder.consent.notice import Notice, StreamTerms
from recorder.consent.pseudonym import pseudonym_of
from recorder.consent.records import (
    NOTHING,
    OWN_CHAIN,
    ConsentEntry,
    ConsentRecord,
    EventState,
    Header,
    Party,
    PiiInformation,
    PiiProcessing,
    Purpose,
    RecordEvent,
    StreamLevels,
    narrowest,
)
from recorder.core.clocks import Clock
from recorder.core.ids import ulid
from recorder.core.levels import Levels

_NS_PER_S = 1_000_000_000
_DAY_NS = 86_400 * _NS_PER_S
_OWN_COMPUTER = "the participant's own computer, and sealed where the notice says"
_RECORDED = "recorded from input devices and screen while recording is on"
_APPROVED = "recorded under a consent of its own, reviewed and approved by the participant"
_RIGHTS = ("look at it", "delete it", "take it with me", "stop", "withdraw")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the person was shown and chose.

    Attributes:
        notice: The notice, taken apart.
        notice_bytes: Its exact bytes.
        levels: One level per stream.
        apps: Widest list; `*` leaves it to the list of allowed apps.
    """

    notice: Notice
    notice_bytes: bytes
    levels: Levels
    apps: tuple[str, ...]


def give(place: LedgerPlace, answer: Answer, key: UserKey, clock: Clock) -> str:
    """Record a yes; needs the person's own key. Gives the line's hash.

    Raises:
        OSError: It could not be written; nothing is agreed.
    """
    keep_notice(place, answer.notice_bytes)
    line = append_entry(place, _fresh(place, answer, EventState.GIVEN, clock), key)
    forget_time(place)
    return line


def refuse(place: LedgerPlace, answer: Answer, clock: Clock) -> str:
    """Record a no; it also ends an earlier yes, and needs no passphrase."""
    keep_notice(place, answer.notice_bytes)
    said_no = replace(answer, levels=NOTHING, apps=())
    return append_entry(place, _fresh(place, said_no, EventState.REFUSED, clock))


def narrow(place: LedgerPlace, levels: Levels, clock: Clock) -> str:
    """Record lower levels; what is wider than before stays as it was. No passphrase.

    Raises:
        NoConsent: There is nothing to narrow.
    """

    def draft(number: int, prev: str, before: tuple[ConsentEntry, ...]) -> ConsentEntry:
        last = before[-1] if before else None
        if last is None or last.state not in {EventState.GIVEN, EventState.NARROWED}:
            raise NoConsent
        lower = StreamLevels.of(narrowest(levels, last.levels.levels()))
        return _after(last, EventState.NARROWED, clock, (number, prev)).model_copy(
            update={"levels": lower}
        )

    return append_entry(place, draft)


def withdraw(place: LedgerPlace, clock: Clock) -> str:
    """Record that consent ends now. No passphrase, no reason. Gives the line's hash.

    Raises:
        NoConsent: There is nothing to withdraw.
        ConsentUntrusted: The ledger cannot be trusted, so nothing is in force.
        OSError: It could not be written.
    """

    def draft(number: int, prev: str, before: tuple[ConsentEntry, ...]) -> ConsentEntry:
        last = before[-1] if before else None
        study = "" if place.chain == OWN_CHAIN else place.chain
        if last is None:
            raise NoConsent(Missing.NEVER, study)
        if last.state is EventState.WITHDRAWN:
            raise NoConsent(Missing.WITHDRAWN, study)
        if last.state is EventState.REFUSED:
            raise NoConsent(Missing.REFUSED, study)
        return _after(last, EventState.WITHDRAWN, clock, (number, prev))

    return append_entry(place, draft)


@dataclass(frozen=True, slots=True)
class _Person:
    """Who says it, as the record names them."""

    id: str
    name: str
    storage: str
    collected: str


def _fresh(place: LedgerPlace, answer: Answer, state: EventState, clock: Clock) -> Draft:
    """Give a draft of a new record."""
    now_ns = clock.wall_ns()
    device = load_public_key(place.folder, "device", place.chain)
    person = _person(place, device)
    days = answer.notice.terms.consent_valid_days
    record_id = ulid(now_ns, secrets.token_bytes(10))

    def draft(number: int, prev: str, _: tuple[ConsentEntry, ...]) -> ConsentEntry:
        record = ConsentRecord(
            header=Header(record_id=record_id, pii_principal_id=person.id),
            pii_processing=_processing(answer, person),
            party_identification=_parties(answer.notice, person),
            event=_event(state, now_ns, days, person.id),
        )
        return ConsentEntry(
            chain=place.chain, number=number, prev=prev, wall_ns=now_ns,
            expires_wall_ns=now_ns + days * _DAY_NS, levels=StreamLevels.of(answer.levels),
            apps=answer.apps, device_key=device.public, record=record,
        )  # fmt: skip

    return draft


def _person(place: LedgerPlace, device: PublicKey) -> _Person:
    """Name the person: to a study, by the pseudonym that follows from the study's own keys."""
    user = load_public_key(place.folder, "user", place.chain)
    if place.chain == OWN_CHAIN:
        return _Person(user.key_id, "you", str(place.folder), _RECORDED)
    pseudonym = pseudonym_of(user.public, device.public)
    return _Person(pseudonym, "participant", _OWN_COMPUTER, _APPROVED)


def _processing(answer: Answer, person: _Person) -> PiiProcessing:
    terms = answer.notice.terms
    return PiiProcessing(
        privacy_notice=answer.notice.sha256,
        notice_id=terms.id,
        notice_version=terms.version,
        language=terms.language,
        purposes=tuple(_purpose(text, answer, person) for text in terms.purposes),
    )


def _purpose(text: str, answer: Answer, person: _Person) -> Purpose:
    terms = answer.notice.terms
    return Purpose(
        purpose=text,
        lawful_basis=terms.lawful_basis,
        pii_information=_streams(answer.levels, terms.streams),
        pii_controllers=(terms.controller.name,),
        collection_method=person.collected,
        processing_method="redacted on the device before it is stored, then encrypted",
        storage_locations=(person.storage,),
        retention_period=_days(terms.retention_days) if terms.retention_days else "until deleted",
        recipient_third_parties=terms.recipients,
        withdrawal_method=terms.withdrawal,
        privacy_rights=_RIGHTS,
        impact_assessment=terms.dpia,
    )


def _streams(levels: Levels, terms: StreamTerms) -> tuple[PiiInformation, ...]:
    return tuple(
        PiiInformation(
            pii_type=stream, pii_optional=not getattr(terms.required, stream), level=level
        )
        for stream, level in asdict(levels).items()
    )


def _parties(notice: Notice, person: _Person) -> tuple[Party, ...]:
    controller = notice.terms.controller
    contact = controller.keys[0] if controller.keys else person.id
    return (
        Party(party_id=person.id, party_name=person.name, party_role="pii_principal"),
        Party(party_id=contact, party_name=controller.name, party_role="pii_controller"),
    )


def _event(state: EventState, now_ns: int, days: int, entity_id: str) -> RecordEvent:
    return RecordEvent(
        event_time=_time(now_ns),
        validity_duration=_days(days),
        entity_id=entity_id,
        event_state=state,
    )


def _after(
    last: ConsentEntry, state: EventState, clock: Clock, link: tuple[int, str]
) -> ConsentEntry:
    """Give the entry that follows, with another state; `link` is number and hash before."""
    now_ns = clock.wall_ns()
    event = last.record.event.model_copy(update={"event_state": state, "event_time": _time(now_ns)})
    return last.model_copy(
        update={
            "number": link[0],
            "prev": link[1],
            "wall_ns": now_ns,
            "record": last.record.model_copy(update={"event": event}),
        }
    )


def _time(wall_ns: int) -> str:
    return datetime.fromtimestamp(wall_ns // _NS_PER_S, UTC).isoformat()


def _days(count: int) -> str:
    """Give an ISO 8601 duration."""
    return f"P{count}D"
