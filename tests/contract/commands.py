"""What tests of the command line share."""

from typing import Any, Protocol


class Run(Protocol):
    """Runs a command with --json; gives its code, its object and what it said on stderr."""

    def __call__(self, *words: str) -> tuple[int, dict[str, Any], str]: ...
