"""What a worker of Ray does in the test that kills one; importable from there."""

import os
import signal
from pathlib import Path
from typing import Any

import ray

from recorder.research.building.on_ray import _answers

MARK = "MADE_UP_FIRST_WORKER"


def answers_unless_first(batch: Any) -> Any:  # noqa: ANN401 - tables of pyarrow
    """Kill this process when it is the first that is asked; no other computer reaches it."""
    if ray.util.get_node_ip_address() != "127.0.0.1":
        raise AssertionError
    try:
        Path(os.environ[MARK]).open("x").close()
    except FileExistsError:
        return _answers(batch)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
