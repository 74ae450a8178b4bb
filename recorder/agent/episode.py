"""Opens an episode: its key, its first rows, its pipeline."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from recorder.agent.flow import Flow
from recorder.agent.gates import Renews
from recorder.agent.order import Order
from recorder.agent.pipeline import Pipeline, Wiring
from recorder.consent.keys import DeviceKey
from recorder.core.clocks import Clock
from recorder.core.context import ContextKind, ContextRow
from recorder.core.errors import RecorderError
from recorder.core.ids import ulid
from recorder.core.proofs import LiveGrant
from recorder.episodes.identity import folder_is_plain, recipients
from recorder.episodes.manifest import MANIFEST_TYPE, CaptureOptions
from recorder.episodes.writer import EpisodeStart, EpisodeWriter
from recorder.redaction.key_rows import GRID_NS
from recorder.redaction.text import TextRedactor


@dataclass(frozen=True, slots=True)
class Studio:
    """What every episode of one recording shares."""

    order: Order
    gate: Renews
    device: DeviceKey
    text: TextRedactor
    clock: Clock
    trouble: Callable[[RecorderError], object]


def open_episode(studio: Studio, grant: LiveGrant, task: str | None) -> Pipeline:
    """Begin an episode; its first rows are consent, clock and, where there is one, the task.

    It begins on the grid of coarse key times, so that those stay on it in the files.

    Raises:
        FolderUnwritable: The folder takes no data.
    """
    clock = studio.clock
    now_ns, wall_ns = clock.monotonic_ns(), clock.wall_ns()
    t0_ns = now_ns - now_ns % GRID_NS
    wall_ns -= now_ns - t0_ns
    folder = Path(studio.order.folder)
    start = EpisodeStart(
        folder=folder,
        episode_id=ulid(wall_ns, secrets.token_bytes(10)),
        t0_ns=t0_ns,
        wall_ns=wall_ns,
        terms=grant.terms,
        recipients=() if folder_is_plain(folder) else recipients(folder),
        sign=lambda payload: studio.device.sign(payload, MANIFEST_TYPE),
        capture=_options(studio.order, grant),
    )
    flow = Flow(grant.terms.levels, studio.text, secrets.token_bytes(32), first_context_seq=0)
    flow.context(ContextRow(t0_ns, ContextKind.CONSENT, consent_id=grant.terms.consent_id))
    flow.context(ContextRow(t0_ns, ContextKind.CLOCK, wall_ns=wall_ns))
    if task:
        flow.context(ContextRow(t0_ns, ContextKind.TASK, instruction=task, outcome="begin"))
    wiring = Wiring(flow, EpisodeWriter(start), studio.gate, clock, studio.trouble, bool(task))
    return Pipeline(wiring, grant)


def _options(order: Order, grant: LiveGrant) -> CaptureOptions:
    levels = grant.terms.levels
    return CaptureOptions(
        keyboard=levels.keyboard,
        screen=levels.screen,
        titles=levels.titles,
        pointer=levels.pointer,
        targets=levels.targets,
        input_source=order.source,
        screen_source="x11",
        settings={"cap_s": order.cap_s, "pause_closes_s": order.pause_closes_s},
    )
