"""The agent process: composes the supervisor. The descriptor of its lead on the command line."""

import gc
import logging
import os
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from recorder.agent.control import Reply, Request
    from recorder.agent.lead import Lead
    from recorder.agent.notes import Inbox
    from recorder.agent.notifying import Notifier
    from recorder.agent.order import Order
    from recorder.agent.page_opening import PageOpening
    from recorder.agent.recording import Recording
    from recorder.agent.signs import Signs
    from recorder.agent.supervisor import Desk
    from recorder.agent.watching import Watching
    from recorder.capture.scope import Scope
    from recorder.core.proofs import GrantTerms
    from recorder.places import Places

_ORDER_S: Final = 10.0
_JOIN_S: Final = 2.0


def main() -> int:
    """Take the order from the lead, record, end."""
    from recorder.agent.lead import Lead  # noqa: PLC0415 - after hardening
    from recorder.cli import wiring  # noqa: PLC0415
    from recorder.core.errors import RecorderError  # noqa: PLC0415

    wiring.load_arrow()
    wiring.load_rules()
    with Lead(socket.socket(fileno=int(sys.argv[1]))) as lead:
        try:
            return _record(lead)
        except RecorderError as error:
            said: dict[str, object] = {"error": error.message, "fix": error.fix}
            lead.send("error", {**said, "code": int(error.code)})
            return int(error.code)


def _record(lead: "Lead") -> int:
    from recorder.agent.bounded_log import BoundedLog  # noqa: PLC0415
    from recorder.agent.client import Unresponsive  # noqa: PLC0415
    from recorder.agent.control import Control, Reply, Request  # noqa: PLC0415
    from recorder.agent.crash import silence_tracebacks  # noqa: PLC0415
    from recorder.agent.lock import AgentLock, hold_folder  # noqa: PLC0415
    from recorder.agent.notes import Asked, Crashed, Inbox  # noqa: PLC0415
    from recorder.agent.supervisor import MAX_NOTES, Supervisor  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415
    from recorder.episodes.writer import use_little_memory  # noqa: PLC0415
    from recorder.places import places  # noqa: PLC0415

    order, where = _order(lead), places()
    inbox = Inbox(MAX_NOTES)

    def ask(request: Request, reply: Reply) -> None:
        if not inbox.hand_in(Asked(request, reply)):
            reply.refused(Unresponsive(os.getpid()))

    use_little_memory()
    log = BoundedLog(where.log, order.log_kilobytes)
    with AgentLock.take(where.lock) as lock, hold_folder(Path(order.folder)), log:
        logging.getLogger("recorder").info("agent %d", os.getpid())
        silence_tracebacks(lambda line: inbox.hand_in(Crashed(line)))
        desk = _desk(order, where, lead, inbox, _signs(order, inbox, ask))
        control = Control(where.socket, lock, ask)
        server = threading.Thread(target=control.run, name="control", daemon=True)
        server.start()
        wiring.end_loading()
        try:
            error = Supervisor(desk).run()
        finally:
            control.close()
            server.join(_JOIN_S)
    return int(error.code) if error is not None else 0


def _order(lead: "Lead") -> "Order":
    from recorder.agent.order import Order  # noqa: PLC0415

    said = lead.receive(_ORDER_S)
    if said is None:
        raise EOFError
    return Order.model_validate({key: value for key, value in said.items() if key != "event"})


def _signs(order: "Order", inbox: "Inbox", ask: "Callable[[Request, Reply], None]") -> "Signs":
    """Give what shows that it records, and the hotkey; what is chosen there is a request."""
    from recorder.agent.hotkey import PauseKey  # noqa: PLC0415
    from recorder.agent.indicator import Indicators  # noqa: PLC0415
    from recorder.agent.just_closed import JustClosed  # noqa: PLC0415
    from recorder.agent.notes import Pressed  # noqa: PLC0415
    from recorder.agent.signs import Signs, choosing  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415
    from recorder.cli.system_clock import SystemClock  # noqa: PLC0415

    def pressed(t_ns: int) -> None:
        inbox.hand_in(Pressed(t_ns))

    kinds = wiring.indicators(order.display, order.show.indicator)
    grab = wiring.hotkey(order.display, order.show.hotkey)
    key = PauseKey(order.show.hotkey, grab, pressed)
    notifier = _notifier(order)
    told = notifier.forgotten if notifier else lambda _answer: None
    just_closed = JustClosed(Path(order.folder), SystemClock().wall_ns, told)
    page = _page(order, notifier) if any(kind.name == "tray" for kind in kinds or ()) else None
    review = page.open if page else lambda: None
    indicators = Indicators(kinds, choosing(ask, just_closed.begin, review))
    return Signs(indicators, key, notifier, just_closed, page)


