"""Only redaction vouches for rows, only consent mints grants."""

import re
from pathlib import Path

import recorder

PACKAGE = Path(recorder.__file__).parent


def _rooms_that_call(name: str) -> set[str]:
    call = re.compile(rf"(?<!def )\b{name}\(|import [^\n]*\b{name}\b")
    users = (p.relative_to(PACKAGE) for p in PACKAGE.rglob("*.py") if call.search(p.read_text()))
    return {path.parts[0] for path in users if path != Path("core/proofs.py")}


def test_only_redaction_vouches() -> None:
    assert _rooms_that_call("vouch") == {"redaction"}


def test_only_consent_mints_grants() -> None:
    assert _rooms_that_call("mint_grant") <= {"consent"}
