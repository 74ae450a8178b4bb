"""What sealing and opening a bundle costs beside age alone, on the same bytes in one run.

`./run bench sharing` [MEGABYTES]. Seconds are those of the processor, the best of several runs
that take turns, so that a busy machine does not decide. Sealing must hash twice (what was
approved, and what leaves), opening once: age with these alone is the limit shown beside it.
"""

import hashlib
import io
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.rounds import best_cpu_s
from recorder.consent.keys import UserKey
from recorder.files import regular_file
from recorder.sharing.age_streams import unsealing
from recorder.sharing.bundle import Sender, write_bundle
from recorder.sharing.statements import ContentManifest

MEGABYTES: Final = 200
_MB: Final = 1_000_000
_ID: Final = "01KZ0000000000000000000000"


def main() -> None:
    """Measure and print one line a figure."""
    size_bytes = int(sys.argv[1] if len(sys.argv) > 1 else MEGABYTES) * _MB
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder), os.urandom(size_bytes))
    speed = {name: size_bytes / _MB / seconds for name, seconds in found.items()}
    for name, value in speed.items():
        print(f"{name:22} {value:7.0f} MB/s")
    for ours, alone, hashed in (("seal", "age seals", 2), ("unseal", "age opens", 1)):
        limit = 1 / (1 / speed[alone] + hashed / speed["SHA-256"])
        print(f"{f'{ours} / {alone}':22} {speed[ours] / speed[alone]:7.2f}")
        print(f"{f'{ours} / its limit':22} {speed[ours] / limit:7.2f}")


def measure(folder: Path, data: bytes) -> dict[str, float]:
    """Give the seconds of each, the best of its rounds."""
    (folder / "plain").write_bytes(data)
    return best_cpu_s(_acts(folder, hashlib.sha256(data).hexdigest()))


def _acts(folder: Path, digest: str) -> dict[str, Callable[[], None]]:
    """Give what is measured, in the order in which each can run."""
    key = pyrage.x25519.Identity.generate()
    plain, sealed, bundle = (folder / name for name in ("plain", "sealed", "bundle"))
    recipient = key.to_public()
    sender = Sender(
        study="study", pseudonym="p" + "0" * 32, audience="00" * 32, consent_id=_ID,
        notice_sha256="00" * 32, recipients=(str(recipient),),
        user=UserKey(Ed25519PrivateKey.generate()), device_key="00" * 32, ledger=b"{}\n",
    )  # fmt: skip
    content = ContentManifest(
        bundle_id=_ID, content_sha256=digest, content_bytes=plain.stat().st_size, rows={},
        apps=(), tasks=0, duration_ns=0, files=(),
    )  # fmt: skip

    def seal() -> None:
        with regular_file(plain) as source, bundle.open("wb") as file:
            write_bundle(file, sender, _ID, content, source)

    def age_seals() -> None:
        with plain.open("rb") as source, sealed.open("wb") as file:
            pyrage.encrypt_io(source, file, [recipient])

    def unseal() -> None:
        total = hashlib.sha256()
        with regular_file(sealed) as file, unsealing(file, str(key)) as opened:
            while data := opened.read(_MB):
                total.update(data)

    def age_opens() -> None:
        with sealed.open("rb") as source, io.FileIO(os.devnull, "wb") as file:
            pyrage.decrypt_io(source, file, [key])

    def hashes() -> None:
        with plain.open("rb") as file:
            hashlib.file_digest(file, "sha256")

    return {
        "age seals": age_seals, "seal": seal, "age opens": age_opens, "unseal": unseal,
        "SHA-256": hashes,
    }  # fmt: skip


if __name__ == "__main__":
    main()
