"""A drop during whose work the program is killed."""

from pathlib import Path

from recorder.sharing.drops import Drop


class CutError(BaseException):
    """The program was killed there."""


class CutDrop:
    """A drop during whose work the program is killed: before, within, after."""

    def __init__(self, real: Drop, at: str) -> None:
        self._real, self._at, self.url = real, at, real.url

    def put(self, name: str, source: Path | bytes, _sent: object = None) -> bool:
        if self._at == "after":
            self._real.put(name, source)
        raise CutError

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)
