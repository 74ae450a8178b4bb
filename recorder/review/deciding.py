"""From what the page sent to a decision: checked, bound to the picture shown, put in words."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from recorder.core.amounts import count_text
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.geometry import Rect
from recorder.episodes.homes import episode_homes, find_home
from recorder.episodes.rewriting import Removed, plan_removal
from recorder.episodes.selection import Selection, TimeRange, TypedSegment
from recorder.episodes.store import episode_info
from recorder.episodes.window_frames import frames_beside
from recorder.review.clocks import SECOND_NS, clock_text, length_text, local
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
from recorder.review.sent import (
    ApproveSent,
    AppSent,
    DayAppSent,
    DaySiteSent,
    Envelope,
    EverythingSent,
    LabelSent,
    Painted,
    PaintSent,
    RangeSent,
    SeenSent,
    SiteSent,
    TypedSent,
    WholeSent,
)
from recorder.review.shown import visible
from recorder.review.vault import Opened
from recorder.sharing.approvable import check_approvable


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


def decide(room: Room, sent: dict[str, Any]) -> list[tuple[str, str, Act]]:
    """Give the decision that was sent: episode, words, act.

    Raises:
        BadDecision: It makes no sense.
        NotTheSamePicture: What was shown is not what is stored.
        NotNow: The episode is being recorded.
        RecorderError: The episode cannot be opened, or holds nothing of that kind.
    """
    try:
        decision = Envelope.model_validate({"decision": _tuples(sent)}).decision
    except ValidationError as cause:
        raise BadDecision(_complaint(cause)) from cause
    with room.vault.turn:
        if isinstance(decision, EverythingSent):
            return [("", _everything(room), DeleteEverything())]
        if isinstance(decision, DayAppSent | DaySiteSent):
            return _of_day(room, decision)
        if isinstance(decision, WholeSent):
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


def seen_wish(sent: dict[str, Any]) -> SeenSent:
    """Give what was sent about a recording that was looked at.

    Raises:
        BadDecision: It makes no sense.
    """
    try:
        return SeenSent.model_validate(sent)
    except ValidationError as cause:
        raise BadDecision from cause


def _of_day(room: Room, sent: DayAppSent | DaySiteSent) -> list[tuple[str, str, Act]]:
    """Give a decision for each recording of the day in which the app or site had the focus."""
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
            if isinstance(sent, DayAppSent):
                says, act = _app(opened, AppSent(kind="app", episode=home.name, app_id=sent.app_id))
            else:
                says, act = _site(opened, SiteSent(kind="site", episode=home.name, host=sent.host))
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


def _range(opened: Opened, sent: RangeSent) -> tuple[str, Act]:
    chosen = _time_range(sent.start_ns, sent.end_ns)
    says = f"delete {_span(opened, chosen)}"
    return _part(opened, says, Selection(ranges=(chosen,), alike=True))


def _app(opened: Opened, sent: AppSent) -> tuple[str, Act]:
    chosen = Selection(app_id=sent.app_id, alike=True)
    return _part(opened, f"delete all of {visible(sent.app_id)}", chosen)


def _site(opened: Opened, sent: SiteSent) -> tuple[str, Act]:
    chosen = Selection(url_host=sent.host, alike=True)
    return _part(opened, f"delete all of {visible(sent.host)}", chosen)


def _typed(opened: Opened, sent: TypedSent) -> tuple[str, Act]:
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


def _paint(opened: Opened, sent: PaintSent) -> tuple[str, Act]:
    rows, digests = opened.reel.frame_rows, opened.reel.frames.column("sha256")
    boxes: dict[int, Rect] = {}
    for box in sent.boxes:
        for frame_id in box.frames:
            row = rows.get(frame_id)
            if row is None or digests[row].as_py() != box.sha256:
                raise NotTheSamePicture
            boxes[frame_id] = Rect(box.x, box.y, box.w, box.h)
    return f"paint out a box in {count_text(len(boxes), 'picture')}", PaintOut(boxes)


def _label(opened: Opened, sent: LabelSent) -> tuple[str, Act]:
    row = opened.reel.context_rows.get(sent.seq)
    if row is None or opened.reel.context.column("kind")[row].as_py() != "task":
        raise NothingThere
    text = None if sent.instruction is None else sent.instruction.strip() or None
    says = "drop a task's name" if text is None else f"call a task “{visible(text, 60)}”"
    return says, Relabel(sent.seq, text)


def _approve(opened: Opened, sent: ApproveSent) -> tuple[str, Act]:
    check_approvable(opened.reel.episode)
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
