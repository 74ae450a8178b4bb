"""Body of the screen process: grabs on one thread, redacts on another.

A grab counts only when the agent's scene was the same before and after it and its gate
was open. Raw frames live in memory, at most three candidates a monitor, three waiting and
one in work; whatever does not fit is dropped and counted.
"""

import select
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from recorder.agent.recent_scenes import RecentScenes
from recorder.agent.screen_pipe import AgentGone, ScreenPipe
from recorder.agent.screen_rows import Job, Picture, narrow
from recorder.agent.screen_worker import Redactor, Worker
from recorder.capture.frame_policy import FramePolicy, Grab, Kept
from recorder.core.errors import ExitCode
from recorder.core.geometry import Monitor, monitor_near
from recorder.core.levels import Levels, ScreenLevel
from recorder.core.losses import Loss
from recorder.core.ports import ScreenSource, SourceLost
from recorder.core.proofs import LiveGrant
from recorder.core.scenes import Gate, Scene
from recorder.core.screen_messages import (
    ActionBegan,
    Alive,
    Drain,
    EntityIs,
    Forget,
    FrameBound,
    Message,
    Ready,
    SceneIs,
    SceneWanted,
)
from recorder.redaction.entities import EntityClient

_SCENE_S: Final = 0.5
_ALIVE_S: Final = 1.0
_DRAIN_LOOK_S: Final = 0.02


def run_screen(
    source: ScreenSource,
    make_redactor: Callable[[EntityClient], Redactor],
    grant: LiveGrant,
    pipe: socket.socket,
    levels: Levels,
) -> int:
    """Record the screen until the agent says `Drain` or goes away; give the exit code.

    Args:
        source: Closed at the end.
        make_redactor: Called once the agent's key for values is there.
        grant: Opens the source.
        pipe: Connected to the agent.
        levels: Nothing is grabbed when the screen's level is `off`.

    Raises:
        SourceUnavailable: The screen cannot be grabbed.
        SourceLost: The display went away.
    """
    if levels.screen is ScreenLevel.OFF:
        return ExitCode.OK
    ends = ScreenPipe(pipe)
    try:
        hello = ends.hello()
        entities = EntityClient(hello.entity_key, ends.ask_number)
        source.open(grant)
        loop = GrabLoop(source, make_redactor(entities), entities, ends, hello.first_frame_id)
        return loop.run()
    except AgentGone:
        return ExitCode.OK
    finally:
        source.close()


