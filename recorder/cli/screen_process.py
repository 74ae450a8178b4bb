"""The screen process: grabs, paints, encodes. `FD DISPLAY LEVEL` on its command line."""

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

    descriptor, display, _level = sys.argv[1:]
    os.nice(_LOWEST_PRIORITY)
    with socket.socket(fileno=int(descriptor)) as pipe:
        grant = revive_grant(receive_first(pipe))
        return run_screen(wiring.screen_source(display), grant, pipe)


if __name__ == "__main__":
    sys.exit(run_process(main))
