"""The widest that a notice offers, stream by stream."""

from dataclasses import asdict

from recorder.consent.notice import StreamTerms
from recorder.consent.records import NOTHING, StreamLevels


def widest(terms: StreamTerms) -> StreamLevels:
    """Give the highest level that a notice offers of each stream; off where it offers none."""
    found: dict[str, str] = {}
    for stream, lowest in asdict(NOTHING).items():
        order = list(lowest.__class__.__members__.values())
        offered = (*getattr(terms.required, stream), *getattr(terms.optional, stream), lowest)
        found[stream] = max(offered, key=order.index)
    return StreamLevels.model_validate(found)
