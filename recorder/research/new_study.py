"""Makes a study's folder: keys under a passphrase, a first draft of the notice."""

import os
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from recorder.consent.keys import ControllerKey, public_file
from recorder.consent.notice import parse_notice
from recorder.consent.notice_signature import check_study_id
from recorder.consent.passphrase import Passphrase, seal
from recorder.files import private_folder, write_whole
from recorder.research.notice_text import StudyWish, draft_notice, participants_readme
from recorder.research.studies import (
    NOTICE_FILE,
    README_FILE,
    STUDY_FILE,
    Study,
    StudyFile,
    StudyUnusable,
)


def create_study(folder: Path, wish: StudyWish, passphrase: Passphrase, created: str) -> Study:
    """Make a study's folder with keys and a first draft of its notice, not yet signed.

    Args:
        folder: Must be free, or empty.
        wish: What the researcher told.
        passphrase: Opens the keys; nobody can reset it.
        created: UTC, ISO 8601.

    Raises:
        NoticeInvalid: The study's id cannot be one.
        StudyUnusable: Something is there already.
        OSError: It cannot be written.
    """
    check_free(folder)
    check_study_id(wish.id)
    identity = pyrage.x25519.Identity.generate()
    sealing = str(identity.to_public())
    sign = ControllerKey(Ed25519PrivateKey.generate())
    draft = draft_notice(wish, sign.public.public, sealing)
    parse_notice(draft)
    sealed = seal(str(identity).encode(), passphrase)
    keys = private_folder(folder / "keys")
    write_whole(keys / "decryption.key.age", sealed)
    write_whole(keys / "signing.key.age", pyrage.encrypt(sign.pem(), [identity.to_public()]))
    write_whole(keys / "decryption.pub", sealing.encode() + b"\n")
    write_whole(keys / "signing.pub", public_file(sign.public))
    write_whole(folder / NOTICE_FILE, draft)
    write_whole(folder / README_FILE, participants_readme(wish.id, wish.contact, wish.drop))
    marks = StudyFile(id=wish.id, created=created)
    write_whole(folder / STUDY_FILE, marks.model_dump_json(by_alias=True).encode() + b"\n")
    return Study(folder, wish.id, created, sign.public, sealing)


def check_free(folder: Path) -> None:
    """Check that a study's folder may be made here.

    Raises:
        StudyUnusable: Something is there already.
    """
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyUnusable(f"{folder} is there and not empty", "name another --folder")
