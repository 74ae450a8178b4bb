"""The screen process's end of the pipe to the agent."""

import select
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Final

from recorder.core.screen_messages import EntityIs, EntityWanted, Hello, Message, Unpacker, pack

_READ_BYTES: Final = 1 << 16
_HELLO_S: Final = 10.0
_ANSWER_S: Final = 1.0
"""The agent answers within milliseconds; later the box says `text` instead of a number."""


class AgentGone(Exception):
    """The agent closed the pipe or died; there is nobody to record for."""


class ScreenPipe:
    """Sends from any thread; received by one.

    Args:
        pipe: Connected AF_UNIX stream socket.
    """

    def __init__(self, pipe: socket.socket) -> None:
        self._pipe = pipe
        self._unpacker = Unpacker()
        self._sending = threading.Lock()
        self._answered = threading.Condition()
        self._numbers: dict[tuple[str, bytes], int] = {}
        self._asked: set[tuple[str, bytes]] = set()
        self._waiting: deque[Message] = deque()

    def fileno(self) -> int:
        """Give the descriptor, for waiting."""
        return self._pipe.fileno()

    def send(self, message: Message) -> None:
        """Send one message.

        Raises:
            AgentGone: Nobody listens any more.
        """
        try:
            with self._sending:
                self._pipe.sendall(pack(message))
        except OSError as cause:
            raise AgentGone from cause

    def receive(self, timeout_s: float) -> Iterator[Message]:
        """Give the messages that came; none at the time-out.

        Messages that the caller does not take are given at the next call.

        Raises:
            AgentGone: The agent closed the pipe.
        """
        if not self._waiting:
            self._waiting.extend(self._unpacker.feed(self._read(timeout_s)))
        while self._waiting:
            yield self._waiting.popleft()

    def hello(self) -> Hello:
        """Wait for the agent's first message.

        Raises:
            AgentGone: It did not come.
        """
        end_s = time.monotonic() + _HELLO_S
        while (left_s := end_s - time.monotonic()) > 0:
            for message in self.receive(left_s):
                if isinstance(message, Hello):
                    return message
        raise AgentGone

    @property
    def has_rest(self) -> bool:
        """Whether messages came that nobody took."""
        return bool(self._waiting)

    def _read(self, timeout_s: float) -> bytes:
        try:
            if not select.select([self._pipe], [], [], max(timeout_s, 0))[0]:
                return b""
            data = self._pipe.recv(_READ_BYTES)
        except (OSError, ValueError) as cause:
            raise AgentGone from cause
        if not data:
            raise AgentGone
        return data

    def ask_number(self, kind: str, digest: bytes) -> int:
        """Give the agent's number of a value; called by the redaction thread.

        Raises:
            TimeoutError: No answer came in time, or the agent is gone.
        """
        key = (kind, digest)
        end_s = time.monotonic() + _ANSWER_S
        self._asked.add(key)
        try:
            self.send(EntityWanted(kind, digest))
        except AgentGone as cause:
            raise TimeoutError from cause
        with self._answered:
            while key not in self._numbers:
                left_s = end_s - time.monotonic()
                if left_s <= 0 or not self._answered.wait(left_s):
                    raise TimeoutError
            self._asked.discard(key)
            return self._numbers.pop(key)

    def number_came(self, news: EntityIs) -> bool:
        """Hand an answer to the thread that waits for it; False when nobody asked."""
        with self._answered:
            if (news.kind, news.digest) not in self._asked:
                return False
            self._numbers[news.kind, news.digest] = news.number
            self._answered.notify_all()
            return True
