"""What may be approved: closed, recorded here under a person's consent, and as it was signed."""

from pathlib import Path

from recorder.consent.keys import load_public_key, verify_envelope
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.proofs import GrantKind
from recorder.episodes.manifest import MANIFEST_LIMIT_BYTES, MANIFEST_TYPE
from recorder.episodes.names import KEY_FILE, MANIFEST_FILE
from recorder.episodes.owner import manifest_checker
from recorder.episodes.reader import Episode
from recorder.episodes.table_files import read_regular
from recorder.episodes.verify import verify


class NotApprovable(RecorderError):
    """The episode cannot be approved as it is."""

    def __init__(self, why: str, fix: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(f"That episode cannot be approved: {why}", fix, code)


class SignedElsewhere(RecorderError):
    """Somebody else signed the manifest, so it does not tell what was recorded here."""

    def __init__(self) -> None:
        super().__init__(
            "That episode cannot be approved: this folder's key did not sign it",
            "recorder verify tells more; approve an episode that was recorded into this folder",
            ExitCode.SIGNATURE,
        )


def check_approvable(episode: Episode) -> None:
    """See that an episode, or a part of it, may be approved.

    Raises:
        NotApprovable: It was not closed, or is a demonstration.
        SignedElsewhere: Its manifest is not signed by this folder's device key.
    """
    if episode.manifest is None:
        raise NotApprovable("it was not closed", "recorder stop, then try again")
    envelope = read_regular(episode.path / MANIFEST_FILE, MANIFEST_LIMIT_BYTES)
    if not manifest_checker(episode.path.parents[2])(envelope):
        raise SignedElsewhere
    if episode.manifest.grant == GrantKind.DEMO:
        raise NotApprovable(
            "it is a demonstration, to which nobody consented",
            "choose an episode that you recorded",
            ExitCode.CONSENT_MISMATCH,
        )


def check_files(home: Path, used: set[str]) -> None:
    """See that the key and the files that were used are those that the manifest lists.

    A signed manifest left beside other files, sealed anew, would vouch for them.
    """
    device = load_public_key(home.parents[2], "device")
    found = verify(home, lambda data: verify_envelope(data, device, MANIFEST_TYPE))
    changed = sorted({KEY_FILE, *used} & {*found.changed, *found.foreign})
    if changed:
        raise NotApprovable(
            f"{changed[0]} is not the one that was signed",
            "recorder verify tells more; delete what cannot be trusted",
            ExitCode.HASH,
        )
