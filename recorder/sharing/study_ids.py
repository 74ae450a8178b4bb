"""The id by which a study knows an episode: another one for each study, the same every time.

Two studies that compare ids do not find the same recording. Who holds the folder can tell
which id stands for which episode, without a passphrase; nobody else can.
"""

import hmac
from pathlib import Path
from typing import Final

from recorder.consent.keys import load_device_key
from recorder.core.ids import ulid, ulid_wall_ns

_PURPOSE: Final = "recorder.study-episode-ids/1 "
_DAY_NS: Final = 86_400 * 10**9


def id_for_study(folder: Path, study: str, episode_id: str) -> str:
    """Give the id of an episode for a study: a ULID that tells the day (UTC) and no more.

    Args:
        folder: The recording folder, whose device key the id is made with.
        study: The study's name.
        episode_id: The person's own id of the episode.

    Raises:
        KeyUnusable: The device key is missing, damaged or open to others.
    """
    secret = load_device_key(folder).derived(_PURPOSE + study)
    wall_ns = ulid_wall_ns(episode_id)
    return ulid(wall_ns - wall_ns % _DAY_NS, hmac.digest(secret, episode_id.encode(), "sha256"))
