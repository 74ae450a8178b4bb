"""What every request must show before anything is looked at, and what every answer carries.

A page elsewhere can make a browser send requests here: by a name that resolves to this
machine, by a form, a picture, a frame or a socket. The host, the browser's own word on where
a request comes from (Fetch Metadata), the origin and the cookie tell them apart.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from recorder.review.door import Door

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BODY_BYTES: Final = 1_000_000
"""A decision on every picture of a day has some 100 kB."""
_FRAMES: Final = frozenset({"iframe", "frame", "object", "embed", "fencedframe"})
_FROM_HERE: Final = "same-origin"
_BY_HAND: Final = "none"
"""Fetch Metadata's word for an address that the person opened."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_ALWAYS: Final = tuple(
    (name.encode(), value.encode())
    for name, value in (
        ("content-security-policy", POLICY),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=(), clipboard-read=()"),
        ("x-dns-prefetch-control", "off"),
        ("x-robots-tag", "noindex"),
    )
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request before it is trusted; "" for a header that is missing or came twice."""

    method: str
    path: str
    host: str
    origin: str
    site: str
    mode: str
    dest: str
    content_type: str
    length: str
    is_chunked: bool
    knows_cookie: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status and one plain sentence."""

    status: int
    why: str


_NOT_FROM_HERE: Final = Refusal(403, "This request does not come from the review page")


def refusal(asked: Asked, base: str, port: int) -> Refusal | None:
    """Give why a request is refused, None when it may go on.

    Args:
        asked: The request.
        base: The path under which everything lies.
        port: The server's.
    """
    return (
        _wrong_address(asked, base, port)
        or _from_elsewhere(asked)
        or _unknown_person(asked, base)
        or (_wrong_body(asked, base, port) if asked.method == "POST" else None)
    )


def _wrong_address(asked: Asked, base: str, port: int) -> Refusal | None:
    if asked.host != f"127.0.0.1:{port}":
        return Refusal(421, "This is not the address of the review page")
    if asked.method not in {"GET", "POST"}:
        return Refusal(405, "The review page knows GET and POST only")
    if not asked.path.startswith(f"{base}/") or ".." in unquote(asked.path):
        return Refusal(404, "There is nothing here")
    return None


def _from_elsewhere(asked: Asked) -> Refusal | None:
    if asked.dest in _FRAMES:
        return Refusal(403, "The review page is not shown inside other pages")
    by_hand = asked.site == _BY_HAND and asked.mode == "navigate" and asked.method == "GET"
    return None if by_hand or asked.site == _FROM_HERE else _NOT_FROM_HERE


def _unknown_person(asked: Asked, base: str) -> Refusal | None:
    if asked.knows_cookie or (asked.path == f"{base}/enter" and asked.method == "GET"):
        return None
    return Refusal(401, "Open the page by the link that recorder review printed")


def _wrong_body(asked: Asked, base: str, port: int) -> Refusal | None:
    if asked.origin != f"http://127.0.0.1:{port}":
        return _NOT_FROM_HERE
    form = "application/x-www-form-urlencoded"  # a question; it changes nothing
    wanted = form if asked.path == f"{base}/search" else "application/json"
    if asked.content_type != wanted:
        return Refusal(415, "Decisions are sent as JSON")
    if asked.is_chunked or not asked.length.isdecimal() or int(asked.length) > MOST_BODY_BYTES:
        return Refusal(413, "That is too long for a decision")
    return None


class Guard:
    """Wraps the application: refuses, and puts the headers on every answer."""

    def __init__(self, app: App, door: Door, port: int) -> None:
        self._app = app
        self._door = door
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; refuses sockets."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        why = refusal(self._asked(scope), self._door.base, self._port)
        if why is None:
            await self._app(scope, receive, _with_headers(send))
        else:
            await _refuse(why, _with_headers(send))

    def _asked(self, scope: Scope) -> Asked:
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))

        def one(name: str) -> str:
            found = headers.get(name, [])
            return found[0] if len(found) == 1 else ""

        return Asked(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            host=one("host"),
            origin=one("origin"),
            site=one("sec-fetch-site"),
            mode=one("sec-fetch-mode"),
            dest=one("sec-fetch-dest"),
            content_type=one("content-type").partition(";")[0].strip().lower(),
            length=one("content-length"),
            is_chunked="transfer-encoding" in headers,
            knows_cookie=self._door.knows("; ".join(headers.get("cookie", []))),
        )


def _with_headers(send: Send) -> Send:
    async def send_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *_ALWAYS]}
        await send(message)

    return send_more


async def _refuse(why: Refusal, send: Send) -> None:
    body = f"{why.why}.\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": why.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