def _page(order: "Order", notifier: "Notifier | None") -> "PageOpening":
    """Give what opens the review page; its command is fixed now, before anything is captured."""
    from recorder.agent.page_opening import PageOpening  # noqa: PLC0415
    from recorder.cli.review_service import review_program  # noqa: PLC0415
    from recorder.places import places  # noqa: PLC0415

    program = review_program(Path(order.folder), places(), os.environ)
    failed = notifier.unopened if notifier else lambda: None
    return PageOpening(program.is_startable, program.activate, failed)


def _notifier(order: "Order") -> "Notifier | None":
    """Give what tells news on the desktop; a demonstration tells none."""
    from recorder.agent.notifying import Notifier  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415

    if order.demo is not None:
        return None
    desktop = wiring.notifications()
    return Notifier(desktop.tell, desktop.take_away, desktop.close)


def _desk(order: "Order", where: "Places", lead: "Lead", inbox: "Inbox", signs: "Signs") -> "Desk":
    from recorder.agent.episode import Studio  # noqa: PLC0415
    from recorder.agent.notes import Looked, Trouble  # noqa: PLC0415
    from recorder.agent.recording import Recording  # noqa: PLC0415
    from recorder.agent.session import Limits  # noqa: PLC0415
    from recorder.agent.supervisor import Desk  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415
    from recorder.cli.never_file import OwnWords  # noqa: PLC0415
    from recorder.cli.own_rules_file import rules_for  # noqa: PLC0415
    from recorder.cli.system_clock import SystemClock  # noqa: PLC0415
    from recorder.consent.demo import DemoGate  # noqa: PLC0415
    from recorder.consent.gate import Gate  # noqa: PLC0415
    from recorder.consent.keys import load_device_key  # noqa: PLC0415
    from recorder.redaction.text import TextRedactor  # noqa: PLC0415

    own = OwnWords(where)
    own.current()  # a list that cannot be read is told now
    clock, folder = SystemClock(), Path(order.folder)
    gate = (
        DemoGate(order.display, clock, order.demo.levels)
        if order.demo is not None
        else Gate(folder, where.state, clock)
    )
    studio = Studio(
        order, gate, load_device_key(folder), TextRedactor(rules_for(where, own)), clock,
        lambda error: inbox.hand_in(Trouble(error)),
    )  # fmt: skip
    recording = Recording(
        studio, gate, wiring.parts(), lambda terms: _scope(order, where, terms), inbox.hand_in
    )
    limits = Limits(int(order.cap_s * 1e9), int(order.pause_closes_s * 1e9))
    watching = _watching(order, recording, lambda: inbox.hand_in(Looked()))
    return Desk(recording, lead, inbox, limits, where.log, watching, signs)


def _watching(
    order: "Order", recording: "Recording", changed: "Callable[[], object]"
) -> "Watching":
    """Give what makes it pause by itself; a demonstration asks nobody about the desk."""
    from recorder.agent.looking import Looking  # noqa: PLC0415
    from recorder.agent.watching import Watching  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415

    sources = wiring.presence_sources(order.display, order.watch)
    return Watching(recording, order.watch, Looking(sources, changed))


def _scope(order: "Order", where: "Places", terms: "GrantTerms") -> "Scope":
    from recorder.cli.scope_file import read_scope  # noqa: PLC0415
    from recorder.cli.scope_in_force import scope_in_force  # noqa: PLC0415

    allowed = order.demo.apps if order.demo is not None else read_scope(where)
    return scope_in_force(allowed, terms)


if __name__ == "__main__":
    gc.disable()  # until everything is loaded, as in the capture processes
    from recorder.cli.process_edge import run_process

    sys.exit(run_process(main))
