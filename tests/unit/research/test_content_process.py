"""The child that looks at foreign content can open nothing, holds no secret, and may die."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from recorder.consent.keys import UserKey
from recorder.consent.records import StreamLevels
from recorder.core.errors import ExitCode
from recorder.core.levels import Levels
from recorder.episodes.names import Table
from recorder.research.content_process import ContentProcess
from recorder.research.content_verdict import Agreed, Asked, ContentLimits
from recorder.research.pictures_check import picture_size
from tests.unit.research.bundles import WIDE, Content, new_id, parquet, picture, plain_of

TRY = """
import os, socket
from recorder.research.content_child import _restrict
from recorder.research.content_verdict import ContentLimits
_restrict(ContentLimits(memory_bytes=50_000_000))
for name, act in {
    "socket": lambda: socket.socket(), "file": lambda: open("/etc/hostname"),
    "memory": lambda: bytearray(400_000_000), "pipe": os.pipe,
}.items():
    try:
        act()
        print(name, "worked")
    except (OSError, MemoryError) as error:
        print(name, type(error).__name__)
"""


class Waiting(io.BytesIO):
    """Gives nothing until the fork that waits for it is dead."""

    def __init__(self, data: bytes, content: ContentProcess) -> None:
        super().__init__(data)
        self._content = content

    def read(self, size: int | None = -1) -> bytes:
        if not self.tell():
            assert self._content._child is not None
            pid = self._content._child[0].pid
            children = Path(f"/proc/{pid}/task/{pid}/children")
            for is_there in (True, False):  # it begins, and it ends
                deadline_s = time.monotonic() + 20
                while bool(children.read_text()) is not is_there:
                    assert time.monotonic() < deadline_s
                    time.sleep(0.01)
        return super().read(size)


def asked(**limits: int) -> Asked:
    agreed = Agreed(levels=StreamLevels.of(Levels()), apps=("*",))
    key = UserKey(Ed25519PrivateKey.generate()).public.public
    return Asked(
        bundle_id=new_id(), episode_id=new_id(), user_key=key, agreed=(agreed,),
        limits=ContentLimits(**limits),
    )  # fmt: skip


def test_a_restricted_process_opens_nothing_and_has_no_more_memory() -> None:
    done = subprocess.run([sys.executable, "-c", TRY], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n") == [
        "socket OSError", "file OSError", "memory MemoryError", "pipe OSError", "",
    ]  # fmt: skip


def test_the_child_gets_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    real, given_to = subprocess.Popen, []

    def start(*words: Any, **options: Any) -> Any:  # noqa: ANN401 - as Popen takes them
        given_to.append(options["env"])
        return real(*words, **options)

    monkeypatch.setattr(subprocess, "Popen", start)
    key = pyrage.x25519.Identity.generate()
    sealed = pyrage.encrypt(b"no tar", [key.to_public()])
    with ContentProcess() as process:
        assert process.check(asked(), io.BytesIO(sealed), str(key)).code == ExitCode.FORMAT
    (environment,) = given_to
    assert "canary" not in environment.values()


def test_one_that_dies_is_refused_and_the_next_is_looked_at(content: ContentProcess) -> None:
    key = pyrage.x25519.Identity.generate()
    sealed = pyrage.encrypt(os.urandom(200_000), [key.to_public()])
    first = content.check(asked(wall_s=1), Waiting(sealed, content), str(key))
    assert first.code == ExitCode.LIMITS
    assert content.check(asked(), io.BytesIO(sealed), str(key)).code == ExitCode.FORMAT


def test_a_picture_tells_its_size_without_being_decoded() -> None:
    assert picture_size(picture(300, 200)) == (300, 200)
    assert picture_size(picture()[:20]) is None
    assert picture_size(b"\x89PNG" + bytes(60)) is None


@given(
    table=st.sampled_from(("events", "frames", "context")),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=9)), max_size=6),
)
def test_whatever_a_participant_signs_is_answered(
    table: Table, changes: list[tuple[float, bytes]], content: ContentProcess
) -> None:
    """Damaged Parquet under good signatures: what opens is ours, the rest is refused."""
    key, identity = UserKey(Ed25519PrivateKey.generate()), pyrage.x25519.Identity.generate()
    made = Content()
    data = bytearray(parquet(table, made.rows[table], made.episode_id))
    for place, found in changes:
        at = int(place * len(data))
        data[at : at + len(found)] = found
    made.files[f"{table}-000000.parquet"] = bytes(data)
    agreed = Agreed(levels=StreamLevels.of(WIDE), apps=("*",))
    question = Asked(
        bundle_id=made.bundle_id, episode_id=made.episode_id, user_key=key.public.public,
        agreed=(agreed,),
    )  # fmt: skip
    sealed = pyrage.encrypt(plain_of(made, key), [identity.to_public()])
    verdict = content.check(question, io.BytesIO(sealed), str(identity))
    assert verdict.code in {0, ExitCode.FORMAT, ExitCode.CONSENT_MISMATCH, ExitCode.LIMITS}
    assert changes or not verdict.code
