"""The key of a folder in a real Secret Service, from `init` to `forget --everything`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
import pytest

from recorder.cli.passphrases import unlock_folder
from recorder.consent.folder import folder_marks
from recorder.core.losses import Losses
from recorder.episodes.homes import episode_homes
from recorder.episodes.identity import desktop_keyring, owners
from recorder.episodes.reader import open_episode
from tests.contract.commands import Run
from tests.contract.secret_service import secret_service
from tests.unit.episodes.studio import Studio, add, moves, opening


@contextmanager
def _found(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with secret_service(root, os.environ) as environment:
        name = "DBUS_SESSION_BUS_ADDRESS"
        monkeypatch.setenv(name, environment[name])
        monkeypatch.setattr(keyring.core, "_keyring_backend", None)
        yield


@pytest.fixture
def keeper(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let commands find the keyring, while it runs."""
    with _found(root, monkeypatch):
        yield


@pytest.mark.usefixtures("keeper")
def test_a_key_in_the_keyring_opens_the_folder_and_goes_with_everything(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "Recorder"
    code, _, said = run("init", "--keyring", "--folder", str(folder))
    assert (code, said) == (0, "")
    assert not (folder / "keys" / "identity.age").exists()
    studio = Studio(folder)
    studio.recipients = owners(folder)
    writer = studio.begin()
    add(writer, context=opening(), events=moves(0, 5))
    home = writer.close(Losses())
    identity = unlock_folder(folder, None)
    assert open_episode(home, identity=identity).events.num_rows == 5
    code, found, _ = run("show", "last")
    assert (code, found["episode_id"]) == (0, home.name)

    name = folder_marks(folder).folder_id
    assert desktop_keyring().get(name) == identity
    code, found, _ = run("forget", "--everything", "--yes")
    assert (code, found["left"], episode_homes(folder)) == (0, [], [])
    assert desktop_keyring().get(name) is None


def test_a_keyring_that_is_gone_is_named_and_nothing_else_stays(
    root: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Recorder"
    with _found(root, monkeypatch):
        assert run("init", "--keyring", "--folder", str(folder))[0] == 0
    code, found, _ = run("forget", "--everything", "--yes")
    assert (code, folder.exists()) == (0, False)
    assert "the key in the keyring" in str(found["left"])
