"""Episodes whose key or files are missing, cut or changed, by name; reads no rows."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from recorder.cli.checks.around import Around
from recorder.cli.checks.finding import Finding, fail, failed, ok
from recorder.core.errors import RecorderError
from recorder.episodes.listing import episode_homes
from recorder.episodes.names import CHANGE_FILE, KEY_FILE, MANIFEST_FILE, parse_part

if TYPE_CHECKING:
    from recorder.consent.keys import PublicKey

_NAMED: Final = 3
_LARGEST_BYTES: Final = 4_000_000


def look_at_pieces(around: Around, folder: Path) -> list[Finding]:
    """Name what is damaged, the newest episodes first, for half of the time that there is."""
    from recorder.consent.folder import folder_marks  # noqa: PLC0415 - pydantic
    from recorder.consent.keys import load_public_key  # noqa: PLC0415 - as above

    try:
        device, is_plain = load_public_key(folder, "device"), folder_marks(folder).plain
    except RecorderError as error:
        return [failed("episodes", error)]
    homes = episode_homes(folder)
    until_s = time.monotonic() + around.wait_s / 2
    damaged, looked_at = [], 0
    for home in reversed(homes):
        if time.monotonic() >= until_s:
            break
        looked_at += 1
        damaged += [(home.name, why) for why in damage(home, device, is_plain=is_plain)]
    return [_finding(damaged, looked_at, len(homes))]


def damage(home: Path, device: "PublicKey", *, is_plain: bool) -> list[str]:
    """Give what is wrong with an episode, by names and sizes and its signature."""
    try:
        names = {path.name for path in home.iterdir()}
        has_rows = any(map(parse_part, names))
        if not is_plain and has_rows and KEY_FILE not in names:
            return ["its key is gone, so nobody can open it"]
        if MANIFEST_FILE not in names or CHANGE_FILE in names:
            return []  # not closed yet, or being changed
        return list(_of_manifest(home, names, device))
    except FileNotFoundError:
        return []  # it was deleted meanwhile
    except OSError as error:
        return [f"it cannot be read ({(error.strerror or 'unknown').lower()})"]


def _of_manifest(home: Path, names: set[str], device: "PublicKey") -> Iterator[str]:
    from recorder.consent.keys import SignatureWrong, verify_envelope  # noqa: PLC0415 - as above
    from recorder.files import read_regular  # noqa: PLC0415 - as above

    try:
        data = read_regular(home / MANIFEST_FILE, _LARGEST_BYTES)
        files = json.loads(verify_envelope(data, device))["files"]
        sizes = {str(entry["name"]): int(entry["bytes"]) for entry in files}
    except (SignatureWrong, ValueError, KeyError, TypeError):
        yield "its manifest is damaged or was changed"
        return
    for name, size_bytes in sizes.items():
        if name not in names:
            yield f"{name} is missing"
        elif (home / name).lstat().st_size != size_bytes:
            yield f"{name} has another length"


def _finding(damaged: list[tuple[str, str]], looked_at: int, total: int) -> Finding:
    if damaged:
        told = "; ".join(f"{name}: {why}" for name, why in damaged[:_NAMED])
        more = len(damaged) - _NAMED
        rest = f"; and {more} more" if more > 0 else ""
        return fail(
            "episodes", f"Damaged: {told}{rest}",
            f"recorder verify {damaged[0][0]} shows more; put it back from a backup, or delete it",
        )  # fmt: skip
    if looked_at < total:
        told = f"The newest {looked_at} of {total} have their keys and files"
        return ok("episodes", f"{told}; recorder verify --all looks at every one")
    noun = "episode has its key" if total == 1 else "episodes have their keys"
    return ok("episodes", f"{total} {noun} and files" if total else "None yet")
