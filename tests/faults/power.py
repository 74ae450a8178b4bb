"""A disk that may lose its power: what was changed is logged, and replayed as it may be left.

A strict disk: a file's bytes are sure after its fsync, a folder's entries after the fsync of
the folder. Everything since then is there, or not, or in parts, in any order.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

_ROOT = 0


@dataclass(frozen=True, slots=True)
class Entries:
    """Names of a folder that change together: to a node, or to none."""

    folder: int
    names: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Data:
    """What a file holds from now on, once it is synced."""

    node: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Synced:
    """A file or folder is on the disk as it is."""

    node: int


@dataclass(frozen=True, slots=True)
class Promised:
    """So many rows were said to be safe."""

    rows: int
    closed: bool = False


Step = Entries | Data | Synced | Promised
Call = Callable[..., object]
Left = dict[str, bytes | None]
"""Bytes by path, None for a folder."""


class PowerLog:
    """Logs every change below a folder, from within `recording`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folders: dict[int, dict[str, int]] = {_ROOT: {}}
        self._last: dict[int, bytes] = {}
        self.steps: list[Step] = []

    def promise(self, rows: int, *, closed: bool = False) -> None:
        """Note what the writer has just said to be safe."""
        self.steps.append(Promised(rows, closed))

    def record(self, patch: pytest.MonkeyPatch) -> None:
        """Log the calls of this process until the patch ends; syncing costs no time here."""
        patch.setattr(os, "open", self._around_open(os.open))
        patch.setattr(os, "mkdir", self._around_mkdir(os.mkdir))
        patch.setattr(os, "replace", self._around_replace(os.replace))
        patch.setattr(os, "unlink", self._around_removal(os.unlink))
        patch.setattr(os, "rmdir", self._around_removal(os.rmdir))
        patch.setattr(os, "fsync", self._fsync)

    @property
    def paths(self) -> set[str]:
        """What should be there now; compared with the disk, it shows a call that slipped by."""
        return {path for path, _ in _named(self._folders, _ROOT, "")}

    def _around_open(self, real: Call) -> Call:
        def call(path: str | Path, flags: int, *rest: object, **more: object) -> object:
            descriptor = real(path, flags, *rest, **more)
            if flags & os.O_CREAT:
                self._appear(Path(path), is_folder=False)
            return descriptor

        return call

    def _around_mkdir(self, real: Call) -> Call:
        def call(path: str | Path, *rest: object, **more: object) -> None:
            real(path, *rest, **more)
            self._appear(Path(path), is_folder=True)

        return call

    def _around_replace(self, real: Call) -> Call:
        def call(old: str | Path, new: str | Path) -> None:
            node = self._node(Path(old))
            self._look(node, Path(old))
            real(old, new)
            self._change(Path(new).parent, {Path(old).name: None, Path(new).name: node})

        return call

    def _around_removal(self, real: Call) -> Call:
        def call(path: str | Path, *rest: object, **more: object) -> None:
            real(path, *rest, **more)
            self._change(Path(path).parent, {Path(path).name: None})

        return call

    def _fsync(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        if path.is_relative_to(self._root):
            node = self._node(path)
            if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
                self._look(node, path)
            self.steps.append(Synced(node))

    def _appear(self, path: Path, *, is_folder: bool) -> None:
        if (
            not path.is_relative_to(self._root)
            or path.name in self._folders[self._node(path.parent)]
        ):
            return
        node = 1 + max((0, *self._folders, *self._last))
        if is_folder:
            self._folders[node] = {}
        else:
            self._last[node] = b""
            self.steps.append(Data(node, b""))
        self._change(path.parent, {path.name: node})

    def _change(self, folder: Path, names: dict[str, int | None]) -> None:
        number = self._node(folder)
        _apply(self._folders[number], tuple(names.items()))
        self.steps.append(Entries(number, tuple(names.items())))

    def _look(self, node: int, path: Path) -> None:
        """Note what a file holds that nobody synced yet."""
        data = path.read_bytes()
        if data != self._last[node]:
            self._last[node] = data
            self.steps.append(Data(node, data))

    def _node(self, path: Path) -> int:
        node = _ROOT
        for name in path.relative_to(self._root).parts:
            node = self._folders[node][name]
        return node


@dataclass(slots=True)
class Disk:
    """What a disk holds for sure, and what it was told since."""

    sure: dict[int, dict[str, int]] = field(default_factory=lambda: {_ROOT: {}})
    told: dict[int, list[Entries]] = field(default_factory=dict)
    data: dict[int, bytes] = field(default_factory=dict)
    begun: dict[int, bytes] = field(default_factory=dict)

    def take(self, step: Step) -> None:
        """Let one change arrive."""
        match step:
            case Entries():
                self.told.setdefault(step.folder, []).append(step)
            case Data():
                self.begun[step.node] = step.data
            case Synced() if step.node in self.begun:
                self.data[step.node] = self.begun.pop(step.node)
            case Synced():
                for entries in self.told.pop(step.node, []):
                    _apply(self.sure.setdefault(step.node, {}), entries.names)
            case Promised():
                pass

    def lose_power(self, chance: Random, share: float) -> Left:
        """Give what is there afterwards.

        `share`: Of the changes that were not synced, about how many reached the disk.
        """
        folders = {node: dict(names) for node, names in self.sure.items()}
        for node, all_told in self.told.items():
            for entries in all_told:
                if chance.random() < share:
                    _apply(folders.setdefault(node, {}), entries.names)
        data = dict(self.data)
        for node, whole in self.begun.items():
            data[node] = _torn(data.get(node, b""), whole, chance)
        return {path: data.get(node) for path, node in _named(folders, _ROOT, "")}


def lay_out(found: Left, folder: Path) -> None:
    """Put on a real disk what a lost one held."""
    folder.mkdir(mode=0o700)
    for name in sorted(found):
        data = found[name]
        if data is None:
            (folder / name).mkdir(mode=0o700)
        else:
            (folder / name).write_bytes(data)


def _torn(before: bytes, whole: bytes, chance: Random) -> bytes:
    """Give a file whose writing was cut short: old, half, half in zeros, with its length only."""
    half = len(whole) // 2
    ways = (before, b"", whole[:half], whole[:half] + bytes(len(whole) - half), bytes(len(whole)))
    return chance.choice((*ways, whole))


def _apply(folder: dict[str, int], names: tuple[tuple[str, int | None], ...]) -> None:
    for name, node in names:
        if node is None:
            folder.pop(name, None)
        else:
            folder[name] = node


def _named(folders: dict[int, dict[str, int]], at: int, above: str) -> list[tuple[str, int]]:
    found = []
    for name, node in folders.get(at, {}).items():
        found.append((above + name, node))
        found += _named(folders, node, f"{above}{name}/")
    return found
