"""A grant crosses to a capture process light; nobody outside the consent room mints one."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import recorder
from recorder.consent.handover import pack_grant, revive_grant
from recorder.core.levels import KeyboardLevel, Levels
from recorder.core.proofs import LiveGrant
from tests.unit.consent.conftest import Person

PACKAGE = Path(recorder.__file__).parent
HEAVY = (
    "cryptography", "pydantic", "yaml", "securesystemslib", "pyrage", "keyring", "ssl", "http",
    "urllib.request",
)  # fmt: skip
LOOK = (
    "import sys, recorder.consent.handover;"
    f"print(sorted(set({HEAVY!r}) & {{*sys.modules, *(m.split('.')[0] for m in sys.modules)}}))"
)


def test_a_grant_comes_out_as_it_went_in(person: Person) -> None:
    person.says_yes(Levels(keyboard=KeyboardLevel.TEXT))
    person.policy_file.write_text('forbidden_apps = ["slack"]\n')
    grant = person.gate().open()
    revived = revive_grant(pack_grant(grant))
    assert isinstance(revived, LiveGrant)
    assert revived.terms == grant.terms


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b'{"levels": {}}', b"\xff"])
def test_what_is_no_grant_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the class is the contract
        revive_grant(data)


def test_a_level_that_does_not_exist_is_refused(person: Person) -> None:
    person.says_yes()
    packed = pack_grant(person.gate().open()).replace(b'"class"', b'"raw"')
    with pytest.raises(ValueError, match="raw"):
        revive_grant(packed)


def test_the_capture_processes_load_nothing_heavy_for_it() -> None:
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_agent_loads_no_http_or_tls_for_the_gate() -> None:
    code = LOOK.replace("recorder.consent.handover", "recorder.consent.gate, recorder.consent.demo")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stdout))
    assert not loaded & {"ssl", "http", "urllib.request", "keyring"}


@pytest.mark.parametrize(("name", "room"), [("mint_grant", "consent"), ("_SEAL", "core")])
def test_only_its_own_room_makes_a_grant(name: str, room: str) -> None:
    users = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if name in path.read_text(encoding="utf-8")
    }
    assert users <= {room, "core"}


def test_no_variable_of_the_environment_reaches_the_consent_room() -> None:
    for path in (PACKAGE / "consent").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "environ" not in text.replace("environment", "")
        assert "getenv" not in text
