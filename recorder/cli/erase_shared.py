"""`recorder unshare`, and `recorder consent withdraw --study S --erase`: have it all erased.

What still lies in a drop is taken back; for what was collected a signed notice asks the study.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.opening import (
    LAST,
    FolderOption,
    JsonOption,
    PassphraseOption,
    YesOption,
    own_folder,
)
from recorder.cli.passphrases import unlock_folder
from recorder.cli.progress import progress
from recorder.cli.spans import RANGE_HELP, time_range
from recorder.cli.trace import put_notice
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.keys import SigningKey, load_device_key, load_user_key
from recorder.consent.ledger import LedgerPlace
from recorder.consent.notice_signature import is_study_id
from recorder.consent.records import EventState
from recorder.consent.studies import StudyUnknown, find_joined
from recorder.core.amounts import count_text
from recorder.core.each_alone import EachAlone
from recorder.core.errors import ExitCode
from recorder.places import places
from recorder.sharing.erasing import (
    Asker,
    Erasure,
    Scope,
    ask_erasure,
    asker_from_bundle,
    asker_of,
    deliver_erasures,
)
from recorder.sharing.sending import alone, revoke
from recorder.sharing.shared import BundleUnknown, Shared, SharedFolder, studies_shared_with

ALL: Final = "all"
ToOption = Annotated[
    str | None, typer.Option("--to", help="Where it was shared to; else as it was sent.")
]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants to have erased.

    Attributes:
        ids: Episodes or bundles; `all` alone for everything.
        spans: Times of the one episode, as typed.
        to: A drop besides those that are remembered.
    """

    study: str
    ids: tuple[str, ...]
    spans: tuple[str, ...] = ()
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """What is to go.

    Attributes:
        shared: The bundles that hold it.
        episodes: By the person's own ids; none for everything.
        ranges: Times of the one episode, nanoseconds.
    """

    shared: Sequence[Shared]
    episodes: tuple[str, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()

    @property
    def scope(self) -> Scope:
        """The same in the study's ids."""
        ids = dict.fromkeys(one.study_episode_id for one in self.shared if self.episodes)
        return Scope(tuple(ids), self.ranges)

    @property
    def told(self) -> str:
        """The same in words."""
        if not self.episodes:
            return "everything that you shared with it"
        return ("parts of " if self.ranges else "") + ", ".join(self.episodes)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was done.

    Attributes:
        erasure: None where nothing was ever shared.
        what: What was asked, with the person's own ids.
        taken_back: Bundles that were still in their drop.
        failed: What could not be reached now, and why.
    """

    erasure: Erasure | None
    what: Meant
    taken_back: int
    failed: tuple[str, ...]


def unshare(  # noqa: PLR0913 - one parameter an option
    episode_ids: Annotated[
        list[str] | None, typer.Argument(help="Episodes that you shared, or last.")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="All that you shared.")] = False,
    study: Annotated[
        str | None, typer.Option("--study", help="With which study; needed when there are several.")
    ] = None,
    span: Annotated[
        list[str] | None, typer.Option("--range", help=f"{RANGE_HELP} May repeat.")
    ] = None,
    to: ToOption = None,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> int:
    """Have what you shared erased: taken back where it lies, erased where it was collected.

    The study answers with a signed receipt; recorder trace shows it. You stay in the study. To
    leave it too: recorder consent withdraw --study S --erase all
    """
    where, ids = own_folder(folder), tuple(episode_ids or ())
    if bool(ids) is every:
        raise output.UsageError("Name the episodes, or --all", "recorder trace shows them")
    wish = Wish(study or _only_study(where), (ALL,) if every else ids, tuple(span or ()), to)
    what = _meant(where, wish).told
    output.confirm(f"Ask {wish.study} to erase {what}?", yes=yes, declined="Nothing was asked")
    done = erase_shared(where, wish, passphrase_file)
    output.emit("unshare", asked_payload(wish, done), as_json, lambda: asked_told(wish, done))
    return told_failures(done)


def erase_shared(folder: Path, wish: Wish, passphrase_file: Path | None) -> Asked:
    """Write the notice, take bundles back, and bring the notice to the drops.

    After a withdrawal the study's device key signs, without a passphrase.

    Raises:
        BundleUnknown: Nothing was shared under one of the ids.
        StudyUnknown: Nobody knows the study.
        WrongPassphrase: Nothing was asked.
        SharingGoesOn: Something is being shared with it now.
    """
    meant = _meant(folder, wish)
    asker, is_withdrawn, known = _asker(folder, wish.study)
    drops = list(dict.fromkeys([one.drop for one in meant.shared] or known))
    drops += [wish.to] if wish.to and wish.to not in drops else []
    if not drops:
        return Asked(None, meant, 0, ())
    key: SigningKey
    if is_withdrawn:
        key = load_device_key(folder, wish.study)
    else:
        key = load_user_key(folder, unlock_folder(folder, passphrase_file), wish.study)
    each = EachAlone()
    with alone(SharedFolder(folder, wish.study)):
        erasure = ask_erasure(folder, asker, meant.scope, key, drops)
        taken_back = _take_back(folder, meant.shared, each)
    kept = deliver_erasures(folder, wish.study, put_notice)
    failed = [error.message for _, error in each.failed]
    failed += [error.message for errors in kept.values() for error in errors]
    return Asked(erasure, meant, taken_back, tuple(dict.fromkeys(failed)))


def asked_payload(wish: Wish, done: Asked) -> output.Payload:
    """Give what `--json` tells."""
    notice = done.erasure.notice if done.erasure else None
    return {
        "study": wish.study,
        "notice_id": notice.notice_id if notice else None,
        "scope": notice.scope if notice else None,
        "episodes": list(done.what.episodes) if notice else [],
        "study_episodes": list(notice.episodes) if notice else [],
        "due": done.erasure.due if done.erasure else None,
        "taken_back": done.taken_back,
        "delivered": done.erasure is not None and not done.failed,
        "failed": list(done.failed),
    }


def asked_told(wish: Wish, done: Asked) -> str:
    """Say what happens now."""
    if done.erasure is None:
        return f"Nothing was shared with {wish.study} from this folder, so nothing was asked."
    back = (
        f"Taken out of the drop: {count_text(done.taken_back, 'bundle')}. "
        if done.taken_back
        else ""
    )
    return (
        f"{wish.study} is asked to erase {done.what.told} by {done.erasure.due[:10]}.\n"
        f"{back}recorder trace shows when it is done."
    )


def told_failures(done: Asked) -> int:
    """Say what could not be reached; gives the exit code."""
    for why in done.failed:
        output.say(f"Not yet: {why}. recorder trace tries again.")
    return ExitCode.WARNINGS if done.failed else ExitCode.OK


def _meant(folder: Path, wish: Wish) -> Meant:
    """Give what is to go.

    Raises:
        BundleUnknown: Nothing was shared under one of the ids.
        UsageError: Times were given without exactly one episode.
    """
    shared = list(SharedFolder(folder, wish.study).all())
    if wish.ids == (ALL,):
        if wish.spans:
            raise output.UsageError("--range needs one episode", "recorder trace shows them")
        return Meant(shared)
    episodes = tuple(dict.fromkeys(_episode(shared, one) for one in wish.ids))
    if wish.spans and len(episodes) != 1:
        raise output.UsageError("--range needs one episode", "ask for one after the other")
    spans = [time_range(text) for text in wish.spans]
    ranges = tuple((one.start_ns, one.end_ns) for one in spans)
    return Meant([one for one in shared if one.episode_id in episodes], episodes, ranges)


def _episode(shared: Sequence[Shared], wanted: str) -> str:
    for one in reversed(shared):
        if wanted == LAST or wanted in one.ids:
            return one.episode_id
    raise BundleUnknown


def _asker(folder: Path, study: str) -> tuple[Asker, bool, list[str]]:
    """Give who asks, whether the person withdrew, and the drop that the notice names.

    A ledger that cannot be relied on does not keep anything from being erased.
    """
    state = places().state
    try:
        joined = find_joined(folder, state, study)
    except (StudyUnknown, ConsentUntrusted):
        shared = list(SharedFolder(folder, study).all()) if is_study_id(study) else []
        if not shared:
            raise
        # not study_place: a damaged ledger that was put out of force is no chain any more
        return asker_from_bundle(LedgerPlace(folder, state, study), shared[-1].manifest), False, []
    drop = joined.notice.terms.drop
    is_withdrawn = joined.entry.state is EventState.WITHDRAWN
    return asker_of(joined), is_withdrawn, [drop] if drop else []


def _take_back(folder: Path, meant: Sequence[Shared], each: EachAlone) -> int:
    """Take the bundles out of their drops; gives how many were still there."""
    count = 0
    with progress("Taking back", len(meant)) as step:
        for one in meant:
            with each.trying(one.bundle_id):
                count += revoke(folder, one)
            step()
    return count


def _only_study(folder: Path) -> str:
    found = studies_shared_with(folder)
    if len(found) == 1:
        return found[0]
    told = f"one of {', '.join(found)}" if found else "its name is in the study's notice"
    raise output.UsageError("Name the study with --study", told)
