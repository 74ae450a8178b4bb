"""`recorder consent give --notice`, `show` and `withdraw --study`: consent to share with a study."""

from dataclasses import asdict
from pathlib import Path

from recorder.cli import output
from recorder.cli.consent import begin_anew_if_untrusted
from recorder.cli.joining import Invitation, join_study
from recorder.cli.stream_questions import SHARING, summary
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import open_terminal
from recorder.consent.errors import ConsentExpired, ConsentUntrusted, NoConsent, date_text
from recorder.consent.folder import check_folder
from recorder.consent.ledger import LedgerPlace, read_ledger
from recorder.consent.notice import MAX_NOTICE_BYTES, NoticeInvalid
from recorder.consent.notice_signature import (
    MAX_SIGNATURE_BYTES,
    SIGNATURE_ENDING,
    fingerprint,
    signed_notice,
)
from recorder.consent.recipients import roles
from recorder.consent.studies import StudyUnknown, find_joined, invited, study_chains
from recorder.core.errors import ExitCode, RecorderError
from recorder.files import read_regular


class SignatureMissing(RecorderError):
    """A study's notice came without its signature."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"The signature {path.name} is not beside the notice",
            "get both files from the study, into one folder",
            ExitCode.SIGNATURE,
        )


def join(own: LedgerPlace, path: Path, passphrase_file: Path | None, *, as_json: bool) -> None:
    """Have the person at the terminal decide about sharing with a study.

    Args:
        own: The place of the recordings' folder.
        path: The notice; its signature lies beside it.
        passphrase_file: It opens the key, it says no yes.
        as_json: Print one JSON object.
    """
    ask = open_terminal()
    check_folder(own.folder)
    data, signature = read_notice(path)
    study = signed_notice(data, signature).terms.id
    begin_anew_if_untrusted(LedgerPlace(own.folder, own.state, study))
    notice, place = invited(own.folder, own.state, data, signature)
    answer = join_study(Invitation(place, ask, notice, data, signature, passphrase_file))
    payload: output.Payload = {
        "given": True, "study": study, "levels": asdict(answer.levels),
        "apps": list(answer.apps),
    }  # fmt: skip
    output.emit("consent-give", payload, as_json, _what_next(own, study))


def read_notice(path: Path) -> tuple[bytes, bytes]:
    """Give a notice and the signature beside it.

    Raises:
        NoticeInvalid: The notice cannot be read.
        SignatureMissing: There is no signature.
    """
    try:
        data = read_regular(path, MAX_NOTICE_BYTES, follow=True)
    except OSError as cause:
        raise NoticeInvalid(f"{path} cannot be read") from cause
    beside = path.with_name(path.name + SIGNATURE_ENDING)
    try:
        return data, read_regular(beside, MAX_SIGNATURE_BYTES, follow=True)
    except OSError as cause:
        raise SignatureMissing(beside) from cause


def show_study(own: LedgerPlace, study: str, *, as_json: bool) -> None:
    """Show what the person agreed to share with a study, and until when."""
    found = find_joined(own.folder, own.state, study)
    found.in_force(SystemClock())
    entry, terms = found.entry, found.notice.terms
    levels, until = entry.levels.levels(), date_text(entry.expires_wall_ns)
    payload: output.Payload = {
        "study": study,
        "controller": terms.controller.name,
        "contact": terms.controller.contact,
        "keys": list(terms.controller.keys),
        "recipients": list(roles(terms)),
        "pseudonym": found.pseudonym,
        "consent_id": found.consent_id,
        "state": entry.state.value,
        "levels": asdict(levels),
        "apps": list(entry.apps),
        "since": entry.record.event.event_time,
        "until": until,
        "notice_sha256": entry.notice_sha256,
    }
    text = (
        f"You joined {study} of {terms.controller.name} on {date_text(entry.wall_ns)}, until "
        f"{until}.\nIts key: {fingerprint(terms.controller.keys[0])}\n"
        f"Goes to: {', '.join(roles(terms))}\nThe study knows you as {found.pseudonym}. "
        f"It may get, from {', '.join(entry.apps)}:\n{summary(levels, SHARING)}\n"
        f"To take it back: recorder consent withdraw --study {study}"
    )
    output.emit("consent", payload, as_json, text)


def after_leaving(place: LedgerPlace, erase: list[str], spans: list[str], *, as_json: bool) -> int:
    """Ask for the erasure that the person wants, or say how; needs no passphrase.

    Args:
        place: The study's chain, which ends in a withdrawal.
        erase: `all`, or ids of episodes; none leaves it at the withdrawal.
        spans: Times of the one episode, as typed.
        as_json: Print one JSON object.
    """
    study = place.chain
    payload: output.Payload = {"withdrawn": True, "study": study}
    if not erase:
        text = (
            "Your own recording is as it was. What you sent the study keeps as its notice says, and "
            "what lies in its drop it may still fetch.\n"
            f"To have all of it taken back and erased: recorder consent withdraw --study {study} --erase all"
        )
        output.emit("consent-withdraw", payload, as_json, text)
        return ExitCode.OK
    from recorder.cli import erase_shared  # noqa: PLC0415 - loads the tables' library

    wish = erase_shared.Wish(study, tuple(erase), tuple(spans))
    done = erase_shared.erase_shared(place.folder, wish, None)
    payload |= {"erasure": erase_shared.asked_payload(wish, done)}
    output.emit("consent-withdraw", payload, as_json, lambda: erase_shared.asked_told(wish, done))
    return erase_shared.told_failures(done)


def still_shared_with(own: LedgerPlace) -> list[str]:
    """Give the studies whose yes holds; one that cannot be checked is left out."""
    found = []
    for study in study_chains(own.folder):
        try:
            find_joined(own.folder, own.state, study).in_force(SystemClock())
        except (NoConsent, ConsentExpired, ConsentUntrusted, StudyUnknown):
            continue
        found.append(study)
    return found


def _what_next(own: LedgerPlace, study: str) -> str:
    try:
        records = bool(read_ledger(own).entries)
    except ConsentUntrusted:
        records = False
    to_record = "" if records else "This starts no recording. To record: recorder start\n"
    return (
        f"You joined {study}. {to_record}Nothing is sent before you approve it: "
        f"recorder approve last --study {study}\n"
        f"To take it back at any time: recorder consent withdraw --study {study}"
    )
