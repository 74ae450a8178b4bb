"""Sealing a secret under a passphrase; scrypt runs in a short-lived child.

age's scrypt at work factor 2^19 takes about 1.4 s and 0.5 GB (measured with pyrage 1.3
on two cores, November 2026). In a child that memory never counts as the recorder's own.
"""

import struct
import subprocess
import sys
from dataclasses import dataclass, field

from recorder.core.errors import ExitCode, RecorderError

CHILD_DEADLINE_S = 60.0
"""scrypt on a slow, busy machine; ten times what was measured."""


class WrongPassphrase(RecorderError):
    """The passphrase does not open the keys."""

    def __init__(self) -> None:
        super().__init__("The passphrase is wrong", "try again", ExitCode.WRONG_PASSPHRASE)


class PassphraseMissing(RecorderError):
    """The keys are under a passphrase and none was given."""

    def __init__(self) -> None:
        super().__init__(
            "A passphrase is needed and none was given",
            "run it in a terminal, or add --passphrase-file",
            ExitCode.WRONG_PASSPHRASE,
        )


class KeysDamaged(RecorderError):
    """A sealed key file is no age file, or was cut."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} is damaged",
            "put it back from a backup, or use the recovery key",
            ExitCode.WRONG_PASSPHRASE,
        )


@dataclass(frozen=True, slots=True)
class Passphrase:
    """What the person typed; hidden in logs and tracebacks."""

    text: str = field(repr=False)


def seal(secret: bytes, passphrase: Passphrase) -> bytes:
    """Give an age file that the passphrase opens."""
    code, data = _in_child(b"s", secret, passphrase)
    if code:
        raise KeysDamaged("The sealed key")
    return data


def unseal(sealed: bytes, passphrase: Passphrase) -> bytes:
    """Give what `seal` was given.

    Raises:
        WrongPassphrase: It does not open the file.
        KeysDamaged: It is no age file, or was cut or changed.
    """
    if not sealed.startswith(b"age-encryption.org/v1\n-> scrypt "):
        raise KeysDamaged("identity.age")
    code, data = _in_child(b"u", sealed, passphrase)
    if code:
        raise WrongPassphrase
    return data


def _in_child(verb: bytes, data: bytes, passphrase: Passphrase) -> tuple[int, bytes]:
    """Run scrypt elsewhere; the passphrase goes by pipe, never on a command line."""
    words = passphrase.text.encode()
    message = verb + struct.pack("<I", len(words)) + words + data
    command = [sys.executable, "-P", "-m", "recorder.consent.scrypt_child"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and module, fixed words
        command, input=message, capture_output=True, check=False, timeout=CHILD_DEADLINE_S
    )
    if done.returncode not in {0, ExitCode.WRONG_PASSPHRASE}:
        raise RuntimeError(f"the scrypt child ended with {done.returncode}")
    return done.returncode, done.stdout
