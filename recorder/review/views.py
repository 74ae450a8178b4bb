"""The pages: list of episodes, a day, an episode, search."""

from datetime import date
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.copies import APPROVED
from recorder.episodes.homes import episode_homes, find_home
from recorder.review.approvals import facts_of
from recorder.review.clocks import clock_text, day_text, length_text
from recorder.review.days import PAGE, day_of, homes_of_day, rows, unreviewed_first
from recorder.review.door import is_own_user
from recorder.review.overview import found_on, of_approval, one_episode, overview
from recorder.review.room import HERE, Room, room_of
from recorder.review.vault import Locked, Opened
from recorder.sharing.approval import studies_by_episode

_LONGEST: Final = 18
"""Digits of a number that fits 64 bits."""
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class NoDay(RecorderError):
    """Nothing was recorded on that day, or it is no day."""

    def __init__(self) -> None:
        super().__init__("Nothing is stored of that day", "go to the list", ExitCode.USAGE)


def enter(request: Request) -> Response:
    """Exchange the link's token for the cookie, once."""
    room = room_of(request)
    peer_port = request.client.port if request.client else 0
    token = request.query_params.get("token", "")
    cookie = room.door.enter(token) if is_own_user(room.port, peer_port) else None
    if cookie is None:
        return PlainTextResponse(
            "This link was used already, or is not the one that was printed. "
            "Fix: end recorder review with Ctrl-C and start it again.\n",
            403,
        )
    return RedirectResponse(f"{room.door.base}/{room.begin_at}", 303, {"set-cookie": cookie})


def static(request: Request) -> Response:
    """Give a script or a style sheet of the package."""
    name = request.path_params["name"]
    path = HERE / "static" / name
    if path.name != name or path.suffix not in _TYPES or not path.is_file():
        return PlainTextResponse("There is nothing here.\n", 404)
    return Response(path.read_bytes(), media_type=_TYPES[path.suffix])


def home(request: Request) -> Response:
    """Show the list of episodes, the unreviewed first."""
    room = _unlocked(request)
    homes = unreviewed_first(room.folder)
    first = _number(request.query_params.get("from", "0"))
    shown = homes[first : first + PAGE]
    return room.page(
        "home.html",
        rows=list(rows(room.vault, shown, room.live())),
        day_text=day_text,
        total=len(homes),
        newer=max(0, first - PAGE) if first else None,
        older=first + PAGE if first + PAGE < len(homes) else None,
    )


def day(request: Request) -> Response:
    """Show what a day holds."""
    room = _unlocked(request)
    wanted = _day(request.path_params["day"])
    homes = homes_of_day(room.folder, wanted)
    if not homes:
        raise NoDay
    answer = room.page(
        "day.html",
        day=wanted,
        title=day_text(wanted),
        rows=list(rows(room.vault, homes, room.live())),
        view=overview(room.vault, homes),
        beside=_beside(room, wanted),
    )
    answer.background = BackgroundTask(room.vault.warm, [home.name for home in homes])
    return answer


def episode(request: Request) -> Response:
    """Show an episode: pictures, actions, what was taken out."""
    room = _unlocked(request)
    episode_id = request.path_params["episode_id"]
    opened = room.vault.opened(episode_id, fresh=True)
    path = find_home(room.folder, episode_id)
    is_live = room.live() == episode_id
    return room.page(
        "episode.html",
        200,
        **_player(request, opened, f"episode/{episode_id}"),
        row=next(rows(room.vault, [path], room.live())),
        view=one_episode(room.vault, path),
        can_change=not is_live,
        is_live=is_live,
        studies=studies_of(room.folder),
        approved_for=studies_by_episode(room.folder).get(episode_id, []),
    )


def approved(request: Request) -> Response:
    """Show what a study would get, read from the sealed bytes of an approval."""
    room = _unlocked(request)
    study, episode_id = request.path_params["study"], request.path_params["episode_id"]
    approval, opened = room.approved(study, episode_id)
    page = f"approved/{study}/{episode_id}"
    return room.page(
        "approved.html",
        200,
        **_player(request, opened, page),
        approval=approval,
        facts=facts_of(approval, opened.content),
        day=day_of(Path(episode_id)),
        can_change=False,
        is_live=False,
        view=of_approval(opened, page),
    )


def _player(request: Request, opened: Opened, source: str) -> dict[str, object]:
    """Give what the player's template needs. `source`: where its code asks, under api/."""
    wanted = request.query_params.get("at", "")
    at = opened.moments.near(int(wanted)) if wanted.isdecimal() and len(wanted) <= _LONGEST else 0
    return {
        "episode_id": request.path_params["episode_id"],
        "source": source,
        "day_text": day_text,
        "total": len(opened.moments),
        "at": at,
        "end_ns": opened.reel.end_ns,
        "length": length_text(opened.reel.end_ns / 1e9),
        "began": clock_text(opened.reel.episode.wall_ns(0))[:5],
    }


async def search(request: Request) -> Response:
    """Search a day: typed text, titles, apps, sites, tasks and what was taken out.

    The question comes in the body, or the browser's history would keep it on the disk.
    """
    room = _unlocked(request)
    sent = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=4)
    question = sent.get("q", [""])[0][:200]
    return await run_in_threadpool(_searched, room, question, sent.get("day", [""])[0])


def _searched(room: Room, question: str, asked: str) -> Response:
    days = sorted({day_of(home) for home in episode_homes(room.folder)})
    if not days:
        raise NoDay
    wanted = _day(asked) if asked else days[-1]
    before = [one for one in days if one < wanted]
    return room.page(
        "search.html",
        question=question,
        day=wanted,
        title=day_text(wanted),
        earlier=before[-1] if before else None,
        found=found_on(room.vault, wanted, question) if question.strip() else [],
    )


def studies_of(folder: Path) -> list[str]:
    """Give the names of the studies for which something was approved."""
    place = folder / APPROVED
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []


def _unlocked(request: Request) -> Room:
    room = room_of(request)
    if room.vault.is_locked:
        raise Locked
    return room


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as cause:
        raise NoDay from cause


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _LONGEST else 0


def _beside(room: Room, wanted: date) -> tuple[date | None, date | None]:
    """Give the days with recordings before and after."""
    days = sorted({day_of(home) for home in episode_homes(room.folder)})
    earlier = [one for one in days if one < wanted]
    later = [one for one in days if one > wanted]
    return (earlier[-1] if earlier else None, later[0] if later else None)
