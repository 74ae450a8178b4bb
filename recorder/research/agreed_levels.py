"""The widest that a notice offers, stream by stream."""

from recorder.consent.notice import StreamTerms
from recorder.consent.records import NOTHING, StreamLevels


def widest(terms: StreamTerms) -> StreamLevels:
    """Give the highest level that a notice offers of each stream; off where it offers none."""
    found = {}
    for stream in StreamLevels.model_fields:
        lowest = getattr(NOTHING, stream)
        order = list(type(lowest))
        offered = (*getattr(terms.required, stream), *getattr(terms.optional, stream), lowest)
        found[stream] = max(offered, key=order.index)
    return StreamLevels(**found)
