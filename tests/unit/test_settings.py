"""Settings: where they come from, which goes first, and what is refused."""

import os
import tomllib
from pathlib import Path

import pytest

from recorder.core.errors import ExitCode
from recorder.settings import Settings, SettingsUnusable, read_settings

SHIPPED = Path(__file__).parents[2] / "config/recorder.toml"


def test_the_shipped_file_holds_every_key_with_its_default() -> None:
    assert tomllib.loads(SHIPPED.read_text()) == Settings().model_dump()


def test_every_key_of_the_shipped_file_has_a_comment_above_it() -> None:
    lines = SHIPPED.read_text().splitlines()
    keys = [i for i, line in enumerate(lines) if "=" in line and not line.startswith("#")]
    assert len(keys) == len(Settings.model_fields)
    assert all(lines[i - 1].startswith("# ") for i in keys)


def test_a_missing_file_gives_the_defaults(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml", environment={}) == Settings()


def test_flag_goes_before_environment_before_file(tmp_path: Path) -> None:
    file = tmp_path / "recorder.toml"
    file.write_text("cap_minutes = 1\nstop_seconds = 1\nline_seconds = 1\n")
    found = read_settings(
        file,
        {"cap_minutes": 3, "source": None},
        {"RECORDER_CAP_MINUTES": "2", "RECORDER_STOP_SECONDS": "2"},
    )
    assert (found.cap_minutes, found.stop_seconds, found.line_seconds) == (3, 2, 1)


def test_an_unknown_key_names_the_nearest_one(tmp_path: Path) -> None:
    file = tmp_path / "recorder.toml"
    file.write_text("cap_minuts = 5\n")
    with pytest.raises(SettingsUnusable, match="cap_minutes") as caught:
        read_settings(file, environment={})
    assert caught.value.code is ExitCode.USAGE


def test_no_setting_turns_consent_or_redaction_off() -> None:
    assert not [key for key in Settings.model_fields if "consent" in key or "redact" in key]


@pytest.mark.parametrize(
    "text", ["cap_minutes = ", "cap_minutes = 0", "cap_minutes = 'long'", "source = 'evdev'"]
)
def test_damaged_files_and_values_are_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "recorder.toml"
    file.write_text(text)
    with pytest.raises(SettingsUnusable) as caught:
        read_settings(file, environment={})
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "recorder.toml"
    file.write_bytes(os.urandom(8) + b"\xff\xfe\x00")
    with pytest.raises(SettingsUnusable, match="damaged"):
        read_settings(file, environment={})


def test_a_folder_in_the_file_s_place_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingsUnusable, match="cannot be read"):
        read_settings(tmp_path, environment={})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cap_minutes = true", "must be a whole number from 1 to 1440"),
        ("cap_minutes = 3.5", "must be a whole number from 1 to 1440"),
        ("source = 'evdev'", 'must be "record" or "pynput"'),
        ("idle_minutes = -1", "must be a whole number from 0 to 1440"),
        ("work_hours = '25:00-3'", 'must be hours such as "09:00-17:30"'),
        ("work_hours = 9", 'must be hours such as "09:00-17:30"'),
        ("work_days = 'monday'", 'must be days such as "mon-fri"'),
        ("work_days = true", 'must be days such as "mon-fri"'),
        ("consent = false", "No setting turns consent on or off"),
        ("redaction_level = 'none'", "No setting turns redaction on or off"),
        ("[capture]\ncap_minutes = 3", "Fix: remove it from "),
        ("stop_second = 3", "Fix: write stop_seconds in "),
    ],
)
def test_what_is_wrong_is_told_in_plain_words_with_the_file(
    tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "recorder.toml"
    file.write_text(text)
    with pytest.raises(SettingsUnusable) as caught:
        read_settings(file, environment={})
    assert told in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_variable_is_named_as_the_place_to_change(tmp_path: Path) -> None:
    with pytest.raises(SettingsUnusable, match="variable RECORDER_CAP_MINUTES"):
        read_settings(tmp_path / "none", environment={"RECORDER_CAP_MINUTES": "zz"})


def test_a_variable_that_nearly_names_a_setting_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsUnusable, match="write cap_minutes"):
        read_settings(tmp_path / "none", environment={"RECORDER_CAP_MINUTS": "5"})


def test_a_pipe_in_the_file_s_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "recorder.toml")
    with pytest.raises(SettingsUnusable, match="no plain file"):
        read_settings(tmp_path / "recorder.toml", environment={})


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "recorder.toml").symlink_to(tmp_path / "gone")
    with pytest.raises(SettingsUnusable, match="links to nothing"):
        read_settings(tmp_path / "recorder.toml", environment={})


def test_a_file_in_the_folder_s_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "recorder").write_text("")
    with pytest.raises(SettingsUnusable, match="is no folder"):
        read_settings(tmp_path / "recorder" / "recorder.toml", environment={})
