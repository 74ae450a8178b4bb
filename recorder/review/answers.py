"""Answers to the page's own code: JSON and pictures."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from recorder.core.errors import ExitCode, RecorderError
from recorder.review.details import list_row, moment_facts
from recorder.review.moments import View
from recorder.review.reel import PictureGone
from recorder.review.room import BadDecision, body_of, needs, room_of
from recorder.review.vault import Opened

_MOST_ROWS = 200
_LONGEST = 18


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
    await anyio.to_thread.run_sync(room.vault.unlock, passphrase)
    return JSONResponse({"locked": False})


def lock(request: Request) -> Response:
    """Lock at once."""
    room = room_of(request)
    room.vault.lock()
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


def _opened(request: Request) -> Opened:
    return room_of(request).vault.opened(request.path_params["episode_id"])


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > _LONGEST:
        raise BadDecision
    return int(text)
