"""From what the page sent to a decision: checked, bound to the picture shown, put in words."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.geometry import Rect
from recorder.core.proofs import GrantKind
from recorder.episodes.homes import episode_homes, find_home
from recorder.episodes.rewriting import Removed, plan_removal
from recorder.episodes.selection import Selection, TimeRange, TypedSegment
from recorder.episodes.store import episode_info
from recorder.episodes.window_frames import frames_beside
from recorder.review.clocks import SECOND_NS, clock_text, count_text, length_text, local
from recorder.review.days import homes_of_day
from recorder.review.decisions import (
    Act,
    Approve,
    DeleteEpisode,
    DeleteEverything,
    DeletePart,
    PaintOut,
    Relabel,
)
from recorder.review.reel import PictureGone
from recorder.review.room import BadDecision, Room
from recorder.review.shown import visible
from recorder.review.vault import Opened

_MOST_FRAMES: Final = 20_000
_LEAST_PX: Final = 2
_SHA256: Final = r"^[0-9a-f]{64}$"
_STUDY: Final = r"^[a-z0-9][a-z0-9._-]{0,63}$"
_Ns = Annotated[int, Field(ge=0, lt=2**62)]
_Id = Annotated[int, Field(ge=0, lt=2**62)]
_Px = Annotated[int, Field(ge=-(2**20), le=2**20)]


class NotTheSamePicture(RecorderError):
    """The picture on the screen is not the one that is stored."""

    def __init__(self) -> None:
        super().__init__(
            "The picture on your screen is not the one that is stored any more",
            "reload the page and decide again",
            ExitCode.HASH,
        )


class NotNow(RecorderError):
    """The episode is being recorded."""

    def __init__(self) -> None:
        super().__init__(
            "That recording goes on now, so it can only be looked at",
            "recorder stop first",
            ExitCode.ALREADY_RUNNING,
        )


class NothingThere(RecorderError):
    """The decision would change nothing."""

    def __init__(self) -> None:
        super().__init__("There is nothing of that kind", "choose something else", ExitCode.USAGE)


class TooMany(RecorderError):
    """Too many decisions wait."""

    def __init__(self) -> None:
        super().__init__("Too many changes wait", "apply them first", ExitCode.LIMITS)


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


class _Everything(_Sent):
    kind: Literal["everything"]


class _DayApp(_Sent):
    kind: Literal["day_app"]
    day: str = Field(max_length=10)
    app_id: str = Field(min_length=1, max_length=256)


class _Decided(_Sent):
    episode: str = Field(max_length=26)
    painted: tuple[Painted, ...] = Field((), max_length=4)
    """What was on the screen while it was decided; empty where no picture was kept."""


class _Range(_Decided):
    kind: Literal["range"]
    start_ns: _Ns
    end_ns: _Ns


class _App(_Decided):
    kind: Literal["app"]
    app_id: str = Field(min_length=1, max_length=256)


class _Site(_Decided):
    kind: Literal["site"]
    host: str = Field(min_length=1, max_length=1024)


class _Whole(_Decided):
    kind: Literal["episode"]


class _Typed(_Decided):
    kind: Literal["typed"]
    first_seq: _Id
    last_seq: _Id


class _Paint(_Decided):
    kind: Literal["paint"]
    boxes: tuple[_BoxIn, ...] = Field(min_length=1, max_length=_MOST_FRAMES)


class _Label(_Decided):
    kind: Literal["label"]
    seq: _Id
    instruction: str | None = Field(max_length=2000)


class _Approve(_Decided):
    kind: Literal["approve"]
    study: str = Field(pattern=_STUDY)
    start_ns: _Ns | None = None
    end_ns: _Ns | None = None


class _Envelope(_Sent):
    decision: (
        _Everything | _DayApp | _Range | _App | _Site | _Whole | _Typed | _Paint | _Label | _Approve
    ) = Field(discriminator="kind")


def decide(room: Room, sent: dict[str, Any]) -> list[tuple[str, str, Act]]:
    """Give the decision that was sent: episode, words, act.

    Raises:
        BadDecision: It makes no sense.
        NotTheSamePicture: What was shown is not what is stored.
        NotNow: The episode is being recorded.
        RecorderError: The episode cannot be opened, or holds nothing of that kind.
    """
    try:
        decision = _Envelope.model_validate({"decision": _tuples(sent)}).decision
    except ValidationError as cause:
        raise BadDecision(_complaint(cause)) from cause
    with room.vault.turn:
        if isinstance(decision, _Everything):
            return [("", _everything(room), DeleteEverything())]
        if isinstance(decision, _DayApp):
            return _of_day(room, decision)
        if isinstance(decision, _Whole):
            return [(decision.episode, _whole(room, decision.episode), DeleteEpisode())]
        _check_open(room, decision.episode)
        opened = room.vault.opened(decision.episode, fresh=True)
        for painted in decision.painted:
            _check_painted(opened, painted)
        says, act = _act(opened, decision)
        return [(decision.episode, f"{_when(opened)}: {says}", act)]


def _everything(room: Room) -> str:
    homes = episode_homes(room.folder)
    if not homes:
        raise NothingThere
    return f"Delete every recording, {count_text(len(homes), 'recording')}"


def _of_day(room: Room, sent: _DayApp) -> list[tuple[str, str, Act]]:
    """Give a decision for each recording of the day in which the app had the focus."""
    try:
        homes = homes_of_day(room.folder, date.fromisoformat(sent.day))
    except ValueError as cause:
        raise BadDecision from cause
    found: list[tuple[str, str, Act]] = []
    for home in homes:
        if room.live() == home.name:
            continue
        with suppress(NothingThere):
            opened = room.vault.opened(home.name, fresh=True)
            says, act = _app(opened, _App(kind="app", episode=home.name, app_id=sent.app_id))
            found.append((home.name, f"{_when(opened)}: {says}", act))
    if not found:
        raise NothingThere
    return found


def _tuples(sent: Any) -> Any:  # noqa: ANN401 - JSON
    """Give JSON's lists as tuples, which strict models ask for."""
    if isinstance(sent, dict):
        return {key: _tuples(value) for key, value in sent.items()}
    return tuple(map(_tuples, sent)) if isinstance(sent, list) else sent


