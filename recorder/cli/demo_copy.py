"""The plain redacted copy that the demonstration leaves: three tables, a few pictures."""

import io
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.names import Table
from recorder.episodes.reader import Episode
from recorder.files import private_folder

if TYPE_CHECKING:
    import pyarrow as pa

_TABLES: Final[tuple[Table, ...]] = ("events", "frames", "context")
_PICTURES: Final = 6
_PICTURE_ROWS: Final = 32
_NOTE: Final = "README.txt"
_HEAD: Final = "A demonstration of recorder: plain, redacted, made of nobody's work."


class OutputTaken(RecorderError):
    """The folder for the copy holds something else."""

    def __init__(self, out: Path) -> None:
        super().__init__(
            f"{out} holds other things", "recorder demo --out somewhere-else", ExitCode.USAGE
        )

    @classmethod
    def check(cls, out: Path) -> None:
        """See that the copy may be written there: nothing, or an earlier copy.

        Raises:
            OutputTaken: It is something else.
        """
        if out.is_symlink() or (out.exists() and not (out.is_dir() and _is_ours(out))):
            raise cls(out)


def write_copy(out: Path, episode: Episode) -> None:
    """Replace an earlier copy by a plain one of this episode."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy

    OutputTaken.check(out)
    if out.exists():
        shutil.rmtree(out)
    private_folder(out)
    (out / _NOTE).write_text(f"{_HEAD}\n")
    for name in _TABLES:
        pq.write_table(
            episode.read(name), out / f"{name}.parquet", compression="zstd",
            row_group_size=_PICTURE_ROWS if name == "frames" else None,
        )  # fmt: skip
    _write_pictures(out, episode.read("frames", ["frame_id", "image"]))


def _write_pictures(out: Path, frames: "pa.Table") -> None:
    """Write a few pictures, spread over the recording, as PNG files."""
    from PIL import Image  # noqa: PLC0415 - heavy

    rows = [row for row in frames.to_pylist() if row["image"]]
    step = max(len(rows) // _PICTURES, 1)
    for row in rows[step // 2 :: step][:_PICTURES]:
        with Image.open(io.BytesIO(row["image"]["bytes"])) as picture:
            picture.save(out / f"frame-{row['frame_id']:04}.png")


def _is_ours(out: Path) -> bool:
    names = {path.name for path in out.iterdir()}
    return not names or (_NOTE in names and (out / _NOTE).read_text().startswith(_HEAD))
