"""`recorder consent give --notice`, `show` and `withdraw --study`: consent to share with a study."""

from dataclasses import asdict, dataclass
from pathlib import Path

from recorder.cli import output
from recorder.cli.consent import begin_anew_if_untrusted
from recorder.cli.ending import Ended, end_consent
from recorder.cli.joining import Invitation, join_study
from recorder.cli.stream_questions import SHARING, summary
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import open_terminal
from recorder.consent.errors import ConsentExpired, ConsentUntrusted, NoConsent, date_text
from recorder.consent.folder import FolderReadOnly, check_folder
from recorder.consent.ledger import LedgerPlace, read_ledger
from recorder.consent.notice import MAX_NOTICE_BYTES, NoticeInvalid
from recorder.consent.notice_signature import (
    MAX_SIGNATURE_BYTES,
    SIGNATURE_ENDING,
    fingerprint,
    is_study_id,
    signed_notice,
)
from recorder.consent.recipients import roles
from recorder.consent.studies import (
    StudyUnknown,
    find_joined,
    invited,
    study_chains,
    study_place,
)
from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.copies import SHARED
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


@dataclass(frozen=True, slots=True)
class ErasureWish:
    """What the study shall erase: `all`, or ids of episodes, or times of one; nothing if empty."""

    ids: tuple[str, ...] = ()
    spans: tuple[str, ...] = ()


def leave_study(own: LedgerPlace, study: str, wish: ErasureWish, *, as_json: bool) -> int:
    """End the consent to share with a study, at once and without a passphrase.

    Then what was not collected is taken back, the study is told, and asked to erase what the
    person wishes. Safe to call again: what is done is said to be done.

    Raises:
        StudyUnknown: The person never joined it.
        FolderReadOnly: It could not be written down; the consent is out of force all the same.
        BundleUnknown: The person left; nothing was shared under an id that shall be erased.
    """
    place = _left_or_joined(own, study)
    ended = _ended(place)
    output.say(_ended_told(ended, place))
    if ended.how == "no folder":
        output.emit("consent-withdraw", {"withdrawn": True, "study": study}, as_json, "")
        return ExitCode.WARNINGS
    from recorder.cli import leaving, settling  # noqa: PLC0415 - loads the tables' library: after the end

    gone = leaving.take_leave(place)
    payload: output.Payload = {
        "withdrawn": True, "already": ended.how == "already", "study": study,
        **leaving.gone_payload(gone),
    }  # fmt: skip
    lines, code = leaving.gone_told(gone, study), ExitCode.OK
    if wish.ids:
        lines = lines if gone.shared else []
        code = _erase_too(place, wish, payload, lines)
    elif gone.collected or gone.not_there:
        lines.append(f"To have that erased: recorder consent withdraw --study {study} --erase all")
    lines.append("Your own recording is as it was.")
    output.emit("consent-withdraw", payload, as_json, "\n".join(lines))
    settling.say_left(gone.failed)
    return ExitCode.WARNINGS if gone.failed else code


def _erase_too(
    place: LedgerPlace, wish: ErasureWish, payload: output.Payload, lines: list[str]
) -> ExitCode:
    """Ask for the erasure; where that fails, what was done before is said all the same."""
    from recorder.cli import erase_shared, erase_told  # noqa: PLC0415 - as above

    asked = erase_shared.Wish(place.chain, wish.ids, wish.spans)
    try:
        done = erase_shared.erase_shared(place.folder, asked, None)
    except RecorderError:
        for line in lines:
            output.say(line)
        raise
    payload["erasure"] = erase_told.asked_payload(place.chain, done)
    lines.append(erase_told.asked_told(place.chain, done))
    return erase_told.told_failures(done)


def _ended(place: LedgerPlace) -> Ended:
    """End a consent; where it cannot be written down, say that it ended all the same."""
    try:
        return end_consent(place)
    except FolderReadOnly:
        output.say(
            f"You left the study {place.chain}: no consent to share with it is in force. But that "
            "could not be written down. Once it can be, run this again to take back what you "
            "shared and to tell the study."
        )
        raise


def _left_or_joined(own: LedgerPlace, study: str) -> LedgerPlace:
    """Give the chain of a study; also where only what was shared with it is left.

    Raises:
        StudyUnknown: Nothing is known of it here.
    """
    try:
        return study_place(own.folder, own.state, study)
    except StudyUnknown:
        if not is_study_id(study) or not (own.folder / SHARED / study).is_dir():
            raise
        return LedgerPlace(own.folder, own.state, study)


def _ended_told(ended: Ended, place: LedgerPlace) -> str:
    study = place.chain
    return {
        "ended": f"You left the study {study}. Nothing more is shared with it.",
        "already": f"You had left the study {study} before. Nothing is shared with it.",
        "refused": f"You said no to the study {study} before. Nothing is shared with it.",
        "never": f"No consent to share with {study} is in force.",
        "set aside": (
            f"You left the study {study}. Nothing more is shared with it. Its ledger was set "
            f"aside, so it cannot be told: {ended.why}."
        ),
        "no folder": (
            f"You left the study {study}. There is no folder {place.folder} just now: when it is "
            "back, run this again to take back what you shared."
        ),
    }[ended.how]


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
