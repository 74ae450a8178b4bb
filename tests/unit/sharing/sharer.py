"""Somebody who shared with a study, and a drop in which the study answers."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from recorder.core.ids import ulid
from recorder.places import places
from recorder.sharing.drop_layout import drop_path
from recorder.sharing.shared import Shared, SharedFolder
from recorder.sharing.statements import RECEIPT_TYPE, Receipt
from tests.unit.sharing.shared_study import STUDY, MadeStudy, Participant


class Sharer:
    """A participant with a drop; each bundle holds another episode."""

    def __init__(self, home: Path, study: MadeStudy) -> None:
        self.home, self.study, self.count = home, study, 0
        self.drop = home / "drop"
        self.drop.mkdir(parents=True)
        self.person = Participant(home, study, places().state)
        self.memory.make()

    @property
    def memory(self) -> SharedFolder:
        """What is remembered now, read anew."""
        return SharedFolder(self.person.folder, STUDY)

    def share(self, drop: Path | None = None, *, sent: bool = True) -> Shared:
        """Put a bundle into the drop, and remember it."""
        self.count += 1
        episode_id = ulid(self.count * 10**9, b"e" * 10)
        where, now = drop or self.drop, datetime.now(UTC).isoformat(timespec="microseconds")
        manifest = self.person.bundle(self.home / "bundle.tar", episode_id)
        one = Shared(
            bundle_id=manifest.bundle_id, episode_id=episode_id, study=STUDY, manifest=manifest,
            pseudonym=manifest.pseudonym, content_sha256="0" * 64, bundle_bytes=1, minutes=1,
            drop=str(where), state="sent" if sent else "sending", made=now,
            sent=now if sent else None,
        )  # fmt: skip
        self.memory.keep(one)
        path = self.path(one)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(self.home / "bundle.tar", path)
        return one

    def path(self, one: Shared) -> Path:
        """Give where a bundle lies in its drop."""
        return Path(one.drop) / drop_path("bundles", STUDY, one.pseudonym, one.bundle_id)

    def answer(self, one: Shared) -> None:
        """Put the study's word into the drop that it collected a bundle."""
        self.count += 1
        told = Receipt(
            receipt_id=ulid(self.count * 10**9, b"r" * 10), study=STUDY, pseudonym=one.pseudonym,
            answers=one.bundle_id, verdict="collected", code=0,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )  # fmt: skip
        path = self.drop / drop_path("receipts", STUDY, one.pseudonym, told.receipt_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.study.key.sign(told.payload(), RECEIPT_TYPE))

    def leavings(self) -> list[Path]:
        """Give the words of leaving in the drop."""
        return list((self.drop / STUDY / "leavings").rglob("*.tar"))
