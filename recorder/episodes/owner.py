"""What changing an own episode needs of its owner: a signature and public keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from recorder.consent.keys import KeyUnusable, load_device_key
from recorder.episodes.identity import recipients
from recorder.episodes.manifest import MANIFEST_TYPE


@dataclass(frozen=True, slots=True)
class Owner:
    """Who signs manifests and to whom summaries are sealed.

    Attributes:
        sign: Gives a DSSE envelope around a manifest; None leaves manifests as they are.
        recipients: age1… of identity and recovery key; none for a plain folder.
    """

    sign: Callable[[bytes], bytes] | None = field(repr=False)
    recipients: tuple[str, ...]


def owner_of(folder: Path) -> Owner:
    """Give the owner of a recording folder.

    Raises:
        FolderUnusable: The list of recipients is missing or damaged.
    """
    return Owner(manifest_signer(folder), recipients(folder))


def manifest_signer(folder: Path) -> Callable[[bytes], bytes] | None:
    """Give the device key's signature; None without it, then manifests stay as they are."""
    try:
        key = load_device_key(folder)
    except KeyUnusable:
        return None
    return lambda payload: key.sign(payload, MANIFEST_TYPE)
