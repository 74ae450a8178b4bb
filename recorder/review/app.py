"""The application: routes, what becomes of failures, the idle lock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from recorder.core.errors import RecorderError
from recorder.episodes.homes import EpisodeUnknown
from recorder.review import answers, views
from recorder.review.guard import App, Guard, Receive, Scope, Send
from recorder.review.room import Room, room_of, trouble

_LOOK_S = 5.0


def build(room: Room) -> App:
    """Give the application of one server, guarded."""
    base = room.door.base
    one = f"{base}/api/episode/{{episode_id}}"
    app = Starlette(
        routes=[
            *_player(one),
            *_player(f"{base}/api/approved/{{study}}/{{episode_id}}"),
            Route(f"{base}/approved/{{study}}/{{episode_id}}", views.approved),
            Route(f"{base}/enter", views.enter),
            Route(f"{base}/", views.home),
            Route(f"{base}/day/{{day}}", views.day),
            Route(f"{base}/episode/{{episode_id}}", views.episode),
            Route(f"{base}/search", views.search, methods=["GET", "POST"]),
            Route(f"{base}/static/{{name}}", views.static),
            Route(f"{base}/api/unlock", answers.unlock, methods=["POST"]),
            Route(f"{base}/api/lock", answers.lock, methods=["POST"]),
            Route(f"{base}/api/changes", answers.changes),
            Route(f"{base}/api/changes", answers.decide, methods=["POST"]),
            Route(f"{base}/api/seen", answers.seen, methods=["POST"]),
            Route(f"{base}/api/undo", answers.undo, methods=["POST"]),
            Route(f"{base}/api/apply", answers.apply, methods=["POST"]),
            Route(f"{one}/affected", answers.affected),
            Route(f"{one}/tasks", answers.tasks),
        ],
        exception_handlers={
            RecorderError: _expected,
            FileNotFoundError: _gone,
            HTTPException: _unknown,
        },
        lifespan=_lifespan,
    )
    app.state.room = room
    app.router.redirect_slashes = False
    return Guard(_Noticed(cast("App", app), room), room.door, room.port)


def _player(base: str) -> list[Route]:
    """Give what the player asks for, of an episode or of what a study would get of it."""
    return [
        Route(f"{base}/moments", answers.moments),
        Route(f"{base}/step", answers.step),
        Route(f"{base}/moment/{{index}}", answers.moment),
        Route(f"{base}/frame/{{frame_id}}", answers.picture),
    ]


class _Noticed:
    """Notes that the person is there: only requests that passed the guard come here."""

    def __init__(self, app: App, room: Room) -> None:
        self._app = app
        self._room = room

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self._room.lock_if_idle()
            self._room.seen()
        await self._app(scope, receive, send)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    room: Room = app.state.room
    watch = asyncio.create_task(_watch(room), name="idle-lock")
    try:
        yield
    finally:
        watch.cancel()
        room.changes.put_away()
        room.vault.lock()


async def _watch(room: Room) -> None:
    """Lock the page once nobody used it for long enough."""
    while True:
        await asyncio.sleep(_LOOK_S)
        await run_in_threadpool(room.lock_if_idle)


async def _expected(request: Request, error: Exception) -> Response:
    return trouble(request, cast("RecorderError", error))


async def _gone(request: Request, _error: Exception) -> Response:
    return trouble(request, EpisodeUnknown())


async def _unknown(request: Request, error: Exception) -> Response:
    _ = room_of(request)
    status = cast("HTTPException", error).status_code
    why = "There is nothing here" if status == 404 else "That cannot be done here"  # noqa: PLR2004 - HTTP's
    return PlainTextResponse(f"{why}.\n", status)
