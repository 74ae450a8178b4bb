"""The review page's server, composed: for `recorder review` and for the tray's menu."""

from collections.abc import Callable
from pathlib import Path

from recorder.cli.list import live_id
from recorder.cli.system_clock import SystemClock
from recorder.consent.memory import guard_memory
from recorder.core.context import ContextRow
from recorder.core.proofs import Redacted
from recorder.episodes.identity import unlock
from recorder.places import places
from recorder.review.app import build
from recorder.review.door import Door
from recorder.review.room import Room
from recorder.review.serve import Server, listen, only_one, serve
from recorder.review.vault import Vault


def serve_page(
    folder: Path,
    ready: Callable[[Room], None],
    *,
    begin_at: str = "",
    is_over: Callable[[Room], bool] = lambda _room: False,
) -> None:
    """Answer until Ctrl-C, a signal or its own end.

    Args:
        folder: The recordings' folder.
        ready: Called once it answers.
        begin_at: What the link shows first, under the page's address.
        is_over: Asked ten times a second whether it is to end by itself.

    Raises:
        ReviewOpen: Another page of this user is open.
    """
    guard_memory()
    with only_one(places().state) as note, listen() as listening:
        port = listening.getsockname()[1]
        room = Room(
            folder=folder,
            port=port,
            door=Door(),
            vault=Vault(folder, unlock),
            clock=SystemClock(),
            live=lambda: live_id(folder),
            redact=_redact,
            begin_at=begin_at,
        )
        note(room.door.home(port))
        serve(Server(build(room), lambda: ready(room), lambda: is_over(room)), listening)


def _redact(label: ContextRow) -> Redacted[ContextRow]:
    """Redact a new label as a recording would; the rules load when it is first asked for."""
    from recorder.cli.relabel import redacted_label  # noqa: PLC0415 - the rules take a second

    return redacted_label(label.instruction, label.outcome)
