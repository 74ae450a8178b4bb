"""What one stretch of recording works with: its terms, and the adapters of the platform."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from recorder.agent.flow import Flow
from recorder.capture.scope import Scope
from recorder.core.ports import SceneSource
from recorder.core.proofs import LiveGrant
from recorder.core.targets import Target


class WatchesScenes(SceneSource, Protocol):
    """The context watcher, which decides by a scope."""

    def set_scope(self, scope: Scope) -> None:
        """Decide by another scope from now on."""

    def aim(self, place: tuple[int, int] | None, take: Callable[[Target | None], None]) -> None:
        """Ask for the element under an action, or with the keyboard; never waits."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Adapters that the wiring brings."""

    scenes: Callable[[str, Scope], WatchesScenes]
    display_answers: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one stretch of recording works with."""

    number: int
    display: str
    source: str
    grant: LiveGrant
    scope: Scope
    flow: Flow
    log: Path
