"""How the recorder's own review page is told from all others: it is never recorded."""

from typing import Final

OWN_PATH: Final = "/recorder-review-"
"""Every address of the page begins with it, on a loopback host."""
OWN_HOST: Final = "review.recorder.internal"
"""Stands for the page's host; no list can allow it."""
OWN_TITLE: Final = "Recorder review, never recorded"
"""Ends the title of every view."""
