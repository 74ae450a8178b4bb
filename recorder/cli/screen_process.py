"""The screen process: grabs, paints, encodes. `FD DISPLAY` on its command line."""

import gc
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recorder.cli.never_file import OwnWords
    from recorder.core.frames import RawFrame
    from recorder.core.levels import ScreenLevel
    from recorder.core.scenes import Scene
    from recorder.redaction.entities import EntityClient
    from recorder.redaction.painting import PaintedFrame
    from recorder.redaction.personal_words import PersonalWords
    from recorder.redaction.screens import FrameRedactor


class LateRedactor:
    """Loads rules and recogniser on the thread that needs them; grabbing begins at once."""

    def __init__(self, entities: "EntityClient", level: "ScreenLevel") -> None:
        self._entities = entities
        self._level = level
        self._own: OwnWords | None = None
        self._words: PersonalWords | None = None
        self._loaded: FrameRedactor | None = None

    def redact(self, frame: "RawFrame", scene: "Scene", deadline_ns: int) -> "PaintedFrame":
        """Give the finished frame; used by one thread.

        A list of personal words that changed counts from the next frame on.

        Raises:
            RecorderError: The frame is to be dropped.
        """
        return self._current().redact(frame, scene, deadline_ns)

    def prepare(self) -> None:
        """Load; used by the same thread."""
        self._current()

    def reconsider(self) -> None:
        """Judge the next frame anew: a value became known; used by the same thread."""
        if self._loaded is not None:
            self._loaded.reconsider()

    def _current(self) -> "FrameRedactor":
        own = self._own = self._own or _own_words()
        words = own.current()
        if self._loaded is None or words is not self._words:
            self._loaded, self._words = self._load(own), words
        return self._loaded

    def _load(self, own: "OwnWords") -> "FrameRedactor":
        from recorder.cli import wiring  # noqa: PLC0415
        from recorder.cli.own_rules_file import rules_for  # noqa: PLC0415
        from recorder.places import places  # noqa: PLC0415
        from recorder.redaction.screens import FrameRedactor  # noqa: PLC0415 - late, as said
        from recorder.redaction.text import TextRedactor  # noqa: PLC0415

        wiring.load_rules()
        entities = self._entities
        text = TextRedactor(rules_for(places(), own))
        return FrameRedactor(text, entities.number, self._level, entities.is_known)


def _own_words() -> "OwnWords":
    from recorder.cli.never_file import OwnWords  # noqa: PLC0415
    from recorder.places import places  # noqa: PLC0415

    return OwnWords(places())


def main() -> int:
    """Take the grant from the pipe and deliver redacted frames until it is told to end."""
    from recorder.agent.children import receive_first  # noqa: PLC0415 - after hardening
    from recorder.agent.screen_loop import run_screen  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415
    from recorder.cli.process_edge import die_with_agent  # noqa: PLC0415
    from recorder.consent.handover import revive_grant  # noqa: PLC0415

    die_with_agent()
    descriptor, display = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as pipe:
        grant = revive_grant(receive_first(pipe))
        levels = grant.terms.levels
        found = wiring.screen_source(display)
        wiring.end_loading()
        return run_screen(
            found,
            lambda entities: LateRedactor(entities, levels.screen),
            grant,
            pipe,
            levels,
        )


if __name__ == "__main__":
    gc.disable()  # until everything is loaded, as in the other processes
    from recorder.cli.process_edge import run_process

    sys.exit(run_process(main))
