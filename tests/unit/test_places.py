"""Places follow the XDG variables and keep the socket's path short enough."""

from recorder.places import places


def test_places_follow_the_environment() -> None:
    found = places({"HOME": "/home/a", "XDG_RUNTIME_DIR": "/run/user/1"})
    assert str(found.settings_file) == "/home/a/.config/recorder/recorder.toml"
    assert str(found.socket) == "/run/user/1/recorder/agent.sock"
    assert str(found.lock) == "/home/a/.local/state/recorder/agent.lock"


def test_without_a_runtime_directory_the_socket_is_in_the_state() -> None:
    assert str(places({"HOME": "/h"}).socket) == "/h/.local/state/recorder/agent.sock"


def test_a_long_path_gets_a_short_socket() -> None:
    found = places({"HOME": "/" + "long/" * 40})
    assert len(str(found.socket)) < 100
    assert found.socket != places({"HOME": "/" + "long/" * 41}).socket
