"""The input process: the listeners only. `FD DISPLAY SOURCE` on its command line."""

import socket
import sys

from recorder.cli.process_edge import die_with_agent, run_process


def main() -> int:
    """Take the grant from the pipe and forward events until the pipe ends."""
    from recorder.agent.children import receive_first  # noqa: PLC0415 - after hardening
    from recorder.agent.input_loop import run_input  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415
    from recorder.consent.handover import revive_grant  # noqa: PLC0415

    die_with_agent()
    descriptor, display, source = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as pipe:
        grant = revive_grant(receive_first(pipe))
        return run_input(wiring.input_source(display, source), grant, pipe)


if __name__ == "__main__":
    sys.exit(run_process(main))
