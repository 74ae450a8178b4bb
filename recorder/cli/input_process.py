"""The input process: the listeners only. `FD DISPLAY SOURCE` on its command line."""

import gc
import socket
import sys


def main() -> int:
    """Take the grant from the pipe and forward events until the pipe ends."""
    from recorder.agent.children import receive_first  # noqa: PLC0415 - after hardening
    from recorder.agent.input_loop import run_input  # noqa: PLC0415
    from recorder.cli import wiring  # noqa: PLC0415
    from recorder.cli.process_edge import die_with_agent  # noqa: PLC0415
    from recorder.consent.handover import revive_grant  # noqa: PLC0415

    die_with_agent()
    descriptor, display, source = sys.argv[1:]
    with socket.socket(fileno=int(descriptor)) as pipe:
        grant = revive_grant(receive_first(pipe))
        found = wiring.input_source(display, source)
        wiring.end_loading()
        return run_input(found, grant, pipe)


if __name__ == "__main__":
    gc.disable()  # until everything is loaded; a tenth less time to start (measured)
    from recorder.cli.process_edge import run_process

    sys.exit(run_process(main))