def _complaint(cause: ValidationError) -> str:
    where = cause.errors()[0]["loc"]
    if "study" in where:
        return "A study's name has 1 to 64 small letters, digits, dots and dashes"
    return "The page sent something that makes no sense"


def _check_open(room: Room, episode_id: str) -> None:
    if room.live() == episode_id:
        raise NotNow


def _check_painted(opened: Opened, painted: Painted) -> None:
    """Compare what stood on the screen with the bytes that are stored now."""
    try:
        stored = opened.reel.picture(painted.frame_id)
    except PictureGone as cause:
        raise NotTheSamePicture from cause
    if stored.sha256 != painted.sha256:
        raise NotTheSamePicture


def _act(opened: Opened, decision: Any) -> tuple[str, Act]:  # noqa: ANN401 - one of the models above
    make: Callable[[Opened, Any], tuple[str, Act]] = _ACTS[decision.kind]
    return make(opened, decision)


def _range(opened: Opened, sent: _Range) -> tuple[str, Act]:
    chosen = _time_range(sent.start_ns, sent.end_ns)
    says = f"delete {_span(opened, chosen)}"
    return _part(opened, says, Selection(ranges=(chosen,), alike=True))


def _app(opened: Opened, sent: _App) -> tuple[str, Act]:
    chosen = Selection(app_id=sent.app_id, alike=True)
    return _part(opened, f"delete all of {visible(sent.app_id)}", chosen)


def _site(opened: Opened, sent: _Site) -> tuple[str, Act]:
    chosen = Selection(url_host=sent.host, alike=True)
    return _part(opened, f"delete all of {visible(sent.host)}", chosen)


