"""A grant crosses to a capture process light; nobody outside the consent room mints one."""

from pathlib import Path

import pytest

import recorder
from recorder.consent.handover import pack_grant, revive_grant
from recorder.core.levels import KeyboardLevel, Levels
from recorder.core.proofs import LiveGrant
from tests.unit.consent.conftest import Person

PACKAGE = Path(recorder.__file__).parent


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
