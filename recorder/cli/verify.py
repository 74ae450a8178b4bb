"""`recorder verify`: whether episodes, bundles and collections are as they were signed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from recorder.cli import output
from recorder.cli.list import live_id
from recorder.cli.opening import (
    FolderOption,
    JsonOption,
    PassphraseOption,
    chosen_homes,
    names_to_complete,
    own_folder,
    own_identity,
)
from recorder.cli.progress import progress
from recorder.cli.verify_shared import is_shared, verify_shared
from recorder.consent.keys import PublicKey, SignatureWrong, load_public_key, verify_envelope
from recorder.core.errors import ExitCode, RecorderError
from recorder.episodes.manifest import MANIFEST_TYPE
from recorder.episodes.marking import read_part
from recorder.episodes.names import MANIFEST_FILE
from recorder.episodes.reader import open_episode
from recorder.episodes.table_files import DamagedFile
from recorder.episodes.verify import verify


@dataclass(slots=True)
class _Finding:
    """What was found of one episode; `code` OK when all is well."""

    episode_id: str
    code: ExitCode = ExitCode.OK
    told: list[str] = field(default_factory=list)
    removed: int = 0

    def add(self, code: ExitCode, told: str) -> None:
        """Note something; the first one decides the code."""
        self.code = code if self.code is ExitCode.OK else self.code
        self.told.append(told)


def verify_episodes(  # noqa: PLR0913 - one parameter an option
    episode_id: Annotated[
        str | None,
        typer.Argument(
            help="An id of recorder list, last, a bundle's file or a collection.",
            autocompletion=names_to_complete,
        ),
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every episode.")] = False,
    read_data: Annotated[
        bool, typer.Option("--read-data", help="Decrypt and read every row too.")
    ] = False,
    study: Annotated[
        Path | None, typer.Option("--study", help="Of a bundle or collection: its study's folder.")
    ] = None,
    folder: FolderOption = None,
    passphrase_file: PassphraseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check signatures and digests of episodes; with --read-data every row.

    Of a bundle's file or a collection also ledgers, consent and what should be gone; nothing of
    it is decrypted.
    """
    if episode_id is not None and is_shared(episode_id):
        return verify_shared(Path(episode_id), study, as_json=as_json)
    if (episode_id is None) is not every:
        raise output.UsageError("Name one episode, or --all", "recorder list shows the names")
    where = own_folder(folder)
    homes = chosen_homes(where, [] if episode_id is None else [episode_id])
    device = load_public_key(where, "device")
    identity = own_identity(where, homes, passphrase_file) if read_data else None
    live = live_id(where)
    found = []
    with progress("Checking", len(homes)) as step:
        for home in homes:
            finding = _checked(home, device, is_live=home.name == live)
            if read_data:
                _read(where, home, identity, finding)
            found.append(finding)
            step()
    payload: output.Payload = {
        "episodes": [
            {"episode_id": one.episode_id, "ok": one.code is ExitCode.OK, "found": one.told}
            for one in found
        ]
    }
    output.emit("verify", payload, as_json, lambda: _told(found))
    return max((one.code for one in found), default=ExitCode.OK)


def _checked(home: Path, device: PublicKey, *, is_live: bool) -> _Finding:
    finding = _Finding(home.name)
    if not (home / MANIFEST_FILE).exists():
        finding.told.append(
            "is being recorded" if is_live else "was not closed, so nothing is signed"
        )
        return finding
    try:
        found = verify(home, lambda data: verify_envelope(data, device, MANIFEST_TYPE))
    except SignatureWrong:
        finding.add(ExitCode.SIGNATURE, "the signature does not fit")
        return finding
    except DamagedFile as error:
        finding.add(ExitCode.FORMAT, f"{error.name} is {error.why}")
        return finding
    for names, what in (
        (found.changed, "was changed"), (found.missing, "is missing"), (found.foreign, "is foreign"),
    ):  # fmt: skip
        for name in names:
            finding.add(ExitCode.HASH, f"{name} {what}")
    finding.removed = len(found.manifest.removed)
    return finding


def _read(folder: Path, home: Path, identity: str | None, finding: _Finding) -> None:
    """Read every row, file by file, and let go of it."""
    try:
        episode = open_episode(home, folder=folder, identity=identity)
    except RecorderError as error:
        finding.add(error.code, error.message)
        return
    for part in episode.files.names():
        try:
            read_part(episode, part)
        except DamagedFile as error:
            finding.add(ExitCode.FORMAT, f"{error.name} is {error.why}")
    if episode.summary is None and episode.finished:
        finding.told.append("has no summary: it was forgotten in part, or is damaged")
    for problem in episode.problems:
        finding.add(ExitCode.FORMAT, f"{problem.file} is {problem.why}")


def _told(found: list[_Finding]) -> str:
    lines = []
    for one in found:
        state = "good" if one.code is ExitCode.OK else "NOT GOOD"
        cut = ", without parts that you deleted" if one.removed else ""
        lines.append(f"{one.episode_id}  {state}{cut}")
        lines += [f"    {output.printable(told)}" for told in one.told]
    bad = sum(one.code is not ExitCode.OK for one in found)
    lines.append(f"{len(found) - bad} of {len(found)} episodes are as they were signed.")
    return "\n".join(lines)
