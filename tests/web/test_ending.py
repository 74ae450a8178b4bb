"""How the page's server ends: no connection outlives it."""

import asyncio
import socket
import threading

from recorder.review.guard import Receive, Scope, Send
from recorder.review.serve import Server, listen


async def _begins_and_ends(_scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


class _MetWhileStopping(Server):
    """A server that a browser's spare connection reaches when it begins to stop."""

    def __init__(self, browser: socket.socket, address: tuple[str, int]) -> None:
        super().__init__(_begins_and_ends, lambda: None)
        self._browser, self._address = browser, address

    async def main_loop(self) -> None:
        self._browser.connect(self._address)
        for _turn in range(2):  # it is accepted in the first, served after the second
            await asyncio.sleep(0)


def test_a_server_that_nobody_needs_any_more_ends_by_itself() -> None:
    with listen() as listening:
        server = Server(_begins_and_ends, lambda: None, lambda: True)
        thread = threading.Thread(target=server.run, args=([listening],), name="server")
        thread.start()
        thread.join(30)
        assert not thread.is_alive()


def test_a_connection_that_comes_while_it_stops_is_cut() -> None:
    with listen() as listening, socket.socket() as browser:
        server = _MetWhileStopping(browser, listening.getsockname())
        thread = threading.Thread(target=server.run, args=([listening],), name="server")
        thread.start()
        thread.join(30)
        assert not thread.is_alive()
        browser.settimeout(5)
        try:
            left = browser.recv(100)
        except ConnectionResetError:
            left = b""
    assert left == b""
