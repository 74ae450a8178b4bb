"""Keeps modules out of a process: whoever can live without them does. Imports nothing else."""

import sys
from collections.abc import Collection, Sequence
from types import ModuleType


class _Unfound:
    """Refuses to find some modules.

    Follows importlib.abc.MetaPathFinder without its import, which takes 17 ms.
    """

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        """Raise for one of them, leave others to the next finder."""
        _ = path, target
        if fullname in self._names:
            raise ModuleNotFoundError(f"{fullname} is not used here", name=fullname)


def keep_out(names: Collection[str]) -> None:
    """Let every later import of these modules fail in this process."""
    sys.meta_path.insert(0, _Unfound(names))