class GrabLoop:
    """The grab thread; made and run by `run_screen`."""

    def __init__(
        self,
        source: ScreenSource,
        redactor: Redactor,
        entities: EntityClient,
        pipe: ScreenPipe,
        first_frame_id: int,
    ) -> None:
        self._source = source
        self._entities = entities
        self._pipe = pipe
        self._policy = FramePolicy(first_frame_id)
        self._worker = Worker(redactor, pipe)
        self._pictures: dict[int, Picture] = {}
        self._last_key: dict[int, int] = {}
        self._next_key = 1
        self._token = 0
        self._scene: Scene | None = None
        self._recent = RecentScenes()
        self._answer: SceneIs | None = None
        self._is_shut = False
        self._drain_ns: int | None = None
        self._seen_change_ns: int | None = None
        self._alive_s = 0.0

    def run(self) -> int:
        """Work until the end, or until redaction hangs: the agent then starts another process."""
        self._worker.start()
        self._pipe.send(Ready())
        while self._drain_ns is None:
            self._wait()
            self._receive(0)
            self._look_for_change()
            self._keep_ripe(is_last=False)
            self._grab_if_due()
            self._say_alive()
            if self._worker.is_stuck:
                self._end_worker()
                return ExitCode.UNRESPONSIVE
        self._keep_ripe(is_last=True)
        self._worker.finish(self._drain_ns)
        while self._worker.is_alive and time.monotonic_ns() < self._drain_ns:
            self._receive(_DRAIN_LOOK_S)
        self._end_worker()
        return ExitCode.OK

    def _end_worker(self) -> None:
        """Count what was not finished."""
        self._worker.abandon()
        for lost in self._worker.take_losses():
            self._pipe.send(lost)

    def _wait(self) -> None:
        """Wait for the agent, for damage, or for the next moment that counts."""
        now_ns = time.monotonic_ns()
        left_s = max(self._alive_s + _ALIVE_S - now_ns / 1e9, 0.0)
        next_ns = self._policy.next_ns(now_ns) if not self._is_shut else None
        if next_ns is not None:
            left_s = min(left_s, max((next_ns - now_ns) / 1e9, 0.0))
        if not self._pipe.has_rest:
            select.select([self._pipe.fileno(), self._source.fileno()], [], [], left_s)

    def _receive(self, timeout_s: float) -> None:
        for message in self._pipe.receive(timeout_s):
            self._take(message)

    def _take(self, message: Message) -> None:
        match message:
            case ActionBegan():
                self._bind(message)
            case SceneIs():
                self._scene_came(message)
            case EntityIs():
                self._entities.learn(message)
                if not self._pipe.number_came(message):
                    self._worker.reconsider()
            case Forget():
                self._worker.forget(message.until_ns)
            case Drain():
                self._drain_ns = message.deadline_ns
            case _:
                pass

    def _bind(self, action: ActionBegan) -> None:
        """Answer at once with the frame in force before the action."""
        monitors = self._scene.monitors if self._scene else ()
        shown = monitor_near(monitors, action.x, action.y)
        self._look_for_change()
        kept = self._policy.bind(action.t_ns, shown.monitor_id if shown else 0)
        bound = kept is not None and self._keep(kept)
        self._pipe.send(FrameBound(action.action_id, kept.frame_id if kept and bound else -1))

    def _scene_came(self, news: SceneIs) -> None:
        scene, last = news.scene, self._scene
        self._scene = scene
        self._recent.came(scene)
        if news.token:
            self._answer = news
        narrow(self._pictures.values(), scene)
        self._worker.narrow(scene)
        if scene.gate is not Gate.OPEN or (last and last.monitors != scene.monitors):
            self._policy.clear()
            self._forget_pictures()
        if scene.gate is not Gate.OPEN:
            return
        if self._is_shut or last is None or last.look != scene.look:
            self._is_shut = False
            self._policy.failed()

    def _look_for_change(self) -> None:
        is_changed = self._source.wait_for_change(0)
        t_ns = self._source.last_change_ns
        if (t_ns is None and is_changed) or t_ns != self._seen_change_ns:
            self._seen_change_ns = t_ns
            changed_ns = time.monotonic_ns() if t_ns is None else t_ns
            self._policy.note_change(changed_ns)
            self._worker.note_change(changed_ns)

    def _keep_ripe(self, *, is_last: bool) -> None:
        for kept in self._policy.ripe(time.monotonic_ns(), is_last=is_last):
            self._keep(kept)

    def _keep(self, kept: Kept) -> bool:
        """Hand a grab to redaction; False when news came that forbids it."""
        picture = self._pictures.get(kept.grab.key)
        if picture is None or picture.is_void:
            self._worker.lose(Loss.GATE_CLOSED)
            return False
        if kept.is_new:
            job = Job(kept.frame_id, replace(picture), [kept.trigger])
            job.valid_to_ns = self._policy.first_change_after(picture.raw.t_start_ns)
            self._worker.add(job)
        else:
            self._worker.add_trigger(kept.frame_id, kept.trigger)
        return True

    def _grab_if_due(self) -> None:
        now_ns = time.monotonic_ns()
        due_ns = self._policy.due_ns(now_ns)
        if self._is_shut or due_ns is None or due_ns > now_ns or self._drain_ns is not None:
            return
        scene = self._ask_scene(asks_apps=False)
        self._policy.began_grab(time.monotonic_ns())
        if scene is None:
            self._worker.lose(Loss.UNKNOWN_CONTEXT)
            self._policy.failed()
        elif scene.gate is not Gate.OPEN:
            self._worker.lose(Loss.GATE_CLOSED)
            self._is_shut = True
        else:
            self._grab(scene)

    def _grab(self, scene: Scene) -> None:
        """Grab every monitor; keep nothing unless the scene is the same afterwards.

        Applications are asked afterwards only: what they told the last time, before this
        grab, must still hold.

        Raises:
            SourceLost: A monitor is still there and gives no picture.
        """
        frames = [self._source.grab(monitor) for monitor in scene.monitors]
        after = self._ask_scene(asks_apps=True)
        if after is None or after.look != scene.look:
            self._worker.lose(Loss.SCENE_CHANGED, len(frames))
            self._policy.failed()
            return
        for monitor, raw in zip(scene.monitors, frames, strict=True):
            if raw is None:
                raise SourceLost("The display gives no picture of this monitor")
            around = (after, *self._recent.before(raw.t_start_ns))
            self._remember(monitor, Picture(raw, scene, around=around))
        self._forget_pictures()

    def _remember(self, monitor: Monitor, picture: Picture) -> None:
        key, self._next_key = self._next_key, self._next_key + 1
        raw = picture.raw
        last = self._pictures.get(self._last_key.get(monitor.monitor_id, 0))
        is_same = last is not None and last.raw.pixels == raw.pixels
        if last is not None and is_same:
            picture.raw = replace(raw, pixels=last.raw.pixels)
        self._pictures[key] = picture
        self._last_key[monitor.monitor_id] = key
        self._policy.add(
            Grab(key, monitor.monitor_id, raw.t_start_ns, raw.t_end_ns), is_same=is_same
        )

    def _forget_pictures(self) -> None:
        wanted = self._policy.keys()
        for key in [key for key in self._pictures if key not in wanted]:
            del self._pictures[key]

    def _ask_scene(self, *, asks_apps: bool) -> Scene | None:
        """Give the agent's scene of this instant, None when it does not tell in time."""
        self._token += 1
        self._answer = None
        self._pipe.send(SceneWanted(self._token, asks_apps))
        end_s = time.monotonic() + _SCENE_S
        while (left_s := end_s - time.monotonic()) > 0:
            self._receive(left_s)
            answer: SceneIs | None = self._answer
            if answer is not None and answer.token == self._token:
                return answer.scene
        return None

    def _say_alive(self) -> None:
        now_s = time.monotonic()
        if now_s - self._alive_s >= _ALIVE_S:
            self._alive_s = now_s
            self._pipe.send(Alive())
            for lost in self._worker.take_losses():
                self._pipe.send(lost)
