"""What collecting costs: megabytes a second of one core, and every command at many bundles.

`./run bench collect` [--bundles 10000] [--megabytes 200]. Speed is in seconds of the processor,
the best of several runs that take turns with age and SHA-256 alone on the same bytes. The small
bundles go through the researcher's own commands, one after the other.
"""

import argparse
import hashlib
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pyrage

from benchmarks.collecting_many import tell_many
from benchmarks.rounds import best_cpu_s
from benchmarks.study_drop import FILE_BYTES, StudyDrop, make_content, new_id
from recorder.cli.system_clock import SystemClock
from recorder.research.agreed_levels import widest
from recorder.research.content_check import check_content
from recorder.research.content_process import PartOfFile
from recorder.research.content_verdict import Agreed, Asked
from recorder.sharing.bundle import write_bundle
from recorder.sharing.bundle_gate import Expect, check_outer

BUNDLES: Final = 300
MEGABYTES: Final = 100
_MB: Final = 1_000_000


def main() -> None:
    """Measure and print one line a figure."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--bundles", type=int, default=BUNDLES)
    words.add_argument("--megabytes", type=int, default=MEGABYTES)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="recorder-bench-") as place:
        made = StudyDrop(Path(place))
        _tell_speed(made, asked.megabytes)
        tell_many(made, asked.bundles)


def _tell_speed(made: StudyDrop, megabytes: int) -> None:
    """Measure one large bundle against what age and SHA-256 alone take for it."""
    path = made.root / "large.tar"
    sender, episode_id = made.join(), new_id()
    with path.open("wb") as file:
        content, tar = make_content(episode_id, megabytes * _MB // FILE_BYTES + 1)
        write_bundle(file, sender, episode_id, content, io.BytesIO(tar))
    seconds = best_cpu_s(_acts(made, path))
    size_mb = path.stat().st_size / _MB
    for name, took_s in seconds.items():
        print(f"{name:34} {size_mb / took_s:7.0f} MB/s of a core")
    ours = sum(seconds[name] for name in ("gate", "content check"))
    alone = seconds["age opens"] + 2 * seconds["SHA-256"]
    print(
        f"{'collect, all of it':34} {size_mb / (ours + seconds['age opens']):7.0f} MB/s of a core"
    )
    print(f"{'of what age and two hashes reach':34} {alone / (ours + seconds['age opens']):7.2f}")


def _acts(made: StudyDrop, path: Path) -> dict[str, Callable[[], object]]:
    study = made.study
    expect = Expect(study.id, study.audience, study.notices(), SystemClock().wall_ns())
    outer = check_outer(path, expect)
    plain, identity = io.BytesIO(), pyrage.x25519.Identity.from_str(made.secrets.identity)
    agreed = Agreed(levels=widest(made.notice.terms.streams), apps=("*",))
    told = outer.manifest
    asked = Asked(
        bundle_id=told.bundle_id, episode_id=told.episode_id, user_key=told.user_key,
        agreed=(agreed, agreed),
    )  # fmt: skip

    def opened() -> None:
        plain.seek(0)
        with path.open("rb") as file:
            file.seek(outer.payload_at)
            pyrage.decrypt_io(PartOfFile(file, told.payload_bytes), plain, [identity])

    def checked() -> None:
        plain.seek(0)
        verdict = check_content(asked, plain)
        if verdict.code:
            raise SystemExit(f"refused: {verdict.reason}")

    def hashed() -> None:
        with path.open("rb") as file:
            hashlib.file_digest(file, "sha256")

    return {
        "age opens": opened, "SHA-256": hashed, "gate": lambda: check_outer(path, expect),
        "content check": checked,
    }  # fmt: skip


if __name__ == "__main__":
    main()
