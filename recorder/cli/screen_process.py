"""The screen process: grabs, paints, encodes. `FD DISPLAY` on its command line."""

import os
import socket
import sys

from recorder.cli.process_edge import run_process

_LOWEST_PRIORITY = 19


def main() -> int:
    """Take the grant from the pipe and deliver redacted frames until it is told to end."""
    from recorder.agent.children import receive_first  # noqa: PLC0415 - after hardening
    from recorder.agent.screen_loop import run_screen  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415
    from recorder.consent.handover import revive_grant  # noqa: PLC0415
    from recorder.redaction.screens import FrameRedactor  # noqa: PLC0415
    from recorder.redaction.text import TextRedactor  # noqa: PLC0415

    descriptor, display = sys.argv[1:]
    os.nice(_LOWEST_PRIORITY)
    text = TextRedactor()
    with socket.socket(fileno=int(descriptor)) as pipe:
        grant = revive_grant(receive_first(pipe))
        levels = grant.terms.levels
        return run_screen(
            wiring.screen_source(display),
            lambda entities: FrameRedactor(text, entities.number, levels.screen, entities.is_known),
            grant,
            pipe,
            levels,
        )


if __name__ == "__main__":
    sys.exit(run_process(main))
