"""Requests that the writer's thread carries out and answers: forgetting and labels."""

import time

from recorder.agent.audience import answer_from
from recorder.agent.control import Reply
from recorder.agent.recording import Recording
from recorder.agent.report import Facts
from recorder.agent.verbs import Forget, NothingToLabel, Task


def hand_on(verb: Forget | Task, recording: Recording, reply: Reply, brief: Facts) -> None:
    """Let the writer's thread do it and answer from there.

    Args:
        verb: What to do.
        recording: Whose open episode it is about.
        reply: Where the answer goes.
        brief: Goes into the answer.
    """
    pipeline = recording.pipeline
    if pipeline is None and isinstance(verb, Task):
        reply.refused(NothingToLabel())
        return
    if pipeline is None:
        reply.done({**brief, "rows": 0})
        return
    if isinstance(verb, Task):
        done = pipeline.task(verb.action, verb.instruction, verb.outcome)
    else:
        brief = {**brief, "episode": pipeline.path.name}
        done = pipeline.forget(time.monotonic_ns() - int(verb.seconds * 1e9))
    done.add_done_callback(answer_from(reply, brief))
