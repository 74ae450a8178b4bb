"""Leads a person through joining a study: who asks, what for, what may be shared."""

import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from recorder.cli.passphrases import unlock_folder
from recorder.cli.stream_questions import ALL, SHARING, ask_streams, show_notice, summary
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import Terminal
from recorder.cli.understanding import ask_phrase, ask_understanding
from recorder.consent.errors import Missing, NoConsent
from recorder.consent.giving import Answer, give, refuse
from recorder.consent.ledger import LedgerPlace, kept_notice, read_ledger
from recorder.consent.lint import lint, promises
from recorder.consent.notice import Notice, NoticeInvalid, difference
from recorder.consent.notice_signature import fingerprint
from recorder.consent.records import NOTHING, EventState
from recorder.consent.studies import keep_signed, study_key
from recorder.core.levels import Levels
from recorder.episodes.identity import owners

_EVERY_APP: Final = "*"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A study's notice whose signature was checked, and who is asked.

    Attributes:
        place: The study's chain.
        ask: The person.
        notice: Taken apart.
        data: Its exact bytes.
        signature: The envelope beside it.
        passphrase_file: Of `--passphrase-file`; it opens the key, it says no yes.
    """

    place: LedgerPlace
    ask: Terminal
    notice: Notice
    data: bytes
    signature: bytes
    passphrase_file: Path | None = None


def join_study(invitation: Invitation) -> Answer:
    """Show the notice, ask what may be shared, and write a yes to the study's chain.

    Raises:
        NoticeInvalid: The notice lacks what a person must be told; nothing was asked.
        NoConsent: The person said no; a yes of before has ended.
        NotAgreed: The questions or the phrase were not answered; nothing has changed.
        Left: The person ended the questions; nothing has changed.
    """
    ask, notice = invitation.ask, invitation.notice
    _check_fair(notice)
    _say_who(invitation)
    _show_before(invitation)
    show_notice(ask, notice, SHARING)
    levels = ask_streams(ask, notice, ALL, SHARING)
    lacking = [] if levels == NOTHING else _lacking(levels, notice)
    if lacking:
        ask.say(f"This study cannot do without {', '.join(lacking)}.")
    apps = () if levels == NOTHING or lacking else _ask_apps(ask, notice)
    answer = Answer(notice, invitation.data, levels, apps)
    if not apps:
        _end_earlier(invitation, answer)
        raise NoConsent(Missing.REFUSED, notice.terms.id)
    ask_understanding(ask, notice, secrets.SystemRandom().shuffle)
    ask.say()
    ask.say(summary(levels, SHARING))
    ask.say(f"  From: {'any app' if _EVERY_APP in apps else ', '.join(apps)}")
    ask_phrase(ask, notice.terms.id)
    _agree(invitation, answer)
    return answer


def _check_fair(notice: Notice) -> None:
    """Refuse a notice that hides what people must know, whoever signed it."""
    problems = lint(notice).problems
    if problems:
        raise NoticeInvalid("; ".join(problems))


def _say_who(invitation: Invitation) -> None:
    ask, terms = invitation.ask, invitation.notice.terms
    ask.say(f"{terms.controller.name} asks you to share recordings with the study {terms.id}.")
    ask.say("The notice is signed. This is the study's key:")
    for key in terms.controller.keys:
        ask.say(f"  {fingerprint(key)}")
    if not read_ledger(invitation.place).entries:
        ask.say(f"Compare it with the key that you were told. Ask: {terms.controller.contact}")
    ask.say("By signing it they promise:")
    for promise in promises(invitation.notice):
        ask.say(f"  {promise}")
    if terms.drop is not None:
        ask.say(f"What you send is left at: {terms.drop}")


def _show_before(invitation: Invitation) -> None:
    """Say what stands, and show what changed in the notice since the person last agreed."""
    entries = read_ledger(invitation.place).entries
    given = [entry for entry in entries if entry.state is EventState.GIVEN]
    if not given:
        return
    if entries[-1].state in {EventState.GIVEN, EventState.NARROWED}:
        invitation.ask.say("You joined before. What you choose now takes its place; a no ends it.")
    old = kept_notice(invitation.place, given[-1].notice_sha256)
    if old != invitation.data:
        invitation.ask.say("The notice changed since you agreed:")
        invitation.ask.say(difference(old, invitation.data))


def _lacking(levels: Levels, notice: Notice) -> list[str]:
    """Give the streams that the study requires and the person did not choose."""
    required = asdict(levels)
    terms = notice.terms.streams.required
    return [
        stream
        for stream, level in required.items()
        if getattr(terms, stream) and level not in getattr(terms, stream)
    ]


def _ask_apps(ask: Terminal, notice: Notice) -> tuple[str, ...]:
    """Give the entries of the notice's list that the person picks; never another."""
    offered = notice.terms.apps
    if _EVERY_APP in offered:
        return (_EVERY_APP,)
    ask.say()
    picked = ask.pick("Share from which? Numbers, like 1 3. [none]", offered)
    return tuple(offered[position] for position in picked)


def _end_earlier(invitation: Invitation, answer: Answer) -> None:
    """Write a no where there was a yes; who never joined leaves no trace by saying no."""
    if read_ledger(invitation.place).entries:
        keep_signed(invitation.place, invitation.data, invitation.signature)
        refuse(invitation.place, answer, SystemClock())


def _agree(invitation: Invitation, answer: Answer) -> None:
    place = invitation.place
    identity = unlock_folder(place.folder, invitation.passphrase_file, invitation.ask)
    key = study_key(place, identity, owners(place.folder))
    keep_signed(place, invitation.data, invitation.signature)
    give(place, answer, key, SystemClock())
