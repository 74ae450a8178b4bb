"""Taking back single bundles, or all of an episode: `recorder share revoke`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from recorder.cli import output
from recorder.cli.settling import fetch_from
from recorder.places import places
from recorder.sharing.collected import collected_by
from recorder.sharing.shared import Shared, SharedFolder, alone
from recorder.sharing.taking_back import end_approval, take_back

Came = Literal["taken back", "collected", "not there", "not sent", "owed"]
_TOLD: Final[dict[Came, str]] = {
    "taken back": "taken back from {drop}; as far as is known {study} did not fetch it",
    "collected": "{study} collected it on {day} and has it",
    "not there": "not in {drop} any more; {study} may have it",
    "not sent": "it was not sent yet, and is not sent any more",
    "owed": "not taken back yet; recorder trace tries again",
}


@dataclass(frozen=True, slots=True)
class Revoked:
    """What came of one bundle. `why`: what keeps it in its drop; `day`: when it was collected."""

    bundle: Shared
    came: Came
    day: str = ""
    why: str = ""


def to_revoke(folder: Path, found: Sequence[Shared]) -> list[Shared]:
    """Give those that were not taken back yet, or may still lie in their drop."""
    studies = {one.study for one in found}
    owed = {one.bundle_id for study in studies for one in SharedFolder(folder, study).owed()}
    return [one for one in found if one.state != "revoked" or one.bundle_id in owed]


def question(bundles: Sequence[Shared]) -> str:
    """Ask, naming what goes and from where."""
    places = "".join(f"\n  {one.bundle_id} of {one.episode_id}: {one.drop}" for one in bundles)
    count = "this" if len(bundles) == 1 else f"these {len(bundles)}"
    return output.printable(f"Take back {count}, and the approval with it?{places}\n")


def revoke(folder: Path, bundles: Sequence[Shared], wanted: str) -> list[Revoked]:
    """Take bundles back, and approvals of which nothing else was shared.

    Args:
        folder: The recording folder.
        bundles: Of one study or several.
        wanted: As the person named them: an episode's id takes its approval in any case.

    Raises:
        SharingGoesOn: Something is being shared with that study now.
    """
    done = []
    for study in sorted({one.study for one in bundles}):
        memory = SharedFolder(folder, study)
        with alone(memory):
            done += _revoke(memory, [one for one in bundles if one.study == study], wanted)
    return done


def revoked_payload(done: Sequence[Revoked]) -> output.Payload:
    """Give what `--json` tells."""
    return {
        "removed": all(one.came in {"taken back", "not sent"} for one in done),
        "bundles": [
            {
                "bundle_id": one.bundle.bundle_id, "episode_id": one.bundle.episode_id,
                "study": one.bundle.study, "drop": one.bundle.drop, "state": one.came,
                "why": one.why,
            }
            for one in done
        ],
    }  # fmt: skip


def revoked_told(done: Sequence[Revoked]) -> str:
    """Say what came of each."""
    lines = []
    for one in done:
        told = _TOLD[one.came].format(drop=one.bundle.drop, study=one.bundle.study, day=one.day)
        lines.append(f"{one.bundle.bundle_id}: {told}{f': {one.why}' if one.why else ''}.")
    there = [one.bundle for one in done if one.came in {"collected", "not there"}]
    for study, episode_id in sorted({(one.study, one.episode_id) for one in there}):
        lines.append(f"To have it erased there: recorder unshare {episode_id} --study {study}")
    return output.printable("\n".join(lines))


def _revoke(memory: SharedFolder, bundles: Sequence[Shared], wanted: str) -> list[Revoked]:
    fetch_from(memory, {one.drop for one in bundles})
    collected = collected_by(memory, places().state)
    going = {one.bundle_id for one in bundles}
    named = {name for one in bundles for name in (one.episode_id, one.study_episode_id)}
    for episode_id in {one.episode_id for one in bundles}:
        stays = any(
            one.state != "revoked" and one.bundle_id not in going
            for one in memory.of_episode(episode_id)
        )
        if not stays or wanted in named:
            end_approval(memory, episode_id)
    back = take_back(memory, bundles)
    there = {one.bundle_id for one in back.there}
    done = []
    for one in bundles:
        failed = back.failed.get(one.drop)
        came: Came = "not there" if one.sent else "not sent"
        came = "taken back" if one.bundle_id in there else came
        came = "collected" if one.bundle_id in collected else came
        if failed is not None and any(one.bundle_id == it.bundle_id for it in back.owed):
            done.append(Revoked(one, "owed", why=failed.message))
        else:
            done.append(Revoked(one, came, collected.get(one.bundle_id, "")[:10]))
    return done
