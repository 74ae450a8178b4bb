"""Leads a fresh account to ready: folder, passphrase, four streams, apps. Eight answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from recorder.cli.init import FolderWish, recovery_advice, set_up
from recorder.cli.passphrases import unlock_folder
from recorder.cli.stream_questions import FOUR, ask_streams, show_notice, summary
from recorder.cli.system_clock import SystemClock
from recorder.cli.terminal import Terminal
from recorder.consent.errors import (
    ClockSetBack,
    ConsentExpired,
    Missing,
    NoConsent,
    NoticeChanged,
)
from recorder.consent.folder import (
    FOLDER_FILE,
    FolderReadOnly,
    FolderUnusable,
    check_folder,
    check_new,
    chosen_folder,
    remember_folder,
)
from recorder.consent.gate import Gate
from recorder.consent.giving import Answer, give, refuse
from recorder.consent.keys import UserKey, load_user_key
from recorder.consent.ledger import LedgerPlace, kept_notice, read_ledger
from recorder.consent.notice import default_notice_file, difference, parse_notice
from recorder.consent.passphrase import Passphrase
from recorder.consent.records import NOTHING, EventState
from recorder.core.levels import Levels
from recorder.places import Places

_TITLE_WIDTH = 60


@dataclass(frozen=True, slots=True)
class OpenApp:
    """An app with a window on the screen now."""

    app_id: str
    name: str


class Apps(Protocol):
    """The person's list of allowed apps, and what is open to pick from."""

    def allowed(self) -> Sequence[str]:
        """Give the entries of the list."""

    def open_now(self) -> Sequence[OpenApp]:
        """Give the apps with open windows, without those that are never recorded."""

    def allow(self, entries: Sequence[str]) -> None:
        """Add to the list."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One talk about consent.

    Attributes:
        place: Whose ledger.
        ask: The person.
        streams: Which streams are asked about.
        passphrase_file: Of `--passphrase-file`; it opens the key, it says no yes.
        user_key: The person's key when it is open already.
    """

    place: LedgerPlace
    ask: Terminal
    streams: Sequence[str] = FOUR
    passphrase_file: Path | None = None
    user_key: UserKey | None = field(default=None, repr=False)


def guide(places: Places, ask: Terminal, apps: Apps, folder: Path | None = None) -> Path:
    """Lead through whatever is missing; give the folder when recording may begin.

    On a fresh account: folder, passphrase, the same again, four streams, apps.

    Args:
        places: This user's places.
        ask: The person.
        apps: The list of allowed apps and the open windows.
        folder: Of `--folder`.

    Raises:
        NoConsent: The person said no to everything.
        Left: The person ended the questions.
        RecorderError: Folder, keys or ledger cannot be used.
    """
    found, user_key = _folder(places, ask, folder)
    place = LedgerPlace(found, places.state)
    if not _agreed(place):
        talk_about_consent(Conversation(place, ask, user_key=user_key))
    if not apps.allowed():
        _pick_apps(ask, apps)
    return found


def talk_about_consent(talk: Conversation) -> Levels:
    """Show the notice, ask stream by stream, write a yes or a no to the ledger.

    Raises:
        NoConsent: The person said no to everything; the ledger holds the no.
    """
    ask = talk.ask
    data = default_notice_file().read_bytes()
    notice = parse_notice(data)
    _show_before(talk, data)
    show_notice(ask, notice)
    levels = ask_streams(ask, notice, talk.streams)
    answer = Answer(notice, data, levels, notice.terms.apps)
    clock = SystemClock()
    if levels == NOTHING:
        refuse(talk.place, answer, clock)
        raise NoConsent(Missing.REFUSED)
    ask.say()
    ask.say(summary(levels))
    key = talk.user_key or _user_key(talk)
    give(talk.place, answer, key, clock)
    ask.say("Agreed. To take it back at any time: recorder consent withdraw")
    return levels


def _folder(places: Places, ask: Terminal, option: Path | None) -> tuple[Path, UserKey | None]:
    """Give the folder in use, or make one."""
    if option is not None and option.is_dir():
        check_folder(chosen_folder(places, option))
        return chosen_folder(places, option), None
    if option is None and places.folder_pointer.exists():
        found = chosen_folder(places)
        check_folder(found)
        return found, None
    wanted = option.expanduser().absolute() if option else _ask_folder(places, ask)
    if (wanted / FOLDER_FILE).exists():
        check_folder(wanted)
        remember_folder(places, wanted)
        return wanted, None
    check_new(wanted)
    ask.say("A passphrase locks your recordings. Nobody can reset it for you.")
    made = set_up(places, FolderWish(wanted, Passphrase(ask.new_passphrase())))
    ask.say(recovery_advice(made))
    return made.folder, made.user_key


def _ask_folder(places: Places, ask: Terminal) -> Path:
    """Give a folder that can be made; asks again after one that cannot."""
    ask.say("Nothing is recorded until you have said yes. You can stop at any time: Ctrl-C.")
    while True:
        answer = ask.line(f"Folder for your recordings? [{places.default_folder}]")
        wanted = Path(answer).expanduser().absolute() if answer else places.default_folder
        if (wanted / FOLDER_FILE).exists():
            return wanted
        try:
            check_new(wanted)
        except (FolderUnusable, FolderReadOnly) as problem:
            ask.say(str(problem))
        else:
            return wanted


def _agreed(place: LedgerPlace) -> bool:
    """Tell whether the gate would open; what cannot be mended by asking is raised."""
    try:
        Gate(place.folder, place.state, SystemClock()).open()
    except ClockSetBack:
        raise
    except (NoConsent, NoticeChanged, ConsentExpired):
        return False
    return True


def _show_before(talk: Conversation, data: bytes) -> None:
    """Say what stands, and show what changed in the notice since the person last agreed."""
    entries = read_ledger(talk.place).entries
    given = [e for e in entries if e.state is EventState.GIVEN]
    if not given:
        return
    if entries[-1].state in {EventState.GIVEN, EventState.NARROWED}:
        talk.ask.say("You agreed before. What you choose now takes its place; a no ends it.")
    old = kept_notice(talk.place, given[-1].notice_sha256)
    if old != data:
        talk.ask.say("The notice changed since you agreed:")
        talk.ask.say(difference(old, data))


def _user_key(talk: Conversation) -> UserKey:
    identity = unlock_folder(talk.place.folder, talk.passphrase_file, talk.ask)
    return load_user_key(talk.place.folder, identity)


def _pick_apps(ask: Terminal, apps: Apps) -> None:
    found = list(apps.open_now())
    if not found:
        ask.say("No window is open. Allow an app with: recorder apps allow NAME")
        return
    ask.say()
    ask.say("Only the apps you pick are recorded. All others are painted out.")
    names = [f"{app.name} ({app.app_id})"[:_TITLE_WIDTH] for app in found]
    picked = ask.pick("Which? Numbers, like 1 3. [none]", names)
    if picked:
        apps.allow([found[position].app_id for position in picked])
    else:
        ask.say("None yet. Allow an app with: recorder apps allow NAME")
