"""Sharing an episode anew: the earlier, perhaps wider bundle does not stay behind.

It is taken out of its drop. Where the study collected it, a notice asks it to erase the episode
as it was shared until now; what is shared after the notice is taken as usual.
"""

from collections.abc import Collection, Sequence
from typing import Final

from recorder.consent.kept_keys import user_key_of
from recorder.consent.studies import Joined
from recorder.sharing.erasing import Erasure, Scope, ask_erasure, asker_from_bundle, asker_of
from recorder.sharing.shared import Shared, SharedFolder
from recorder.sharing.taking_back import take_back

ALL_TIMES: Final = ((0, 2**62),)
"""Longer than any episode: unlike a wish without times it lets the episode come again."""


def earlier_ones(memory: SharedFolder, episode_id: str, content_sha256: str) -> list[Shared]:
    """Give what was sent of an episode with other content, and what waits beside it."""
    found = memory.of_episode(episode_id)
    sent = [one for one in found if one.state == "sent" and one.content_sha256 != content_sha256]
    return sent + [one for one in found if one.state == "sending"] if sent else []


def replace(
    memory: SharedFolder,
    joined: Joined,
    identity: str,
    earlier: Sequence[Shared],
    collected: Collection[str],
) -> Erasure | None:
    """Take earlier bundles of an episode back; gives the wish where one was collected.

    Args:
        memory: Of the study; for who is alone with it.
        joined: The study.
        identity: Opens the user key, which signs the wish.
        earlier: Of one episode.
        collected: Ids of bundles that the study has.

    Raises:
        KeyUnusable: The user key cannot be used; nothing was changed.
        OSError: The folder cannot be written; call again.
    """
    asked = [one for one in earlier if one.bundle_id in collected]
    wish = None
    for told in {one.pseudonym: one.manifest for one in asked}.values():
        is_present = told.pseudonym == joined.pseudonym  # else from before it was joined anew
        asker = asker_of(joined) if is_present else asker_from_bundle(joined.place, told)
        key = user_key_of(memory.folder, identity, memory.study, told.user_key)
        drops = dict.fromkeys(one.drop for one in asked if one.pseudonym == told.pseudonym)
        scope = Scope((told.episode_id,), ALL_TIMES)
        wish = ask_erasure(memory.folder, asker, scope, key, list(drops))
    take_back(memory, earlier)
    return wish
