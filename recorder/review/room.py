"""What the handlers share: folder, keys, templates, the idle clock. One for each server."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from recorder.consent.folder import folder_marks
from recorder.consent.keys import load_public_key
from recorder.core.clocks import Clock
from recorder.core.errors import ExitCode, RecorderError
from recorder.core.own_page import OWN_TITLE
from recorder.review.changes import Change, Changes
from recorder.review.decisions import Means, RedactLabel
from recorder.review.door import Door
from recorder.review.put_away import sealed, unsealed
from recorder.review.shown import visible
from recorder.review.vault import Locked, Opened, Vault
from recorder.sharing.approval import Approval, approval_of

IDLE_S: Final = 600.0
"""Without a request for so long the keys go."""
HERE: Final = Path(__file__).parent
_STATUS: Final = {ExitCode.USAGE: 404, ExitCode.WRONG_PASSPHRASE: 403, ExitCode.FORMAT: 422}


@dataclass(slots=True)
class Room:
    """The state of one review server.

    Attributes:
        folder: The recordings' folder.
        port: On 127.0.0.1.
        door: Link and cookie.
        vault: Keys and opened episodes.
        clock: Tells idleness.
        redact: Redacts a new label of a task.
        begin_at: What the link shows first, under the base.
        live: Gives the id of the episode that is being recorded, "" for none.
    """

    folder: Path
    port: int
    door: Door
    vault: Vault
    clock: Clock
    live: Callable[[], str]
    redact: RedactLabel
    begin_at: str = ""
    idle_s: float = IDLE_S
    seen_ns: int = 0
    seen_wall_ns: int = 0
    templates: Environment = field(init=False)
    changes: Changes = field(default_factory=Changes)
    _away: bytes = field(default=b"", init=False, repr=False)
    _waits: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.seen()
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_safe,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(base=self.door.base, own_title=OWN_TITLE)

    def page(self, template: str, status: int = 200, **facts: object) -> HTMLResponse:
        """Give a page; every text in it is escaped and made visible."""
        return HTMLResponse(self.templates.get_template(template).render(facts), status)

    def seen(self) -> None:
        """Note that the person is there."""
        self.seen_ns, self.seen_wall_ns = self.clock.monotonic_ns(), self.clock.wall_ns()

    def lock_if_idle(self) -> bool:
        """Lock when nothing was asked for long enough; tells whether it did."""
        if self.vault.is_locked or not self._is_idle:
            return False
        self.lock()
        return True

    @property
    def is_left(self) -> bool:
        """Whether it is locked, nobody came for long enough, and no decision waits."""
        return self.vault.is_locked and not self._waits and self._is_idle

    @property
    def _is_idle(self) -> bool:
        """The wall clock counts too: the other one stands still while a computer sleeps."""
        awake_ns = self.clock.monotonic_ns() - self.seen_ns
        return max(awake_ns, self.clock.wall_ns() - self.seen_wall_ns) / 1e9 >= self.idle_s

    def lock(self) -> None:
        """Lock the page: keys and what was read go, decisions that wait are sealed."""
        with self.vault.turn:
            if not self.vault.is_locked:
                waiting = self.changes.put_away()
                self._away, self._waits = sealed(waiting, self.vault.identity), bool(waiting)
            self.vault.lock()

    def unlock(self, passphrase: str | None) -> None:
        """Unlock the page; what waited waits again.

        Raises:
            RecorderError: The passphrase is wrong, or the keyring does not give it.
        """
        self.vault.unlock(passphrase)
        with self.vault.turn:
            away, self._away = self._away, b""
            if away:
                self.changes.bring_back(unsealed(away, self.vault.identity))

    def approved(self, study: str, episode_id: str) -> tuple[Approval, Opened]:
        """Give an approval, and what it holds.

        Raises:
            Locked: The passphrase is asked for first.
            ApprovalUnknown: There is none.
            PayloadUnusable: It is not what was approved.
        """
        if self.vault.is_locked:
            raise Locked
        user = load_public_key(self.folder, "user")
        found = approval_of(self.folder, study, episode_id, user)
        return found, self.vault.approved(found)

    def carry_out(self, change: Change) -> str:
        """Carry out a decision; what was read of its episode is let go of."""
        with self.vault.turn:
            means = Means(
                self.folder, self.vault.identity, self.vault.fresh, self.redact, self.live
            )
            try:
                return change.act.carry_out(means, change.episode_id)
            finally:
                self.vault.drop(change.episode_id)


def room_of(request: Request) -> Room:
    """Give the server's state."""
    found: Room = request.app.state.room
    return found


def trouble(request: Request, error: RecorderError) -> Response:
    """Give an expected failure as a page, or as JSON where the page's own code asked."""
    room = room_of(request)
    is_locked = isinstance(error, Locked)
    status = 423 if is_locked else _STATUS.get(error.code, 409)
    if "/api/" in request.url.path:
        return JSONResponse({"error": visible(error.message), "fix": visible(error.fix)}, status)
    if is_locked:
        return room.page("lock.html", status, needs=needs(room))
    return room.page("error.html", status, message=error.message, fix=error.fix)


def needs(room: Room) -> str:
    """Give what unlocking takes: passphrase, keyring or none."""
    return folder_marks(room.folder).secret


async def body_of(request: Request) -> dict[str, Any]:
    """Give the JSON object that was sent.

    Raises:
        BadDecision: It is none.
    """
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError) as cause:
        raise BadDecision from cause
    if not isinstance(found, dict):
        raise BadDecision
    return found


class BadDecision(RecorderError):
    """What the page sent makes no sense."""

    def __init__(self, message: str = "The page sent something that makes no sense") -> None:
        super().__init__(message, "reload the page", ExitCode.FORMAT)


def _safe(value: object) -> object:
    """Make every text that a template prints visible; markup of our own stays."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return visible(value)
    return value
