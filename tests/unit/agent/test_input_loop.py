import os
import select
import signal
import socket
import time
from collections.abc import Iterator

import pytest

from recorder.agent.input_loop import MAX_WAITING_BYTES, Outlet, PipeClosed, run_input
from recorder.core.events import RawEvent, RawKind
from recorder.core.levels import Levels
from recorder.core.ports import SourceLost
from recorder.core.proofs import GrantKind, GrantTerms, LiveGrant, mint_grant
from recorder.core.wire import EVENT_SIZE_BYTES, unpack_events

GRANT = mint_grant(GrantTerms("demo", "", "", GrantKind.DEMO, Levels(), ("*",), 0, ":99"))


class Source:
    """Gives what it was told to, then does what it was told to."""

    def __init__(self, events: list[RawEvent], then: BaseException | str) -> None:
        self.events = events
        self.then = then
        self.opened_with: LiveGrant | None = None
        self.is_closed = False

    def open(self, grant: LiveGrant) -> None:
        self.opened_with = grant

    def read(self, timeout_s: float) -> list[RawEvent]:
        assert timeout_s <= 0.5
        events, self.events = self.events, []
        if events:
            return events
        if isinstance(self.then, BaseException):
            raise self.then
        os.kill(os.getpid(), signal.SIGTERM)
        return []

    def close(self) -> None:
        self.is_closed = True


class Waiting(Source):
    """Waits long, as on an idle desktop, while the agent goes."""

    def __init__(self, agents_end: socket.socket) -> None:
        super().__init__([], "")
        self.agents_end = agents_end

    def read(self, timeout_s: float) -> list[RawEvent]:
        del timeout_s
        self.agents_end.close()
        select.select([], [], [], 30.0)
        return []


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, agents = socket.socketpair()
    with ours, agents:
        yield ours, agents


def moves(count: int) -> list[RawEvent]:
    return [RawEvent(number + 1, RawKind.MOVE, number, 2) for number in range(count)]


def test_events_cross_the_pipe_and_sigterm_ends_it(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    source = Source(moves(3), "sigterm")
    before = signal.getsignal(signal.SIGTERM)
    assert run_input(source, GRANT, pair[0]) == 0
    assert list(unpack_events(pair[1].recv(4096))) == moves(3)
    assert source.is_closed
    assert source.opened_with is GRANT
    assert signal.getsignal(signal.SIGTERM) == before


def test_it_ends_when_the_agent_goes(pair: tuple[socket.socket, socket.socket]) -> None:
    pair[1].close()
    source = Source(moves(1), AssertionError("read again"))
    assert run_input(source, GRANT, pair[0]) == 0
    assert source.is_closed


def test_a_waiting_source_ends_at_once_when_the_agent_goes(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    source = Waiting(pair[1])
    began = time.monotonic()
    assert run_input(source, GRANT, pair[0]) == 0
    assert time.monotonic() - began < 2.0
    assert source.is_closed


def test_a_lost_source_is_closed_and_told(pair: tuple[socket.socket, socket.socket]) -> None:
    source = Source([], SourceLost("The X server went away"))
    with pytest.raises(SourceLost):
        run_input(source, GRANT, pair[0])
    assert source.is_closed


def test_an_agent_that_does_not_read_costs_bounded_memory_and_is_told_how_much(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    outlet = Outlet(pair[0])
    batch = moves(1000)
    for _ in range(40):
        outlet.put(batch, 5)
    assert len(outlet._waiting) <= MAX_WAITING_BYTES
    received = bytearray()
    pair[1].settimeout(0)
    for _ in range(1000):
        outlet.put([], 6)
        try:
            received += pair[1].recv(1 << 20)
        except BlockingIOError:
            break
    outlet.put([RawEvent(7, RawKind.ALIVE)], 7)
    received += pair[1].recv(1 << 20)
    events = list(unpack_events(bytes(received)))
    assert len(received) % EVENT_SIZE_BYTES == 0
    (told,) = [event for event in events if event.kind is RawKind.OVERFLOW]
    assert told.count + sum(event.kind is RawKind.MOVE for event in events) == 40_000


def test_a_closed_pipe_is_seen_without_events(pair: tuple[socket.socket, socket.socket]) -> None:
    outlet = Outlet(pair[0])
    outlet.put([], 1)
    pair[1].close()
    with pytest.raises(PipeClosed):
        outlet.put([], 2)
