"""Opt-in desktop activity recorder: consented, redacted before storage, yours.

Importing the package has no effect; `open_episode` loads the reader on first use.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recorder.episodes.reader import Episode, open_episode

__all__ = ["Episode", "__version__", "open_episode"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type of a lazily found attribute
    if name in {"Episode", "open_episode"}:
        from recorder.episodes import reader  # noqa: PLC0415 - keeps import free of pyarrow

        return getattr(reader, name)
    raise AttributeError(name)
