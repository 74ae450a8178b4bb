"""`recorder unshare`, and `recorder consent withdraw --study S --erase`: have it all erased.

What still lies in a drop is taken back; for what was collected a signed notice asks the study.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from recorder.cli import output
from recorder.cli.erase_told import Asked, Meant, asked_payload, asked_told, told_failures
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
from recorder.cli.revoking import to_revoke
from recorder.cli.settling import put_notice
from recorder.cli.spans import RANGE_HELP, time_range
from recorder.consent.errors import ConsentUntrusted
from recorder.consent.kept_keys import user_key_of
from recorder.consent.keys import SigningKey, load_device_key
from recorder.consent.ledger import LedgerPlace
from recorder.consent.notice_signature import is_study_id
from recorder.consent.records import EventState
from recorder.consent.studies import StudyUnknown, find_joined
from recorder.core.each_alone import EachAlone
from recorder.places import places
from recorder.sharing.erasing import (
    Asker,
    Erasure,
    ask_erasure,
    asker_from_bundle,
    asker_of,
    deliver_erasures,
    erasures,
)
from recorder.sharing.known_as import asker_by_keys, earlier_askers
from recorder.sharing.shared import (
    BundleUnknown,
    Shared,
    SharedFolder,
    alone,
    studies_shared_with,
)
from recorder.sharing.taking_back import TakenBack, end_approval, take_back

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
    output.emit(
        "unshare", asked_payload(wish.study, done), as_json, lambda: asked_told(wish.study, done)
    )
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
        return Asked(None, meant, 0)
    before, key = _asked_before(folder, asker, meant, drops), None
    if before is None:
        key = _key(folder, asker, passphrase_file, is_withdrawn=is_withdrawn)
    memory, each = SharedFolder(folder, wish.study), EachAlone()
    with alone(memory):
        erasure = before if key is None else ask_erasure(folder, asker, meant.scope, key, drops)
        back = _take_back(memory, meant.shared)
        with each.trying("what was shared before you joined anew"):
            _ask_earlier(memory, asker, meant, passphrase_file)
    failed = {drop: error.message for drop, error in (*back.failed.items(), *each.failed)}
    for notice_id, errors in deliver_erasures(folder, wish.study, put_notice).items():
        failed[f"erasure notice {notice_id}"] = errors[0].message
    return Asked(erasure, meant, len(back.there), failed, again=before is not None)


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
        if not is_study_id(study):
            raise
        # not study_place: a damaged ledger that was put out of force is no chain any more
        place, shared = LedgerPlace(folder, state, study), list(SharedFolder(folder, study).all())
        if shared:
            return asker_from_bundle(place, shared[-1].manifest), False, []
        found = asker_by_keys(place)
        if found is None:
            raise
        return found[0], False, [found[1]] if found[1] else []
    drop = joined.notice.terms.drop
    is_withdrawn = joined.entry.state is EventState.WITHDRAWN
    return asker_of(joined), is_withdrawn, [drop] if drop else []


def _ask_earlier(
    memory: SharedFolder,
    present: Asker,
    meant: Meant,
    passphrase_file: Path | None,
) -> None:
    """Ask also for what was shared under an earlier pseudonym; its user key alone can sign."""
    folder = memory.folder
    place = LedgerPlace(folder, places().state, memory.study)
    for asker in earlier_askers(place, present.pseudonym, meant.shared):
        drops = dict.fromkeys(one.drop for one in meant.shared if one.pseudonym == asker.pseudonym)
        if _asked_before(folder, asker, meant, list(drops)) is None:
            key = _key(folder, asker, passphrase_file, is_withdrawn=False)
            ask_erasure(folder, asker, meant.scope, key, list(drops))


def _asked_before(folder: Path, asker: Asker, meant: Meant, drops: Sequence[str]) -> Erasure | None:
    """Give a wish for the same that is not answered yet; None when something came since."""
    made = [datetime.fromisoformat(one.manifest.created) for one in meant.shared]
    scope = meant.scope
    for wish in erasures(folder, asker.study):
        notice = wish.notice
        is_same = (notice.pseudonym, notice.episodes, notice.ranges) == (
            asker.pseudonym, scope.episodes, scope.ranges,
        )  # fmt: skip
        is_open = not wish.answered and not wish.reason and set(drops) <= set(wish.drops)
        if (
            is_same
            and is_open
            and all(one <= datetime.fromisoformat(notice.created) for one in made)
        ):
            return wish
    return None


def _key(
    folder: Path, asker: Asker, passphrase_file: Path | None, *, is_withdrawn: bool
) -> SigningKey:
    """Give what signs: after a withdrawal the device key, which needs no passphrase."""
    if is_withdrawn:
        return load_device_key(folder, asker.study)
    identity = unlock_folder(folder, passphrase_file)
    return user_key_of(folder, identity, asker.study, asker.keys.user_key)


def _take_back(memory: SharedFolder, meant: Sequence[Shared]) -> TakenBack:
    """Take the bundles out of their drops, and their approvals back."""
    with progress("Taking back", len(meant)) as step:
        for episode_id in {one.episode_id for one in meant}:
            end_approval(memory, episode_id)
        return take_back(memory, to_revoke(memory.folder, meant), step)


def _only_study(folder: Path) -> str:
    found = studies_shared_with(folder)
    if len(found) == 1:
        return found[0]
    told = f"one of {', '.join(found)}" if found else "its name is in the study's notice"
    raise output.UsageError("Name the study with --study", told)
