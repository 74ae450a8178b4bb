from hypothesis import given
from hypothesis import strategies as st

from recorder.capture.labels import CUT, TITLE_LENGTH, app_id, clean_title, url_host


@given(st.binary(max_size=4000))
def test_any_bytes_become_a_short_printable_title(data: bytes) -> None:
    title = clean_title(data)
    assert len(title) <= TITLE_LENGTH
    assert all(c.isprintable() or c == " " for c in title if not ord(c) >= 0xE000)


def test_control_bidi_and_bad_utf8_leave_a_title() -> None:
    assert clean_title("a\x1b[31mb\u202ec\u200bd".encode() + b"\xff") == "a [31mb c d\ufffd"


def test_a_megabyte_long_title_is_cut() -> None:
    assert clean_title(b"x" * TITLE_LENGTH) == "x" * TITLE_LENGTH
    for title in (b"x" * (1 << 20), b"x" * (TITLE_LENGTH + 1)):
        assert clean_title(title) == "x" * (TITLE_LENGTH - 1) + CUT
    assert clean_title(b"x" + b" " * (1 << 20) + b"y") == "x" + CUT, "a gap hides no end"


@given(st.text(max_size=200))
def test_an_app_id_uses_few_characters(name: str) -> None:
    assert set(app_id(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")


def test_names_of_one_program_are_one_id() -> None:
    assert app_id("Chromium-browser") == app_id("chromium") == "chromium"
    assert app_id("firefox-esr") == "firefox"
    assert app_id("") == ""


def test_a_host_is_taken_from_web_addresses_only() -> None:
    assert url_host("https://Jira.Example.com:8443/a?b#c") == "jira.example.com"
    assert url_host("http://user:pw@host/") == "host"
    for url in ("file:///etc/passwd", "chrome://settings", "", "http://[bad", "about:blank"):
        assert url_host(url) == ""
