"""Search and typed segments: what stands in an episode is found, where and when it stands."""

from dataclasses import replace

import pytest

from recorder.core.context import ContextKind, ContextRow
from recorder.core.events import EventRow, KeyClass, Kind, Mods, Redaction
from recorder.core.losses import Losses
from recorder.episodes.reader import Episode
from recorder.episodes.searching import Found, Query, search, snippet
from recorder.episodes.typed_lines import typed_lines
from tests.unit.episodes.studio import SECOND, T0, Studio, add, focus, frame, moves, opening

_NAMED = {" ": KeyClass.SPACE, "\n": KeyClass.ENTER, "\b": KeyClass.BACKSPACE}


def typed(at_s: float, text: str) -> list[EventRow]:
    """Give presses and releases; blank, line end and backspace by name."""
    rows = []
    for place, letter in enumerate(text):
        t_ns = T0 + int((at_s + place * 0.1) * SECOND)
        sort = _NAMED.get(letter, KeyClass.CHAR)
        key = letter if sort is KeyClass.CHAR else sort.value
        rows.append(EventRow(t_ns, Kind.KEY_DOWN, key=key, key_class=sort, mods=0))
        rows.append(EventRow(t_ns + 1, Kind.KEY_UP, key=key, key_class=sort, mods=0))
    return rows


@pytest.fixture
def episode(studio: Studio) -> Episode:
    writer = studio.begin()
    mail = replace(focus(10, "mail"), window_title="Offer from Åsa", url_host="mail.example")
    task = ContextRow(T0 + 12 * SECOND, ContextKind.TASK, instruction="answer the offer")
    add(writer, context=[*opening(), focus(0), mail, task])
    add(writer, events=[*typed(1, "the gray\b\b\breat offer\nnext"), *moves(3.4, 3)])
    masked = EventRow(
        T0 + 20 * SECOND, Kind.KEY_DOWN, key_class=KeyClass.CHAR, redaction=Redaction.MASKED,
        entity="EMAIL_2",
    )  # fmt: skip
    click = EventRow(T0 + 21 * SECOND, Kind.BUTTON_DOWN, button="left", target_name="Send offer")
    add(writer, events=[*typed(18, "to "), masked, click, *typed(40, "bye")])
    add(writer, frames=[frame(1, 22)])
    return studio.open(writer.close(Losses()))


def found(episode: Episode, text: str, **wanted: object) -> list[tuple[str, float, str]]:
    query = Query(text, **wanted)  # type: ignore[arg-type]  # as the tests name them
    return [(m.kind, m.t_ns // SECOND, m.text) for m in search(episode, query)]


def test_typed_text_is_joined_until_enter_click_or_a_pause(episode: Episode) -> None:
    assert [line.text for line in typed_lines(episode)] == [
        "the great offer", "next", "to <EMAIL_2>", "bye",
    ]  # fmt: skip


def test_the_numbers_of_a_segment_are_those_of_its_rows(episode: Episode) -> None:
    rows = {row["seq"]: row for row in episode.events.to_pylist()}
    line = next(line for line in typed_lines(episode) if line.marks)
    inside = [rows[seq] for seq in range(line.first_seq, line.last_seq + 1)]
    assert line.marks == ("EMAIL_2",)
    assert {row["kind"] for row in inside} == {"key_down", "key_up"}
    assert line.keys == len(inside) == 7


def test_class_rows_and_shortcuts_show_no_character(studio: Studio) -> None:
    writer = studio.begin()
    (row, *_) = typed(1, "s")
    hidden = replace(row, key=None, redaction=Redaction.CLASS)
    command = replace(row, mods=int(Mods.CTRL))
    accent = replace(row, key="€", mods=int(Mods.CTRL | Mods.ALT | Mods.ALTGR))
    add(writer, events=[hidden, command, accent])
    (line,) = typed_lines(studio.open(writer.close(Losses())))
    assert line.text == "·€"


def test_everything_that_says_it_is_found(episode: Episode) -> None:
    assert found(episode, "OFFER") == [
        ("title", 10, "Offer from Åsa"),
        ("task", 12, "answer the offer"),
        ("text", 1, "the great offer"),
        ("target", 21, "Send offer"),
    ]
    assert found(episode, "åsa") == [("title", 10, "Offer from Åsa")]
    assert found(episode, "mail.ex") == [("site", 10, "mail.example")]
    assert found(episode, "nothing") == []


@pytest.mark.parametrize("text", ["email", "EMAIL"])
def test_marks_are_found_by_their_kind_on_keys_and_frames(episode: Episode, text: str) -> None:
    assert found(episode, text, kinds=frozenset({"entity"})) == [
        ("entity", 20, "EMAIL_2"),
        ("entity", 22, "EMAIL_1"),
    ]
    assert found(episode, f"{text}_1") == [("entity", 22, "EMAIL_1")]


def test_an_app_and_kinds_narrow_it(episode: Episode) -> None:
    assert [kind for kind, _, _ in found(episode, "offer", app="MAIL")] == [
        "title", "task", "target",
    ]  # fmt: skip
    kinds: frozenset[Found] = frozenset({"text"})
    assert found(episode, "offer", kinds=kinds) == [("text", 1, "the great offer")]


def test_whoever_asks_may_stop_early(episode: Episode) -> None:
    episode.path.joinpath("events-none").mkdir()
    matches = search(episode, Query("offer"))
    assert next(matches).kind == "title"
    for path in episode.path.glob("events-*.parquet"):
        path.unlink()
    assert [match.kind for match in matches] == ["task"]


def test_a_snippet_is_cut_around_its_place() -> None:
    assert snippet("a" * 99 + "word" + "b" * 99, "word") == f"…{'a' * 40}word{'b' * 40}…"
    assert snippet("word", "word") == "word"
