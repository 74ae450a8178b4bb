"""What the page may send as a decision: closed models, strict types, bounded."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

_MOST_FRAMES: Final = 20_000
_LEAST_PX: Final = 2
_SHA256: Final = r"^[0-9a-f]{64}$"
_STUDY: Final = r"^[a-z0-9][a-z0-9._-]{0,63}$"
_Ns = Annotated[int, Field(ge=0, lt=2**62)]
_Id = Annotated[int, Field(ge=0, lt=2**62)]
_Px = Annotated[int, Field(ge=-(2**20), le=2**20)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Painted(_Sent):
    """The picture that stood on the screen, by the digest of the bytes that were drawn."""

    frame_id: _Id
    sha256: str = Field(pattern=_SHA256)


class _Box(_Sent):
    x: _Px
    y: _Px
    w: Annotated[int, Field(ge=_LEAST_PX, le=2**20)]
    h: Annotated[int, Field(ge=_LEAST_PX, le=2**20)]


class _BoxIn(_Box):
    """A box in frames that show one picture, of that digest."""

    frames: tuple[_Id, ...] = Field(min_length=1, max_length=_MOST_FRAMES)
    sha256: str = Field(pattern=_SHA256)


class EverythingSent(_Sent):
    """Delete every recording."""

    kind: Literal["everything"]


class DayAppSent(_Sent):
    """Delete an app from the recordings of a day."""

    kind: Literal["day_app"]
    day: str = Field(max_length=10)
    app_id: str = Field(min_length=1, max_length=256)


class DaySiteSent(_Sent):
    """Delete a site from the recordings of a day."""

    kind: Literal["day_site"]
    day: str = Field(max_length=10)
    host: str = Field(min_length=1, max_length=1024)


class SeenSent(_Sent):
    """Mark a recording as seen, or take that back; it does not wait.

    Attributes:
        manifest_sha256: Of the recording that was shown.
    """

    episode: str = Field(max_length=26)
    seen: bool
    manifest_sha256: str = Field(pattern=_SHA256)


class _Decided(_Sent):
    episode: str = Field(max_length=26)
    painted: tuple[Painted, ...] = Field((), max_length=4)
    """What was on the screen while it was decided; empty where no picture was kept."""


class RangeSent(_Decided):
    """Delete a range; times of the episode."""

    kind: Literal["range"]
    start_ns: _Ns
    end_ns: _Ns


class AppSent(_Decided):
    """Delete an app from a recording."""

    kind: Literal["app"]
    app_id: str = Field(min_length=1, max_length=256)


class SiteSent(_Decided):
    """Delete a site from a recording."""

    kind: Literal["site"]
    host: str = Field(min_length=1, max_length=1024)


class WholeSent(_Decided):
    """Delete a recording."""

    kind: Literal["episode"]


class TypedSent(_Decided):
    """Delete a typed segment."""

    kind: Literal["typed"]
    first_seq: _Id
    last_seq: _Id


class PaintSent(_Decided):
    """Paint boxes out."""

    kind: Literal["paint"]
    boxes: tuple[_BoxIn, ...] = Field(min_length=1, max_length=_MOST_FRAMES)


class LabelSent(_Decided):
    """Rename a task, or drop its name."""

    kind: Literal["label"]
    seq: _Id
    instruction: str | None = Field(max_length=2000)


class ApproveSent(_Decided):
    """Approve a recording, or a range of it."""

    kind: Literal["approve"]
    study: str = Field(pattern=_STUDY)
    start_ns: _Ns | None = None
    end_ns: _Ns | None = None


class Envelope(_Sent):
    """Any decision."""

    decision: (
        EverythingSent
        | DayAppSent
        | DaySiteSent
        | RangeSent
        | AppSent
        | SiteSent
        | WholeSent
        | TypedSent
        | PaintSent
        | LabelSent
        | ApproveSent
    ) = Field(discriminator="kind")
