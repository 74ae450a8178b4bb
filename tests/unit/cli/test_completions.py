"""What a shell completes: lengths, apps, browsers, options of the fast commands."""

import inspect
from pathlib import Path

import pytest

from recorder.cli import completions, fast
from recorder.cli.scope_file import write_scope
from recorder.places import places


def test_a_number_that_is_begun_gets_its_units() -> None:
    assert completions.lengths("45") == ["45s", "45m", "45h"]
    assert completions.lengths("") == ["10m", "30m", "1h", "2h"]
    assert completions.lengths("x") == []


@pytest.mark.usefixtures("own_home")
def test_apps_are_completed_from_the_list_with_and_without_their_sites() -> None:
    write_scope(places(), ("chromium:a.example", "chromium:b.example", "xterm"))
    assert completions.allowed_entries("ch") == ["chromium:a.example", "chromium:b.example"]
    assert completions.allowed_apps("") == ["chromium", "xterm"]


def test_what_cannot_be_known_completes_nothing(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    list_file = places().config / "apps.toml"
    list_file.parent.mkdir(parents=True, exist_ok=True)
    list_file.write_text("damaged")
    assert own_home.exists()
    assert completions.open_apps("") == completions.allowed_entries("") == []


def test_browsers_are_those_that_can_be_opened() -> None:
    assert completions.browsers("fire") == ["firefox"]


@pytest.mark.parametrize("name", fast.OPTIONS)
def test_a_fast_command_offers_all_its_options(name: str) -> None:
    offered = inspect.signature(completions.shape(name)).parameters.values()
    flags = [one.default.param_decls[0] for one in offered]
    assert flags == [one.flag for one in fast.OPTIONS[name]]
