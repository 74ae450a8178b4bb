"""What the choice to forget the last minutes reaches beside the open episode."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from recorder.agent.control import Answer
from recorder.consent.folder import FOLDER_FILE, FolderGone
from recorder.core.errors import RecorderError
from recorder.episodes.forgetting import forget_closed, plan_forgetting
from recorder.episodes.owner import Owner, manifest_checker, manifest_signer
from recorder.episodes.table_files import writing

FORGOTTEN_S: Final = 300
"""So much goes by a choice in the menu."""
_JOIN_S: Final = 12.0
"""An episode that another program holds is waited for 10 s."""


class JustClosed:
    """Forgets in episodes that closed within the last minutes, on threads of its own.

    Whole files go, as by `recorder forget`.

    Args:
        folder: The recording folder.
        wall_ns: The clock on the wall.
        told: Takes what went: the open episode's answer with `files` and `more_s`, or `error`.
    """

    def __init__(
        self, folder: Path, wall_ns: Callable[[], int], told: Callable[[Answer], object]
    ) -> None:
        self._folder = folder
        self._wall_ns = wall_ns
        self._told = told
        self._threads: list[threading.Thread] = []

    def begin(self) -> Callable[[Answer], None]:
        """Take the time of the choice; gives what takes the open episode's answer to it."""
        return partial(self._go_on, self._wall_ns() - FORGOTTEN_S * 10**9)

    def close(self) -> None:
        """Wait for what is under way; what a hanging disk holds is left behind."""
        for thread in self._threads:
            thread.join(_JOIN_S)

    def _go_on(self, since_wall_ns: int, answer: Answer) -> None:
        thread = threading.Thread(
            target=self._forget, args=(since_wall_ns, answer), name="forgetting", daemon=True
        )
        self._threads = [t for t in self._threads if t.is_alive()] + [thread]
        thread.start()

    def _forget(self, since_wall_ns: int, answer: Answer) -> None:
        try:
            told = self._forgotten(since_wall_ns, answer)
        except RecorderError as error:
            told = {"error": error.message, **answer}
        self._told(told)

    def _forgotten(self, since_wall_ns: int, answer: Answer) -> Answer:
        """Forget; an open episode that could not be cut may be a closed one by now."""
        episode = str(answer.get("episode") or "")
        if not (self._folder / FOLDER_FILE).exists():
            raise FolderGone(self._folder)
        with writing(self._folder):
            keep = "" if "error" in answer else episode
            plan = plan_forgetting(self._folder, since_wall_ns, keep=keep)
            owner = Owner(manifest_signer(self._folder), (), manifest_checker(self._folder))
            files, more_s = forget_closed(self._folder, plan, owner)
        told = {**answer, "files": files, "more_s": more_s}
        if episode in {doomed.home.name for doomed in plan}:
            told.pop("error", None)
        return told
