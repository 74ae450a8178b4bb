"""What changing an own episode needs of its owner: a signature and public keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from recorder.consent.keys import (
    KeyUnusable,
    SignatureWrong,
    load_device_key,
    load_public_key,
    verify_envelope,
)
from recorder.episodes.identity import recipients
from recorder.episodes.manifest import MANIFEST_TYPE


@dataclass(frozen=True, slots=True)
class Owner:
    """Who signs manifests and to whom summaries are sealed.

    Attributes:
        sign: Gives a DSSE envelope around a manifest; None leaves manifests as they are.
        recipients: age1… of identity and recovery key; none for a plain folder.
        signed: Tells whether an envelope is signed by the same key. A manifest that is not stays
            as it is: a new signature would vouch for what somebody wrote into it.
    """

    sign: Callable[[bytes], bytes] | None = field(repr=False)
    recipients: tuple[str, ...]
    signed: Callable[[bytes], bool] = field(default=lambda _envelope: True, repr=False)


def owner_of(folder: Path) -> Owner:
    """Give the owner of a recording folder.

    Raises:
        FolderUnusable: The list of recipients is missing or damaged.
    """
    return Owner(manifest_signer(folder), recipients(folder), manifest_checker(folder))


def manifest_signer(folder: Path) -> Callable[[bytes], bytes] | None:
    """Give the device key's signature; None without it, then manifests stay as they are."""
    try:
        key = load_device_key(folder)
    except KeyUnusable:
        return None
    return lambda payload: key.sign(payload, MANIFEST_TYPE)


def manifest_checker(folder: Path) -> Callable[[bytes], bool]:
    """Give what tells whether a manifest is signed by the device key."""

    def signed(envelope: bytes) -> bool:
        try:
            verify_envelope(envelope, load_public_key(folder, "device"), MANIFEST_TYPE)
        except (KeyUnusable, SignatureWrong):
            return False
        return True

    return signed
