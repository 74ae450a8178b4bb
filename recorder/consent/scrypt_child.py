"""The short-lived child that runs scrypt: a message on stdin, the result on stdout.

Message: one letter (`s` seal, `u` unseal), the passphrase's length as u32, little
endian, the passphrase, the data. Leaves with 0, or 12 when it does not open.
"""

import struct
import sys
import time
from typing import Final

import pyrage

from recorder.consent.memory import guard_memory
from recorder.core.errors import ExitCode

_HEAD: Final = struct.Struct("<cI")
_BUSY_S: Final = 20.0
_BUSY_LOOK_S: Final = 0.2


def main() -> int:
    """Answer one message."""
    guard_memory()
    message = sys.stdin.buffer.read()
    verb, length = _HEAD.unpack_from(message)
    passphrase = message[_HEAD.size : _HEAD.size + length].decode()
    data = message[_HEAD.size + length :]
    try:
        if verb == b"s":
            result = pyrage.passphrase.encrypt(data, passphrase)
        else:
            result = unseal(data, passphrase)
    except pyrage.DecryptError:
        return int(ExitCode.WRONG_PASSPHRASE)
    sys.stdout.buffer.write(result)
    return 0


def unseal(data: bytes, passphrase: str) -> bytes:
    """Give what is sealed.

    age times the machine in a blink and refuses what would take it too long; on a busy
    machine that blink misleads, and a right passphrase was refused (seen, 2026-11).
    The refusal costs nothing, so it is asked again.

    Raises:
        pyrage.DecryptError: The passphrase does not open it.
    """
    end = time.monotonic() + _BUSY_S
    while True:
        try:
            return bytes(pyrage.passphrase.decrypt(data, passphrase))
        except pyrage.DecryptError as error:
            if "work" not in str(error).lower() or time.monotonic() > end:
                raise
        time.sleep(_BUSY_LOOK_S)


if __name__ == "__main__":
    raise SystemExit(main())
