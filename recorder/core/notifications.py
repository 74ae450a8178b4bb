"""What the desktop is asked to tell the person for a moment."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notification:
    """News of the recording, in our own words: never anything captured.

    Attributes:
        kind: News of the same kind replaces each other, and come once a minute at most.
        summary: Its first line.
        body: The rest, a sentence or two.
    """

    kind: str
    summary: str
    body: str
