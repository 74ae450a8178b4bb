"""Whether foreign rows stay within what was agreed: one episode, its streams, apps and sites."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from recorder.core.errors import ExitCode
from recorder.core.events import Kind
from recorder.core.levels import ScreenLevel
from recorder.episodes.names import Table
from recorder.research.content_verdict import Agreed, ContentRefused
from recorder.research.pictures_check import MOST_PIXELS, picture_size
from recorder.sharing.within import beyond, covers, may_show

_LONGEST_TEXT: Final = 20_000
"""Bytes; a task's label and a window's title have at most a few hundred characters."""
_KNOWN: Final = {
    "kind": pa.array([kind.value for kind in Kind]),
    "level": pa.array([ScreenLevel.LAYOUT.value, ScreenLevel.REDACTED.value]),
}
_DECIDES: Final[dict[Table, str]] = {"events": "kind", "frames": "level"}
"""The column by which levels are told apart: an unknown word in it would pass for nothing."""
_MOST_WINDOWS: Final = 10_000


class RowsCheck:
    """Looks at an episode's rows, piece by piece.

    Attributes:
        windows: `app` or `app:host` of every window seen.
    """

    def __init__(self, episode_id: str, agreed: Sequence[Agreed]) -> None:
        self._episode_id = episode_id
        self._agreed = agreed
        self._levels = [one.levels.levels() for one in agreed]
        self.windows: set[str] = set()

    def look(self, table: Table, rows: pa.Table) -> None:
        """Check some rows of a table.

        Raises:
            ContentRefused: They are another episode's, no rows of ours, or beyond what was
                agreed.
        """
        if not _all(pc.equal(rows.column("episode_id"), self._episode_id)):
            raise ContentRefused(ExitCode.FORMAT, "it holds rows of another episode")
        _check_texts(rows)
        decides = _DECIDES.get(table)
        if decides and not _all(pc.is_in(rows.column(decides), _KNOWN[decides])):
            raise ContentRefused(ExitCode.FORMAT, "it holds rows of an unknown kind")
        for levels in self._levels:
            found = beyond(table, rows, levels)
            if found is not None:
                raise _beyond(found)
        if table == "frames":
            self._see_frames(rows.column("apps").to_pylist())
            _check_pictures(rows)
        if table == "context":
            self._see_windows(rows)

    def _see_frames(self, shown: Sequence[Sequence[str] | None]) -> None:
        """See that pictures show windows of what was agreed alone."""
        for names in shown:
            if not all(may_show(one.apps, names) for one in self._agreed):
                raise _beyond("pictures of other windows")
            self._note(names or ())

    def _see_windows(self, rows: pa.Table) -> None:
        seen = set(zip(*(rows.column(n).to_pylist() for n in ("app_id", "url_host")), strict=True))
        for app, host in seen:
            if not app and not host:
                continue
            if not all(covers(one.apps, app or "", host or "") for one in self._agreed):
                raise _beyond("an app or a site")
            self._note((f"{app or ''}:{host}" if host else app,))

    def _note(self, names: Sequence[str]) -> None:
        self.windows.update(names)
        if len(self.windows) > _MOST_WINDOWS:
            raise ContentRefused(ExitCode.LIMITS, "it names too many windows")


def _check_texts(rows: pa.Table) -> None:
    for field in rows.schema:
        texts = rows.column(field.name)
        if pa.types.is_list(field.type):
            texts = pc.list_flatten(texts)
        if pa.types.is_string(texts.type):
            longest = pc.max(pc.binary_length(texts)).as_py() or 0
            if longest > _LONGEST_TEXT:
                raise ContentRefused(ExitCode.LIMITS, "it holds a text that is too long")


def _check_pictures(rows: pa.Table) -> None:
    for image, width, height in zip(
        *(rows.column(name) for name in ("image", "width", "height")), strict=True
    ):
        if not image.is_valid:
            continue
        data = image["bytes"].as_buffer()
        size = picture_size(data.to_pybytes() if data else b"")
        if image["path"].is_valid or size is None:
            raise ContentRefused(ExitCode.FORMAT, "it holds a picture that is no WebP of ours")
        if size[0] * size[1] > MOST_PIXELS:
            raise ContentRefused(ExitCode.LIMITS, "it holds a picture that is too large")
        if size != (width.as_py(), height.as_py()):
            raise ContentRefused(ExitCode.FORMAT, "it holds a picture of another size than told")


def _beyond(what: str) -> ContentRefused:
    return ContentRefused(ExitCode.CONSENT_MISMATCH, f"the consent does not cover it: {what}")


def _all(flags: pa.ChunkedArray) -> bool:
    return pc.all(flags, min_count=0).as_py() is True
