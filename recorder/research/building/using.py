"""Telling participants what was made of their recordings: one signed row for each build."""

import hashlib
import os
from collections.abc import Collection as Names
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from recorder.consent.notice import Notice
from recorder.core.ids import ulid
from recorder.files import sync_folder
from recorder.research.collection import Collection, Held
from recorder.research.datasets import USES_FILE
from recorder.research.outbox import Sign, post, posted
from recorder.research.retention import ends
from recorder.sharing.statements import USE_TYPE, Use

_MOST_PURPOSE: Final = 500
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Using:
    """What is told, and in whose name.

    Attributes:
        begun: When the dataset was begun; a build that goes on tells nothing twice.
        now: When this build runs.
        role: Who gets it.
    """

    collection: Collection
    dataset: str
    begun: datetime
    now: datetime
    role: str
    notices: Mapping[str, Notice]
    sign: Sign

    def tell(self, held: Names[Held]) -> bool:
        """Post the row of one participant's bundles; False when it was posted before.

        Raises:
            OSError: It cannot be written; call again.
        """
        use = self._use(sorted(held, key=lambda one: one.bundle_id))
        if posted(self.collection, "uses", use.pseudonym, use.use_id):
            return False
        self._append(use)
        envelope = self.sign(use.payload(), USE_TYPE)
        post(self.collection, "uses", use.pseudonym, use.use_id, envelope)
        return True

    def _use(self, held: list[Held]) -> Use:
        purposes = {
            purpose
            for one in held
            for purpose in self.notices[one.manifest.notice_sha256].terms.purposes
        }
        bundles = tuple(one.bundle_id for one in held)
        purpose = "; ".join(sorted(purposes))[:_MOST_PURPOSE]
        told = "\n".join((self.dataset, self.role, purpose, held[0].pseudonym, *bundles))
        digest = hashlib.sha256(told.encode()).digest()
        begun_ns = int(self.begun.timestamp()) * 10**9
        return Use(
            use_id=ulid(begun_ns, digest[:10]),
            study=self.collection.study,
            pseudonym=held[0].pseudonym,
            dataset=self.dataset,
            purpose=purpose,
            recipient_role=self.role,
            bundles=bundles,
            delete_by=self._until(held).isoformat(timespec="seconds"),
            created=self.now.isoformat(timespec="seconds"),
        )

    def _until(self, held: list[Held]) -> datetime:
        """Give when the first of the bundles goes, and the rows made of it with it."""
        found = [ends(one, self.notices) for one in held]
        return min((end for end in found if end is not None), default=_NEVER)

    def _append(self, use: Use) -> None:
        """Keep it among the collection's uses, before it is sent."""
        line = use.model_dump_json(by_alias=True).encode() + b"\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self.collection.folder / USES_FILE, flags, 0o600)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        sync_folder(self.collection.folder)
