"""A peer of one test on the session bus, in a process of its own, and its remote.

One JSON object a line comes in (`{"do": …}`), one goes out (`{"done": …}`).
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from dbus_fast import Message
from dbus_fast.aio import MessageBus

Said = dict[str, Any]


class RemotePeer:
    """The peer's process, seen from the test; `script` ends with `asyncio.run(run_peer(…))`."""

    def __init__(self, script: Path, environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(script)],
            env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def do(self, what: str, **how: object) -> Any:  # noqa: ANN401 - JSON
        """Let it do something; gives its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())["done"]

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()


class Peer(Protocol):
    """What runs in the process."""

    async def begin(self) -> None:
        """Get ready on the bus."""

    def hear(self, message: Message) -> Message | bool:
        """Answer a message; False when it is none of its own."""

    async def obey(self, told: Said) -> object:
        """Carry out one line of the test."""


async def run_peer(make: "type[Peer]") -> None:
    """Run a peer on the session bus until standard input ends."""
    bus = await MessageBus().connect()
    peer = make(bus)  # type: ignore[call-arg]  # protocols say nothing of constructors
    bus.add_message_handler(peer.hear)
    await peer.begin()
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    while line := await reader.readline():
        done = await peer.obey(json.loads(line))
        sys.stdout.write(json.dumps({"done": done}, default=str) + "\n")
        sys.stdout.flush()
