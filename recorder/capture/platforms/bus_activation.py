"""Both ends of D-Bus activation: has the session bus start one program, and is that program.

What a process may not do is refused to its children too; what the bus starts is the bus's
child. Sources: dbus-daemon(1), standard_session_servicedirs; the Desktop Entry Specification,
"D-Bus Activation"; tried with dbus-daemon 1.14.10, November 2026.
"""

import asyncio
import contextlib
import shlex
import stat
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import geteuid
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recorder.capture.platforms.bus_calls import BUS, BusCalls, Unanswered, session_bus
from recorder.capture.platforms.session_thread import SessionThread
from recorder.files import write_whole

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

_APPLICATION: Final = "org.freedesktop.Application"
_FAILED: Final = "org.freedesktop.DBus.Error.Failed"
_SERVICE: Final = "[D-BUS Service]\nName={name}\nExec={words}\n"
_DO_NOT_QUEUE: Final = 4
_IS_OWNER: Final = 1
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class _Patient(BusCalls):
    """The program has to start first; the bus itself gives up after 120 s."""

    timeout_s = 60.0


@dataclass(frozen=True, slots=True)
class BusProgram:
    """A program that the session bus starts when it is asked to.

    Its service file is there only while the bus is asked: it is never left over but by a
    kill, and then the next one takes its place.

    Attributes:
        name: The bus name that the program owns once it works.
        command: Its words, the first an absolute path. Fixed for good: nothing is added later.
        runtime: $XDG_RUNTIME_DIR, "" where it is not set.
    """

    name: str
    command: tuple[str, ...]
    runtime: str

    def is_startable(self) -> bool:
        """Ask the bus whether it would start it; starts nothing. Waits for 4 s at most."""
        return asyncio.run(self._ask())

    def activate(self) -> bool:
        """Start it where it does not run, and tell it to show itself; may wait for a minute."""
        return asyncio.run(self._call())

    async def _ask(self) -> bool:
        with contextlib.suppress(Unanswered, OSError):
            async with _connection() as bus:
                calls = BusCalls(bus)
                with self._offered():
                    await calls.bus_call("ReloadConfig")
                    told = await calls.bus_call("ListActivatableNames")
                    return any(isinstance(names, list) and self.name in names for names in told)
        return False

    async def _call(self) -> bool:
        ref = (self.name, path_of(self.name))
        with contextlib.suppress(Unanswered, OSError):
            async with _connection() as bus:
                calls = _Patient(bus)
                with self._offered():
                    await calls.bus_call("ReloadConfig")
                    await calls.call(ref, f"{_APPLICATION}.Activate", "a{sv}", {})
                    return True
        return False

    @contextmanager
    def _offered(self) -> Iterator[None]:
        """Have the service file in its place while the block lasts.

        Raises:
            OSError: There is no place that is this user's alone.
        """
        file = _services(self.runtime) / f"{self.name}.service"
        write_whole(file, service_text(self.name, self.command).encode())
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def service_text(name: str, command: tuple[str, ...]) -> str:
    """Give the service file of a program.

    Raises:
        OSError: A word has a character that the buses read each in its own way.
    """
    words = shlex.join(command)
    if "\\" in words or not words.isprintable():
        raise OSError(name)
    return _SERVICE.format(name=name, words=words)


def path_of(name: str) -> str:
    """Give the path under which a program answers, as the Desktop Entry Specification has it."""
    return "/" + name.replace(".", "/")


class Answering:
    """The started program's end: owns the name and hears `Activate` until it is closed.

    Args:
        name: The bus name.
        show: Called on a thread for each `Activate`; gives whether it could show itself.
    """

    def __init__(self, name: str, show: Callable[[], bool]) -> None:
        self._name = name
        self._show = show
        self._tasks: set[asyncio.Task[None]] = set()
        self._answered = threading.Event()
        self.is_over = False
        """Whether the bus is gone, as at the end of a person's session, or the name another's."""
        self._thread = SessionThread("activation", self)
        self._thread.start()

    def wait(self, timeout_s: float) -> bool:
        """Wait until one call was answered; False when none was in time."""
        return self._answered.wait(timeout_s)

    def close(self) -> None:
        """Give the name back; may be called twice."""
        self._thread.close()

    async def serve(self, bus: "MessageBus") -> None:
        """Own the name on a connection; called by the thread.

        Raises:
            Unanswered: It is another's.
        """
        bus.add_message_handler(lambda message: self._hear(bus, message))
        calls = BusCalls(bus)
        got = await calls.bus_call("RequestName", "su", self._name, _DO_NOT_QUEUE)
        if got != [_IS_OWNER]:
            raise Unanswered(self._name)
        try:
            await asyncio.Event().wait()
        finally:
            for task in self._tasks:
                task.cancel()

    def lost(self) -> None:
        """Take note that the connection is gone; called by the thread."""
        self.is_over = True

    def _hear(self, bus: "MessageBus", message: "Message") -> bool:
        is_call = (message.interface, message.member) == (_APPLICATION, "Activate")
        if not is_call or message.path != path_of(self._name) or message.signature != "a{sv}":
            return False
        task = asyncio.get_running_loop().create_task(self._answer(bus, message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _answer(self, bus: "MessageBus", message: "Message") -> None:
        from dbus_fast import Message  # noqa: PLC0415

        is_shown = await asyncio.get_running_loop().run_in_executor(None, self._show)
        failed = Message.new_error(message, _FAILED, "nothing could show it")
        await bus.send(Message.new_method_return(message) if is_shown else failed)
        self._answered.set()


def _services(runtime: str) -> Path:
    """Give the folder of this session's services, made where it is missing.

    Raises:
        OSError: It is missing, or others could write there.
    """
    folder = Path(runtime)
    if not folder.is_absolute():
        raise FileNotFoundError(runtime)
    _check_own(folder)
    for part in ("dbus-1", "services"):
        folder /= part
        folder.mkdir(mode=0o700, exist_ok=True)
        _check_own(folder)
    return folder


def _check_own(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != geteuid() or found.st_mode & _OTHERS:
        raise PermissionError(folder)


@contextlib.asynccontextmanager
async def _connection() -> AsyncIterator["MessageBus"]:
    """Give a connection to the session bus; at its end the bus looks at its services again.

    Raises:
        Unanswered: There is none.
    """
    bus = await session_bus()
    if bus is None:
        raise Unanswered(BUS)
    try:
        yield bus
    finally:
        with contextlib.suppress(Unanswered):
            await BusCalls(bus).bus_call("ReloadConfig")
        bus.disconnect()
        gone = asyncio.ensure_future(bus.wait_for_disconnect())  # type: ignore[no-untyped-call]  # dbus-fast leaves it untyped
        await asyncio.gather(gone, return_exceptions=True)
