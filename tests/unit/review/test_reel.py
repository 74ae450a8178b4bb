"""An opened episode: moments, captions, pictures, outline, from rows as they are stored."""

import hashlib
from pathlib import Path

import pytest

from recorder.core.events import EventRow, KeyClass, Kind, Redaction
from recorder.core.losses import Losses
from recorder.episodes.reader import Episode
from recorder.review.captions import caption, plain, shown
from recorder.review.drawing import WIDTH, Placed, Span, lanes
from recorder.review.looking import Index
from recorder.review.moments import Moments, View
from recorder.review.outline import outline
from recorder.review.reel import PictureGone, Reel
from tests.unit.episodes.studio import SECOND, Studio, add, frame, opening
from tests.web.site import at, make_studio, picture, write_day

CAPTIONS = [
    "Task: Order two bicycles", "Window: Xterm: Work terminal", "Click on push button “Save”",
    "Picture kept", "Type write to [EMAIL_1]", "Press enter", "Drag", "Scroll down 5",
    "A password field had the focus: keys are not recorded", "The password field was left",
    "Recording paused: by you", "Recording went on", "Events were lost: too many at once",
    "Type goodbye",
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Studio, Path]:
    studio = make_studio(tmp_path_factory.mktemp("reel") / "Recorder")
    return studio, write_day(studio)


@pytest.fixture
def episode(home: tuple[Studio, Path]) -> Episode:
    return home[0].open(home[1])


def test_moments_are_what_a_person_did_and_saw(episode: Episode) -> None:
    moments = Moments(Reel(episode))
    found = [plain(caption(moments.reel, moments.at(n))) for n in range(len(moments))]
    assert [text for text in dict.fromkeys(found) if "Inbox" not in text] == CAPTIONS
    assert sorted(moments.t_ns) == list(moments.t_ns)


def test_every_picture_can_be_stepped_to(episode: Episode) -> None:
    moments = Moments(Reel(episode))
    rows = {moments.at(n).frame_row for n in range(len(moments))}
    assert rows == set(range(11))
    assert {moments.at(int(n)).frame_row for n in moments.view(View.PICTURES)} == rows


def test_an_action_is_shown_with_the_picture_before_it(episode: Episode) -> None:
    moments = Moments(Reel(episode))
    clicks = [moments.at(int(n)) for n in moments.view(View.ACTIONS)]
    assert clicks[0].frame_row == 0
    later = next(m for m in clicks if m.t_ns == 40 * SECOND)
    assert later.frame_row is not None
    assert moments.reel.frame_times[later.frame_row] <= 40 * SECOND


def test_what_was_taken_out_is_listed(episode: Episode) -> None:
    moments = Moments(Reel(episode))
    texts = [plain(caption(moments.reel, moments.at(int(n)))) for n in moments.view(View.REDACTED)]
    assert any("EMAIL_1" in text for text in texts)
    assert "Scroll down 5" not in texts


def test_keys_of_which_only_the_kind_is_stored_show_no_letter(tmp_path: Path) -> None:
    studio = make_studio(tmp_path / "Recorder")
    writer = studio.begin()
    hidden = [
        EventRow(at(1 + n / 10), Kind.KEY_DOWN, key_class=KeyClass.CHAR, redaction=Redaction.CLASS)
        for n in range(3)
    ]
    add(writer, context=opening(), events=hidden)
    moments = Moments(Reel(studio.open(writer.close(Losses()))))
    parts = caption(moments.reel, moments.at(0))
    assert plain(parts) == "Type [3 keys, not stored which]"
    assert shown(parts)[-1]["mark"] == "class"


def test_a_duplicate_shows_its_original(tmp_path: Path) -> None:
    studio = make_studio(tmp_path / "Recorder")
    writer = studio.begin()
    image = picture(1)
    add(writer, context=opening(), frames=[frame(1, 1, image), frame(2, 2, None)])
    reel = Reel(studio.open(writer.close(Losses())))
    assert reel.picture(2).image == image
    assert reel.picture(2).sha256 == hashlib.sha256(image).hexdigest()
    for unknown in (3, -1):
        with pytest.raises(PictureGone):
            reel.picture(unknown)


def test_closing_wipes_the_key(episode: Episode) -> None:
    reel = Reel(episode)
    reel.picture(0)
    reel.close()
    with pytest.raises(ValueError, match="wiped"):
        reel.picture(9 if str(reel._places[9]) != str(reel._places[0]) else 0)


def test_an_index_finds_each_sort_of_text(episode: Episode) -> None:
    index = Index(Moments(Reel(episode)))
    for question, where in (
        ("WRITE  to", "type"), ("email_1", "type"), ("save", "click"), ("bicycles", "task"), ("xterm", "app"),
        ("jira.example", "site"), ("work term", "title"), ("email", "screen"),
    ):  # fmt: skip
        assert where in {found.where for found in index.find(question)}, question
    assert index.find("  ") == []
    assert index.find("nowhere") == []


def test_an_outline_draws_apps_what_was_taken_out_and_what_is_missing(episode: Episode) -> None:
    found = outline(episode)
    assert [(s.what, s.start_ns // SECOND) for s in found.focus] == [("xterm", 1), ("chromium", 30)]
    assert {s.what for s in found.unseen} == {"secure", "pause", "gap"}
    assert int(found.activity.sum()) == episode.events.num_rows
    drawn = lanes([Placed(found, 0)], Span(0, found.end_ns))
    assert [lane.name for lane in drawn] == ["Chromium", "Xterm", "Taken out", "Not recorded"]
    for bar in (bar for lane in drawn for bar in lane.bars):
        assert 0 <= bar.x <= bar.x + bar.w <= WIDTH + 0.1
        assert bar.w > 0


def test_an_episode_without_anything_is_drawn(tmp_path: Path) -> None:
    studio = make_studio(tmp_path / "Recorder")
    writer = studio.begin()
    add(writer, context=opening())
    episode = studio.open(writer.close(Losses()))
    assert lanes([Placed(outline(episode), 0)], Span(0, 0))[-1].says == "nothing missing"
    moments = Moments(Reel(episode))
    assert len(moments) == 0
    assert all(len(moments.view(view)) == 0 for view in View)