def _typed(opened: Opened, sent: _Typed) -> tuple[str, Act]:
    if sent.last_seq < sent.first_seq:
        raise BadDecision
    segment = TypedSegment(sent.first_seq, sent.last_seq)
    return _part(opened, "delete what was typed there", Selection(typed=segment))


def _part(opened: Opened, says: str, selection: Selection) -> tuple[str, Act]:
    """Put in words how much goes."""
    plan = plan_removal(opened.reel.episode, selection)
    if plan.is_empty:
        raise NothingThere
    goes = [count_text(plan.events, "event"), count_text(plan.frames, "picture")]
    if plan.damaged:
        goes.append(count_text(len(plan.damaged), "damaged file"))
    return f"{says} ({', '.join(goes)}){_left(opened, selection, plan)}", DeletePart(selection)


def _left(opened: Opened, selection: Selection, plan: Removed) -> str:
    """Say what may still be seen of an app or a site whose times go."""
    left = frames_beside(opened.reel.episode, selection, plan.ranges)
    if not left:
        return ""
    pictures = count_text(len(left), "other picture")
    return f"; {pictures} may show it beside another window: look, and paint it out there"


def _paint(opened: Opened, sent: _Paint) -> tuple[str, Act]:
    rows, digests = opened.reel.frame_rows, opened.reel.frames.column("sha256")
    boxes: dict[int, Rect] = {}
    for box in sent.boxes:
        for frame_id in box.frames:
            row = rows.get(frame_id)
            if row is None or digests[row].as_py() != box.sha256:
                raise NotTheSamePicture
            boxes[frame_id] = Rect(box.x, box.y, box.w, box.h)
    return f"paint out a box in {count_text(len(boxes), 'picture')}", PaintOut(boxes)


def _label(opened: Opened, sent: _Label) -> tuple[str, Act]:
    row = opened.reel.context_rows.get(sent.seq)
    if row is None or opened.reel.context.column("kind")[row].as_py() != "task":
        raise NothingThere
    text = None if sent.instruction is None else sent.instruction.strip() or None
    says = "drop a task's name" if text is None else f"call a task “{visible(text, 60)}”"
    return says, Relabel(sent.seq, text)


def _approve(opened: Opened, sent: _Approve) -> tuple[str, Act]:
    manifest = opened.reel.episode.manifest
    if manifest is None:
        raise BadDecision("A recording that was not closed cannot be approved")
    if manifest.grant == GrantKind.DEMO:
        raise BadDecision("A demonstration cannot be approved: nobody consented to it")
    if sent.start_ns is None or sent.end_ns is None:
        return f"approve all of it for {sent.study}", Approve(sent.study, None)
    chosen = _time_range(sent.start_ns, sent.end_ns)
    return f"approve {_span(opened, chosen)} for {sent.study}", Approve(sent.study, chosen)


_ACTS: Final[dict[str, Callable[[Opened, Any], tuple[str, Act]]]] = {
    "range": _range, "app": _app, "site": _site, "typed": _typed, "paint": _paint,
    "label": _label, "approve": _approve,
}  # fmt: skip


def _time_range(start_ns: int, end_ns: int) -> TimeRange:
    try:
        return TimeRange(start_ns, end_ns)
    except ValueError as cause:
        raise BadDecision("The range ends before it starts") from cause


def _span(opened: Opened, chosen: TimeRange) -> str:
    episode = opened.reel.episode
    start, end = (clock_text(episode.wall_ns(t)) for t in (chosen.start_ns, chosen.end_ns))
    return f"{start} to {end}, {length_text((chosen.end_ns - chosen.start_ns) / SECOND_NS)}"


def _when(opened: Opened) -> str:
    return f"{local(opened.reel.episode.wall_ns(0)):%d %b, %H:%M}"


def _whole(room: Room, episode_id: str) -> str:
    """Check that an episode can go and put it in words; it need not open for that."""
    info = episode_info(find_home(room.folder, episode_id))
    _check_open(room, episode_id)
    began = f"{local(info.started_wall_ns):%d %b, %H:%M}"
    return f"{began}: delete the whole recording, {length_text(info.duration_s)}"
