"""How the recorder's own page and window are told from all others: they are never recorded."""

from typing import Final

OWN_PATH: Final = "/recorder-review-"
"""Every address of the page begins with it, on a loopback host."""
OWN_HOST: Final = "review.recorder.internal"
"""Stands for the page's host; no list can allow it."""
OWN_TITLE: Final = "Recorder review, never recorded"
"""Ends the title of every view."""
OWN_WINDOW: Final = "recorder-indicator"
"""Class of the indicator's window, also as an app id; no list can allow it."""
