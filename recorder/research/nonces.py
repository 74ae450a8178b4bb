"""Which bundle used which nonce; each participant's are apart, or others could use them up."""

import hashlib
from pathlib import Path
from typing import Final

from recorder.files import private_folder, read_regular, write_whole
from recorder.research.participants import CollectionDamaged
from recorder.sharing.statements import BundleManifest

_LIMIT_BYTES: Final = 1_000


def nonce_used(collection: Path, manifest: BundleManifest) -> str:
    """Give what used a bundle's nonce, in the words of `use_of`; "" when nothing did.

    Raises:
        CollectionDamaged: It cannot be told.
    """
    path = _path(collection, manifest)
    try:
        return read_regular(path, _LIMIT_BYTES).decode("ascii")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as cause:
        raise CollectionDamaged(path) from cause


def note_nonce(collection: Path, manifest: BundleManifest) -> None:
    """Remember the one bundle that may use its nonce."""
    path = _path(collection, manifest)
    write_whole(private_folder(path.parent) / path.name, use_of(manifest).encode("ascii"))


def use_of(manifest: BundleManifest) -> str:
    """Give what is remembered of the bundle that used a nonce."""
    return f"{manifest.bundle_id} {manifest.payload_sha256}"


def _path(collection: Path, manifest: BundleManifest) -> Path:
    both = f"{manifest.pseudonym} {manifest.nonce}".encode("ascii")
    name = hashlib.sha256(both).hexdigest()[:32]
    return collection / "nonces" / name[:2] / name[2:]
