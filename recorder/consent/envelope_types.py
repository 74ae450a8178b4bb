"""What signs and checks envelopes, taken from securesystemslib without its cloud signers.

It imports the clients of cloud services wherever these are installed (boto3 brings HTTP and
TLS, 0.3 s and 30 MB), and none of them may be in a process that records.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_CLOUDS: Final = ("boto3", "azure", "google.cloud", "hvac", "pkcs11", "keylet")


@contextmanager
def _hidden(names: tuple[str, ...]) -> Iterator[None]:
    """Let modules that were not loaded yet look as if they were not installed."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: import fails
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _hidden(_CLOUDS):
    from securesystemslib.dsse import Envelope
    from securesystemslib.exceptions import VerificationError
    from securesystemslib.signer import (  # type: ignore[attr-defined]  # it has no __all__
        CryptoSigner,
        SSlibKey,
    )

__all__ = ["CryptoSigner", "Envelope", "SSlibKey", "VerificationError"]
