"""Answers to the page's own code: JSON and pictures."""

from datetime import UTC, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from recorder.core.errors import ExitCode, RecorderError
from recorder.core.geometry import Rect
from recorder.episodes.homes import find_home
from recorder.episodes.relabelling import tasks as find_tasks
from recorder.episodes.repainting import frames_of_window
from recorder.episodes.seen import mark_seen, unmark_seen
from recorder.review.clocks import clock_text
from recorder.review.deciding import NotNow, TooMany, seen_wish
from recorder.review.deciding import decide as decision_of
from recorder.review.details import alike, list_row, moment_facts
from recorder.review.moments import View
from recorder.review.reel import PictureGone
from recorder.review.room import BadDecision, Room, body_of, needs, room_of
from recorder.review.shown import visible
from recorder.review.vault import Locked, Opened

_MOST_ROWS: Final = 200
_LONGEST: Final = 18
"""Digits of a number that fits 64 bits."""


class NoPicture(RecorderError):
    """The picture is damaged or gone."""

    def __init__(self) -> None:
        super().__init__(
            "This picture cannot be read", "the rest of the episode can", ExitCode.FORMAT
        )


async def unlock(request: Request) -> Response:
    """Unlock with the passphrase that was typed, or by the keyring."""
    room = room_of(request)
    sent = await body_of(request)
    passphrase = sent.get("passphrase")
    if passphrase is not None and not isinstance(passphrase, str):
        raise BadDecision
    await run_in_threadpool(room.unlock, passphrase)
    return JSONResponse({"locked": False})


def lock(request: Request) -> Response:
    """Lock at once."""
    room = room_of(request)
    room.lock()
    return JSONResponse({"locked": True, "needs": needs(room)})


def moments(request: Request) -> Response:
    """Give lines of the list: `view`, `first`, `count`; or where `index` stands in a view."""
    found = _opened(request).moments
    asked = request.query_params
    try:
        chosen = found.view(View(asked.get("view", "all")))
    except ValueError as cause:
        raise BadDecision from cause
    first = _number(asked.get("first", "0"))
    shown = chosen[first : first + min(_number(asked.get("count", "50")), _MOST_ROWS)]
    return JSONResponse(
        {
            "total": len(chosen),
            "first": first,
            "rows": [list_row(found, int(index)) for index in shown],
        }
    )


def step(request: Request) -> Response:
    """Give the moment beside one, in a view: `index`, `view`, `by` next, previous or here.

    `place` is its place in the list.
    """
    found = _opened(request).moments
    asked = request.query_params
    try:
        chosen = found.view(View(asked.get("view", "all")))
    except ValueError as cause:
        raise BadDecision from cause
    if not len(chosen):
        return JSONResponse({"index": None, "place": 0})
    here = _number(asked.get("index", "0"))
    by = asked.get("by", "here")
    at = int(chosen.searchsorted(here, side="right" if by == "next" else "left"))
    at = at - 1 if by == "previous" else at
    is_there = 0 <= at < len(chosen)
    at = min(max(at, 0), len(chosen) - 1)
    return JSONResponse(
        {"index": int(chosen[at]) if is_there or by == "here" else None, "place": at}
    )


def moment(request: Request) -> Response:
    """Give everything about one moment; `t` names an instant instead of a number."""
    found = _opened(request).moments
    wanted = request.query_params.get("t")
    index = found.near(_number(wanted)) if wanted else _number(request.path_params["index"])
    if not 0 <= index < len(found):
        raise BadDecision("There is no such moment in this episode")
    return JSONResponse(moment_facts(found, index))


def picture(request: Request) -> Response:
    """Give a stored picture, its digest beside it."""
    room = room_of(request)
    try:
        with room.vault.turn:
            found = _opened(request).reel.picture(_number(request.path_params["frame_id"]))
    except PictureGone as cause:
        raise NoPicture from cause
    return Response(found.image, media_type="image/webp", headers={"x-sha256": found.sha256})


def affected(request: Request) -> Response:
    """Give the pictures that show the window in which a box of one picture lies.

    Frames with the same picture are one line: they are painted alike.
    """
    found = _opened(request)
    room, asked = room_of(request), request.query_params
    box = Rect(*(_signed(asked.get(side, "")) for side in "xywh"))
    with room.vault.turn:
        frames = frames_of_window(found.reel.episode, _number(asked.get("frame", "")), box)
        return JSONResponse({"pictures": alike(found.reel, frames)})


def tasks(request: Request) -> Response:
    """Give the tasks of an episode."""
    opened = _opened(request)
    with room_of(request).vault.turn:
        found = find_tasks(opened.reel.episode)
    return JSONResponse(
        {
            "tasks": [
                {
                    "seq": task.seq,
                    "clock": clock_text(opened.reel.episode.wall_ns(task.t_ns)),
                    "instruction": visible(task.instruction or ""),
                }
                for task in found
                if task.instruction
            ]
        }
    )


def changes(request: Request) -> Response:
    """Give the decisions that wait, and how far applying is."""
    return _waiting(_unlocked(request))


async def decide(request: Request) -> Response:
    """Keep a decision until it is applied or undone."""
    room = _unlocked(request)
    sent = await body_of(request)
    decided = await run_in_threadpool(decision_of, room, sent)
    for wanted in decided:
        if room.changes.add(*wanted) is None:
            raise Locked if room.vault.is_locked else TooMany
    return _waiting(room)


async def undo(request: Request) -> Response:
    """Take back a decision: the one named by `number`, else the last."""
    room = _unlocked(request)
    number = (await body_of(request)).get("number")
    if number is not None and not isinstance(number, int):
        raise BadDecision
    room.changes.undo(number)
    return _waiting(room)


async def apply(request: Request) -> Response:
    """Carry out what waits; answers when it is done."""
    room = _unlocked(request)
    await body_of(request)
    await run_in_threadpool(room.changes.apply, room.carry_out)
    return _waiting(room)


async def seen(request: Request) -> Response:
    """Mark an episode as seen, bound to the manifest that was shown; or take that back."""
    room = _unlocked(request)
    sent = seen_wish(await body_of(request))
    if room.live() == sent.episode:
        raise NotNow
    home = find_home(room.folder, sent.episode)
    if sent.seen:
        when = datetime.fromtimestamp(room.clock.wall_ns() / 1e9, UTC)
        await run_in_threadpool(mark_seen, home, when, sent.manifest_sha256)
    else:
        await run_in_threadpool(unmark_seen, home)
    return JSONResponse({"seen": sent.seen})


def _unlocked(request: Request) -> Room:
    room = room_of(request)
    if room.vault.is_locked:
        raise Locked
    return room


def _waiting(room: Room) -> Response:
    """Give what waits, unless the page was locked while it was worked on."""
    if room.vault.is_locked:
        raise Locked
    progress = room.changes.progress
    return JSONResponse(
        {
            "changes": [
                {
                    "number": change.number,
                    "says": visible(change.says),
                    "trouble": visible(change.trouble),
                }
                for change in room.changes.waiting
            ],
            "done": progress.done,
            "total": progress.total,
            "said": [visible(text) for text in progress.said],
        }
    )


def _signed(text: str) -> int:
    digits = text.removeprefix("-")
    return _number(digits) * (-1 if text.startswith("-") else 1)


def _opened(request: Request) -> Opened:
    """Give the episode that the address names, or what an approval of it holds."""
    room, named = room_of(request), request.path_params
    if "study" in named:
        return room.approved(named["study"], named["episode_id"])[1]
    return room.vault.opened(named["episode_id"])


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > _LONGEST:
        raise BadDecision
    return int(text)
