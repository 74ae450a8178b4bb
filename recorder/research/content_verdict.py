"""What is asked of the content child and what it answers; the words on both sides of the pipe."""

import struct
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from recorder.consent.records import StreamLevels
from recorder.core.errors import ExitCode
from recorder.sharing.statements import Digest, Ulid

HEAD: Final = struct.Struct("<I")
"""Length of an `Asked` in bytes; the descriptors travel with it."""
MOST_ANSWER_BYTES: Final = 10_000


class ContentRefused(Exception):
    """The content is not what may be held. `code`: of the refusal; `reason`: without content."""

    def __init__(self, code: ExitCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Agreed(_Message):
    """What one side agreed to: the participant's consent, or the notice's widest terms.

    Attributes:
        levels: Widest per stream.
        apps: `app`, `app:host`, `app:*.domain`; `*` stands for any.
    """

    levels: StreamLevels
    apps: tuple[str, ...]


class ContentLimits(_Message):
    """What a child may use, and what a file in it may hold.

    Attributes:
        memory_bytes: Address space above what the child begins with.
        cpu_s: Processor time.
        wall_s: Time from its start to its answer.
    """

    memory_bytes: int = 600_000_000
    cpu_s: int = 120
    wall_s: int = 600


class Asked(_Message):
    """One content to check. `agreed`: every one of them must cover it."""

    bundle_id: Ulid
    episode_id: Ulid
    user_key: Digest
    agreed: tuple[Agreed, ...]
    limits: ContentLimits = ContentLimits()


class ContentVerdict(_Message):
    """What became of it. `code`: 0 when it may be held."""

    code: int = Field(ge=0, le=255)
    reason: str = Field("", max_length=200)
    duration_ns: int = Field(0, ge=0)
    rows: int = Field(0, ge=0)
