"""The short-lived child that runs scrypt: a message on stdin, the result on stdout.

Message: one letter (`s` seal, `u` unseal), the passphrase's length as u32, little
endian, the passphrase, the data. Leaves with 0, or 12 when it does not open.
"""

import struct
import sys

import pyrage

from recorder.consent.memory import guard_memory
from recorder.core.errors import ExitCode

_HEAD = struct.Struct("<cI")


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
            result = pyrage.passphrase.decrypt(data, passphrase)
    except pyrage.DecryptError:
        return int(ExitCode.WRONG_PASSPHRASE)
    sys.stdout.buffer.write(result)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
