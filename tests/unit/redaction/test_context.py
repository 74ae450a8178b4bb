"""Titles by level, hosts, tasks; hostile titles."""

import time

import pytest

from recorder.capture.labels import clean_title
from recorder.core.context import ContextKind, ContextRow
from recorder.core.levels import TitlesLevel
from recorder.redaction.context import redact_context
from recorder.redaction.entities import EntityBook
from recorder.redaction.hits import Hit, Rule
from recorder.redaction.text import TextRedactor

REDACTOR = TextRedactor()
ROW = ContextRow(
    5, ContextKind.TITLE, app_id="mail", app_name="Mail",
    window_title="Inbox - kim@post.example.dk", url_host="Mail.Example.org", x=1,
)  # fmt: skip


def at(level: TitlesLevel, row: ContextRow = ROW) -> ContextRow:
    return redact_context(row, level, REDACTOR, EntityBook(b"k" * 32)).value


def test_each_level_shows_more() -> None:
    shown = {
        level: (r.app_id, r.window_title, r.title_redaction, r.url_host)
        for level in TitlesLevel
        for r in [at(level)]
    }
    assert shown == {
        TitlesLevel.OFF: (None, None, None, None),
        TitlesLevel.APP: ("mail", None, None, None),
        TitlesLevel.TITLE: ("mail", "Inbox - <EMAIL_1>", "masked", None),
        TitlesLevel.HOST: ("mail", "Inbox - <EMAIL_1>", "masked", "mail.example.org"),
    }


def test_control_and_bidi_characters_are_gone() -> None:
    row = ContextRow(1, ContextKind.TITLE, window_title="a\x1b[31mb\u202ec\ud800d\x00")
    assert at(TitlesLevel.TITLE, row).window_title == "a [31mb c d"


def test_a_title_of_a_megabyte_is_cut_quickly() -> None:
    began_s = time.process_time()
    row = ContextRow(1, ContextKind.TITLE, window_title="Word " * 200_000)
    title = at(TitlesLevel.TITLE, row).window_title
    assert title is not None
    assert len(title) == 512
    assert time.process_time() - began_s < 1.0


def test_a_value_at_the_cut_does_not_show_in_part() -> None:
    row = ContextRow(1, ContextKind.TITLE, window_title="x " * 250 + "kim.larsen@post.example.dk")
    assert "kim" not in (at(TitlesLevel.TITLE, row).window_title or "")


@pytest.mark.parametrize("host", ["a b", "x/y", "", "203.0.113.9", "é.example.org"])
def test_a_host_that_is_none_or_tells_too_much_is_left_out(host: str) -> None:
    assert at(TitlesLevel.HOST, ContextRow(1, ContextKind.TITLE, url_host=host)).url_host is None


@pytest.mark.parametrize("level", list(TitlesLevel))
def test_a_task_is_redacted_at_every_level(level: TitlesLevel) -> None:
    row = ContextRow(
        1, ContextKind.TASK, instruction="Mail kim@post.example.dk", outcome="success",
        window_title="raw",
    )  # fmt: skip
    out = at(level, row)
    assert (out.instruction, out.outcome, out.window_title) == ("Mail <EMAIL_1>", "success", None)


def test_a_title_whose_redaction_fails_is_left_out() -> None:
    def broken(_text: str) -> list[Hit]:
        raise KeyError

    text = TextRedactor([Rule("broken", broken)])
    out = redact_context(ROW, TitlesLevel.TITLE, text, EntityBook(b"k" * 32)).value
    assert (out.window_title, out.title_redaction) == (None, "dropped")


def test_of_a_stream_row_only_words_of_ours_are_kept() -> None:
    row = ContextRow(1, ContextKind.STREAM, app_id="mail", outcome="multiplexer kim@a.example")
    assert at(TitlesLevel.HOST, row) == ContextRow(1, ContextKind.STREAM, outcome="multiplexer")


def test_a_value_at_the_end_of_what_is_kept_is_not_cut_in_two() -> None:
    raw = "x " * 250 + "4111 1111 1111 1111 and so on"
    row = ContextRow(1, ContextKind.TITLE, window_title=clean_title(raw.encode()))
    assert "4111" not in str(at(TitlesLevel.TITLE, row).window_title)
