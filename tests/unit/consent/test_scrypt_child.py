"""A right passphrase opens on a busy machine too."""

import pyrage
import pytest

from recorder.consent import scrypt_child

_BUSY = "Excessive work parameter for passphrase.\nDecryption would take around 64 seconds."


def test_a_machine_that_seems_too_slow_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[bytes | Exception] = [
        pyrage.DecryptError(_BUSY), pyrage.DecryptError(_BUSY), b"opened",
    ]  # fmt: skip

    def decrypt(_data: bytes, _passphrase: str) -> bytes:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(scrypt_child, "_BUSY_LOOK_S", 0.0)
    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
    assert scrypt_child.unseal(b"sealed", "words") == b"opened"


def test_a_wrong_passphrase_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []

    def decrypt(_data: bytes, _passphrase: str) -> bytes:
        tried.append(1)
        raise pyrage.DecryptError("Decryption failed")

    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
    with pytest.raises(pyrage.DecryptError):
        scrypt_child.unseal(b"sealed", "words")
    assert len(tried) == 1
