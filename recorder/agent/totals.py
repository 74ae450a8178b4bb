"""What the closed episodes of a recording hold together."""

from dataclasses import dataclass, field

from recorder.agent.pipeline import Pipeline


@dataclass(slots=True)
class Totals:
    """What the closed episodes of a recording hold together."""

    events: int = 0
    frames: int = 0
    redactions: int = 0
    size_bytes: int = 0
    losses: dict[str, dict[str, int]] = field(default_factory=dict)
    episodes: list[str] = field(default_factory=list)

    def add(self, pipeline: Pipeline) -> "Totals":
        """Give the sums with one more episode."""
        counts = pipeline.counts
        losses = {stream: dict(found) for stream, found in self.losses.items()}
        for stream, found in pipeline.flow.losses.by_stream().items():
            for reason, count in found.items():
                kept = losses.setdefault(stream, {})
                kept[reason] = kept.get(reason, 0) + count
        return Totals(
            self.events + counts.events,
            self.frames + counts.frames,
            self.redactions + counts.redactions,
            self.size_bytes + counts.size_bytes,
            losses,
            [*self.episodes, pipeline.path.name],
        )
